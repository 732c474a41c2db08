/// A whole number of any size, for the oracle: schoolbook arithmetic on 32-bit digits.
struct Whole: Hashable {
  private(set) var isNegative: Bool
  /// The least first, without zeros at the end; none for zero.
  private(set) var digits: [UInt32]

  init(_ value: Int) {
    isNegative = value < 0
    let magnitude = UInt64(value.magnitude)
    digits = Self.trimmed([UInt32(truncatingIfNeeded: magnitude), UInt32(magnitude >> 32)])
  }

  private init(_ isNegative: Bool, _ digits: [UInt32]) {
    self.digits = Self.trimmed(digits)
    self.isNegative = isNegative && !self.digits.isEmpty
  }

  private static func trimmed(_ digits: [UInt32]) -> [UInt32] {
    var digits = digits
    while digits.last == 0 { digits.removeLast() }
    return digits
  }

  var isZero: Bool { digits.isEmpty }
  var isOdd: Bool { (digits.first ?? 0) & 1 == 1 }
  var magnitude: Whole { Whole(false, digits) }

  static func power(ofTen exponent: Int) -> Whole {
    (0..<exponent).reduce(Whole(1)) { power, _ in power * Whole(10) }
  }

  static prefix func - (value: Whole) -> Whole { Whole(!value.isNegative, value.digits) }

  static func + (left: Whole, right: Whole) -> Whole {
    if left.isNegative == right.isNegative {
      return Whole(left.isNegative, sum(left.digits, right.digits))
    }
    if isBelow(left.digits, right.digits) {
      return Whole(right.isNegative, difference(right.digits, left.digits))
    }
    return Whole(left.isNegative, difference(left.digits, right.digits))
  }

  static func - (left: Whole, right: Whole) -> Whole { left + -right }

  static func * (left: Whole, right: Whole) -> Whole {
    var result = [UInt32](repeating: 0, count: left.digits.count + right.digits.count)
    for (place, digit) in left.digits.enumerated() {
      var carry: UInt64 = 0
      for (other, factor) in right.digits.enumerated() {
        let value = UInt64(digit) * UInt64(factor) + UInt64(result[place + other]) + carry
        result[place + other] = UInt32(truncatingIfNeeded: value)
        carry = value >> 32
      }
      result[place + right.digits.count] = UInt32(carry)
    }
    return Whole(left.isNegative != right.isNegative, result)
  }

  static func < (left: Whole, right: Whole) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    return left.isNegative
      ? isBelow(right.digits, left.digits) : isBelow(left.digits, right.digits)
  }

  /// Quotient towards negative infinity, and the rest, which is never below zero.
  ///
  /// - Precondition: `divisor` is above zero.
  func divided(by divisor: Whole) -> (quotient: Whole, rest: Whole) {
    precondition(!divisor.isNegative && !divisor.isZero)
    var quotient = [UInt32](repeating: 0, count: digits.count)
    var rest = Whole(0)
    for place in digits.indices.reversed() {
      rest = Whole(false, [digits[place]] + rest.digits)
      let digit = Self.digit(of: rest, by: divisor)
      quotient[place] = digit
      rest = rest - Whole(false, [digit]) * divisor
    }
    let result = Whole(false, quotient)
    guard isNegative else { return (result, rest) }
    return rest.isZero ? (-result, rest) : (-(result + Whole(1)), divisor - rest)
  }

  /// The largest digit whose product with the divisor is not above the rest: found by halving.
  private static func digit(of rest: Whole, by divisor: Whole) -> UInt32 {
    if rest < divisor { return 0 }
    if rest.digits.count <= 2, divisor.digits.count <= 2 {
      return UInt32(rest.small / divisor.small)
    }
    var (low, high) = (UInt64(0), UInt64(UInt32.max))
    while low < high {
      let middle = (low + high + 1) / 2
      if rest < Whole(false, [UInt32(middle)]) * divisor { high = middle - 1 } else { low = middle }
    }
    return UInt32(low)
  }

  private var small: UInt64 {
    digits.reversed().reduce(0) { $0 << 32 | UInt64($1) }
  }

  private static func isBelow(_ left: [UInt32], _ right: [UInt32]) -> Bool {
    if left.count != right.count { return left.count < right.count }
    for place in left.indices.reversed() where left[place] != right[place] {
      return left[place] < right[place]
    }
    return false
  }

  private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var carry: UInt64 = 0
    for place in 0..<max(left.count, right.count) {
      let first = place < left.count ? UInt64(left[place]) : 0
      let second = place < right.count ? UInt64(right[place]) : 0
      carry += first + second
      result.append(UInt32(truncatingIfNeeded: carry))
      carry >>= 32
    }
    return result + [UInt32(carry)]
  }

  private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
    var result: [UInt32] = []
    var borrow: Int64 = 0
    for place in left.indices {
      var value = Int64(left[place]) - borrow - (place < right.count ? Int64(right[place]) : 0)
      borrow = value < 0 ? 1 : 0
      if value < 0 { value += 1 << 32 }
      result.append(UInt32(value))
    }
    return result
  }
}
