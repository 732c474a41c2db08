/// A decimal number that is exactly what was written: `0.1 + 0.2` is `0.3`.
///
/// Thresholds, targets and prices are decimals in the documents people read; a binary floating
/// point number would print `0.014400000000000013` where the specification says `14.4 × 0.001`.
public struct ExactDecimal: Hashable, Sendable {
  /// The digits, as a whole number.
  public let mantissa: Int64
  /// How many of the digits stand behind the point; never negative, and as small as it can be.
  public let scale: Int

  /// `mantissa × 10^-scale`.
  public init(_ mantissa: Int64, scale: Int = 0) {
    var (mantissa, scale) = (mantissa, scale)
    while scale < 0 {
      mantissa *= 10
      scale += 1
    }
    while scale > 0, mantissa % 10 == 0 {
      mantissa /= 10
      scale -= 1
    }
    self.mantissa = mantissa
    self.scale = scale
  }

  /// The decimal with the fewest digits that reads back as this floating point number, which for
  /// a literal is the literal itself.
  ///
  /// - Precondition: `value` is finite and has at most 18 digits.
  public init(_ value: Double) {
    precondition(value.isFinite, "a decimal is a finite number")
    guard let exact = ExactDecimal(text: value.description) else {
      preconditionFailure("\(value) has more digits than a decimal can hold")
    }
    self = exact
  }

  /// Reads `-12.50` or `1.5e-7`; `nil` for anything else, and for more than 18 digits.
  public init?(text: String) {
    var digits: Int64 = 0
    var count = 0
    var scale = 0
    var sawPoint = false
    var rest = Substring(text)
    let negative = rest.first == "-"
    if negative { rest = rest.dropFirst() }
    while let character = rest.first, character != "e", character != "E" {
      rest = rest.dropFirst()
      if character == ".", !sawPoint {
        sawPoint = true
        continue
      }
      guard let digit = character.wholeNumberValue, character.isASCII else { return nil }
      count += digits == 0 && digit == 0 ? 0 : 1
      guard count <= 18 else { return nil }
      digits = digits * 10 + Int64(digit)
      scale += sawPoint ? 1 : 0
    }
    if !rest.isEmpty {
      guard let exponent = Int(rest.dropFirst()), abs(exponent) <= 18 else { return nil }
      scale -= exponent
    }
    guard !text.isEmpty, scale >= -18, scale <= 36 else { return nil }
    self.init(negative ? -digits : digits, scale: scale)
  }
}

extension ExactDecimal: ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
  public init(integerLiteral value: Int64) { self.init(value) }
  public init(floatLiteral value: Double) { self.init(value) }
}

extension ExactDecimal: CustomStringConvertible {
  /// Plain decimal text: no exponent, no trailing zeros.
  public var description: String {
    let digits = String(mantissa.magnitude)
    let sign = mantissa < 0 ? "-" : ""
    guard scale > 0 else { return sign + digits }
    let padded = String(repeating: "0", count: max(0, scale + 1 - digits.count)) + digits
    return sign + padded.dropLast(scale) + "." + padded.suffix(scale)
  }

  /// The nearest binary floating point number, for arithmetic that need not be exact.
  public var approximate: Double { Double(description) ?? .nan }
}

extension ExactDecimal: Comparable {
  public static func < (left: Self, right: Self) -> Bool {
    let (first, second, _) = aligned(left, right)
    return first < second
  }

  public static func + (left: Self, right: Self) -> Self {
    let (first, second, scale) = aligned(left, right)
    return Self(first + second, scale: scale)
  }

  public static func - (left: Self, right: Self) -> Self {
    let (first, second, scale) = aligned(left, right)
    return Self(first - second, scale: scale)
  }

  public static func * (left: Self, right: Self) -> Self {
    Self(left.mantissa * right.mantissa, scale: left.scale + right.scale)
  }

  /// Moves the point: `shifted(by: -2)` is a hundredth.
  public func shifted(by places: Int) -> Self { Self(mantissa, scale: scale - places) }

  private static func aligned(_ left: Self, _ right: Self) -> (Int64, Int64, Int) {
    let scale = max(left.scale, right.scale)
    return (left.raised(to: scale), right.raised(to: scale), scale)
  }

  private func raised(to target: Int) -> Int64 {
    var result = mantissa
    for _ in scale..<max(scale, target) { result *= 10 }
    return result
  }
}
