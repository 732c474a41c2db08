/// What a number counts; numbers of two kinds cannot be added by mistake.
package protocol FixedKind {
  /// In messages: `price`.
  static var noun: String { get }
}

/// An exact decimal number with eight digits behind the point.
///
/// The digits are one 64-bit whole number of hundred-millionths, from -92,233,720,368.54775807 to
/// as much above zero; the range is symmetric, so a number always has its opposite. Every
/// operation that might leave the range throws. Eight digits hold every product that a book of
/// ours needs: a tick has at most five digits and a lot step two. (S04-TRD-09, goal R-12)
package struct Fixed<Kind: FixedKind>: Hashable, Sendable {
  /// Hundred-millionths.
  package let units: Int64

  package static var one: Int64 { 100_000_000 }
  package static var places: Int { 8 }

  /// - Throws: for `Int64.min`, which has no opposite.
  package init(units: Int64) throws(ArithmeticFault) {
    guard units != .min else { throw .overflow }
    self.units = units
  }

  init(unchecked units: Int64) { self.units = units }

  /// `Price(110_005, .five)` is 1.10005. It cannot fail: the largest mantissa fits.
  package init(_ mantissa: Int32, _ places: Places = .none) {
    units = Int64(mantissa) * places.scale
  }

  /// - Throws: when the number of hundred-millionths is too large.
  init(wide units: Int128) throws(ArithmeticFault) {
    guard let narrow = Int64(exactly: units), narrow != .min else { throw .overflow }
    self.units = narrow
  }

  package static var zero: Self { Self(unchecked: 0) }
  package static var largest: Self { Self(unchecked: .max) }
  package static var smallestStep: Self { Self(unchecked: 1) }
}

/// How many digits stand behind the point of a mantissa.
package enum Places: Int, Hashable, Sendable, CaseIterable {
  case none, one, two, three, four, five, six, seven, eight

  /// Hundred-millionths in one unit of the last digit.
  var scale: Int64 {
    switch self {
    case .none: 100_000_000
    case .one: 10_000_000
    case .two: 1_000_000
    case .three: 100_000
    case .four: 10_000
    case .five: 1_000
    case .six: 100
    case .seven: 10
    case .eight: 1
    }
  }
}

extension Fixed: ExpressibleByIntegerLiteral {
  /// The compiler refuses a literal that is too large.
  package init(integerLiteral value: Int32) { self.init(value) }
}

extension Fixed: Comparable {
  package static func < (left: Self, right: Self) -> Bool { left.units < right.units }
}

extension Fixed {
  package var isZero: Bool { units == 0 }
  package var isNegative: Bool { units < 0 }
  package var isPositive: Bool { units > 0 }

  /// -1, 0 or 1.
  package var sign: Int { Int(units.signum()) }
  package var magnitude: Self { units < 0 ? Self(unchecked: -units) : self }

  package static prefix func - (value: Self) -> Self { Self(unchecked: -value.units) }

  package func adding(_ other: Self) throws(ArithmeticFault) -> Self {
    let (sum, overflow) = units.addingReportingOverflow(other.units)
    guard !overflow, sum != .min else { throw .overflow }
    return Self(unchecked: sum)
  }

  package func subtracting(_ other: Self) throws(ArithmeticFault) -> Self {
    try adding(-other)
  }

  package func times(_ count: Int) throws(ArithmeticFault) -> Self {
    let (product, overflow) = units.multipliedReportingOverflow(by: Int64(count))
    guard !overflow, product != .min else { throw .overflow }
    return Self(unchecked: product)
  }

  /// This × `factor`, in this number's kind.
  package func times<Other>(
    _ factor: Fixed<Other>, _ rounding: Rounding
  ) throws(ArithmeticFault) -> Self {
    try Self(
      wide: divide(Int128(units) * Int128(factor.units), by: Int128(Self.one), rounding))
  }

  /// This ÷ `divisor`, in this number's kind.
  package func divided<Other>(
    by divisor: Fixed<Other>, _ rounding: Rounding
  ) throws(ArithmeticFault) -> Self {
    try Self(
      wide: divide(Int128(units) * Int128(Self.one), by: Int128(divisor.units), rounding))
  }

  /// This × `part` ÷ `whole`, rounded once.
  package func share<Other>(
    _ part: Fixed<Other>, of whole: Fixed<Other>, _ rounding: Rounding
  ) throws(ArithmeticFault) -> Self {
    try Self(
      wide: divide(Int128(units) * Int128(part.units), by: Int128(whole.units), rounding))
  }

  /// The nearest multiple of `step`, as `rounding` says.
  package func rounded(to step: Self, _ rounding: Rounding) throws(ArithmeticFault) -> Self {
    let steps = try divide(Int128(units), by: Int128(step.units), rounding)
    return try Self(wide: steps * Int128(step.units))
  }

  package func isMultiple(of step: Self) -> Bool {
    step.units != 0 && units % step.units == 0
  }
}

extension Sequence {
  /// The exact sum of what `part` takes of each.
  package func sum<Kind>(
    _ part: (Element) throws(ArithmeticFault) -> Fixed<Kind>
  ) throws(ArithmeticFault) -> Fixed<Kind> {
    var total = Fixed<Kind>.zero
    for element in self { total = try total.adding(part(element)) }
    return total
  }
}
