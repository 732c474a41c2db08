/// What becomes of digits that a number has no room for. There is no default: who divides says
/// how. (S04-TRD-09)
package enum Rounding: String, Hashable, Sendable, CaseIterable {
  /// Towards negative infinity.
  case down
  /// Towards positive infinity.
  case up
  case towardsZero = "towards_zero"
  case awayFromZero = "away_from_zero"
  /// To the nearest, halves to the even neighbour: sums of many roundings do not drift.
  case halfEven = "half_even"
  case halfAwayFromZero = "half_away_from_zero"
  /// Not at all: a remainder is an error.
  case refused
}

/// Why a calculation has no answer. It is a value: nothing wraps and nothing traps.
package enum ArithmeticFault: Error, Hashable, Sendable {
  /// The answer is larger than a number can be.
  case overflow
  /// The answer has more digits than are kept, and rounding was refused.
  case inexact
  case divisionByZero
}

extension ArithmeticFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .overflow: "the result is beyond 92233720368.54775807"
    case .inexact: "the result has more than 8 digits behind the point"
    case .divisionByZero: "nothing can be divided by zero"
    }
  }
}

/// Divides whole numbers as `rounding` says.
///
/// Two quotients of 64 bits are computed as such, since a division of 128 bits costs ten times
/// as much.
package func divide(
  _ dividend: Int128, by divisor: Int128, _ rounding: Rounding
) throws(ArithmeticFault) -> Int128 {
  guard divisor != 0 else { throw .divisionByZero }
  if let small = Int64(exactly: dividend), let by = Int64(exactly: divisor), small != .min {
    let (quotient, rest) = small.quotientAndRemainder(dividingBy: by)
    if rest == 0 { return Int128(quotient) }
    let step = try correction(
      negative: (rest < 0) != (by < 0), odd: quotient & 1 == 1, rounding,
      half: (rest.magnitude << 1).compared(to: by.magnitude))
    return Int128(quotient) + Int128(step)
  }
  guard dividend != .min else { throw .overflow }
  let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
  if rest == 0 { return quotient }
  let step = try correction(
    negative: (rest < 0) != (divisor < 0), odd: quotient & 1 == 1, rounding,
    half: (rest.magnitude << 1).compared(to: divisor.magnitude))
  return quotient + Int128(step)
}

/// What to add to a quotient cut off at zero: -1, 0 or 1.
private func correction(
  negative: Bool, odd: Bool, _ rounding: Rounding, half: Int
) throws(ArithmeticFault) -> Int {
  let away = negative ? -1 : 1
  switch rounding {
  case .down: return negative ? -1 : 0
  case .up: return negative ? 0 : 1
  case .towardsZero: return 0
  case .awayFromZero: return away
  case .halfEven: return half > 0 || half == 0 && odd ? away : 0
  case .halfAwayFromZero: return half >= 0 ? away : 0
  case .refused: throw .inexact
  }
}

extension FixedWidthInteger {
  /// -1, 0 or 1.
  fileprivate func compared(to other: Self) -> Int { self < other ? -1 : self == other ? 0 : 1 }
}
