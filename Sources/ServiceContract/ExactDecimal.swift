/// A decimal number that is exactly what was written: `0.1 + 0.2` is `0.3`.
///
/// Thresholds, targets and prices are decimals in the documents people read; a binary floating
/// point number would print `0.014400000000000013` where the specification says `14.4 × 0.001`.
///
/// No arithmetic of it traps. A result with more than 18 digits loses those that stand last behind
/// the point; one that is too large still is the largest there is, which every check of a range
/// refuses with the place where it was written.
public struct ExactDecimal: Hashable, Sendable {
  /// The digits, as a whole number.
  public let mantissa: Int64
  /// How many of the digits stand behind the point; never negative, and as small as it can be.
  public let scale: Int

  /// `mantissa × 10^-scale`.
  public init(_ mantissa: Int64, scale: Int = 0) {
    self.init(wide: Int128(mantissa), scale: scale)
  }

  /// The nearest that can be held.
  private init(wide: Int128, scale: Int) {
    // More zeros than this make nothing of any number, or the largest of it.
    var (mantissa, scale) = (wide, min(max(scale, -40), 80))
    while scale < 0 {
      mantissa = mantissa.timesTen ?? (mantissa < 0 ? .min : .max)
      scale += 1
    }
    let range = Int128(Int64.min)...Int128(Int64.max)
    while scale > 0, mantissa % 10 == 0 || !range.contains(mantissa) || scale > Self.scaleMax {
      mantissa /= 10
      scale -= 1
    }
    self.mantissa = Int64(clamping: mantissa)
    self.scale = scale
  }

  /// Of digits behind the point.
  private static let scaleMax = 36

  /// The decimal with the fewest digits that reads back as this floating point number, which for
  /// a literal is the literal itself. What is too large for any decimal is the largest, and what is
  /// no number is 0.
  public init(_ value: Double) {
    let largest = Double(Int64.max)
    if let exact = ExactDecimal(text: value.description) {
      self = exact
    } else if abs(value) >= largest {
      self.init(value < 0 ? .min : .max)
    } else {
      self.init(0)
    }
  }

  /// Reads `-12.50` or `1.5e-7`; `nil` for anything else, for more than 18 digits, and for what is
  /// too large.
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
    var whole = Int128(digits)
    for _ in 0..<max(0, -scale) { whole *= 10 }
    guard whole <= Int128(Int64.max) else { return nil }
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
    let scale = max(left.scale, right.scale)
    guard let first = left.raised(to: scale) else { return left.mantissa < 0 }
    guard let second = right.raised(to: scale) else { return right.mantissa > 0 }
    return first < second
  }

  public static func + (left: Self, right: Self) -> Self {
    let (first, second, scale) = aligned(left, right)
    return Self(wide: first + second, scale: scale)
  }

  public static func - (left: Self, right: Self) -> Self {
    let (first, second, scale) = aligned(left, right)
    return Self(wide: first - second, scale: scale)
  }

  public static func * (left: Self, right: Self) -> Self {
    Self(
      wide: Int128(left.mantissa) * Int128(right.mantissa), scale: left.scale + right.scale)
  }

  /// Moves the point: `shifted(by: -2)` is a hundredth.
  public func shifted(by places: Int) -> Self {
    Self(mantissa, scale: scale - min(max(places, -100), 100))
  }

  /// Both with as many digits behind the point, as many as a sum can hold.
  private static func aligned(_ left: Self, _ right: Self) -> (Int128, Int128, Int) {
    var scale = max(left.scale, right.scale)
    while true {
      if let first = left.raised(to: scale), let second = right.raised(to: scale) {
        return (first, second, scale)
      }
      scale -= 1
    }
  }

  /// The digits with so many of them behind the point; `nil` if there are too many to add another.
  private func raised(to target: Int) -> Int128? {
    var result = Int128(mantissa)
    for _ in min(scale, target)..<scale { result /= 10 }
    for _ in scale..<max(scale, target) {
      guard let next = result.timesTen, next.magnitude < Int128.max.magnitude / 2 else {
        return nil
      }
      result = next
    }
    return result
  }
}

extension Int128 {
  fileprivate var timesTen: Int128? {
    let (product, overflows) = multipliedReportingOverflow(by: 10)
    return overflows ? nil : product
  }
}
