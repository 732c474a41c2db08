/// A quantity that a query can have and a threshold can be written in.
///
/// A query in one unit compares only with a threshold in the same unit; anything else does not
/// compile.
public protocol Unit: Sendable, Hashable {
  /// The value in the base unit that a metric of this kind is exported in.
  var number: ExactDecimal { get }
  /// What a dashboard calls the unit (Grafana's unit id).
  static var display: String { get }
}

/// A part of a whole, from 0 to 1.
public struct Ratio: Unit {
  public let number: ExactDecimal
  public init(_ number: ExactDecimal) { self.number = number }
  /// `.percent(99.9)` is `0.999`.
  public static func percent(_ value: ExactDecimal) -> Self { .init(value.shifted(by: -2)) }
  public static var display: String { "percentunit" }
}

/// Events in a second.
public struct PerSecond: Unit {
  public let number: ExactDecimal
  /// Events per second.
  public static func perSecond(_ value: ExactDecimal) -> Self { .init(number: value) }
  public static var display: String { "reqps" }
}

/// A number of things.
public struct Count: Unit, ExpressibleByIntegerLiteral {
  public let number: ExactDecimal
  public init(_ value: Int) { number = ExactDecimal(Int64(value)) }
  public init(integerLiteral value: Int) { self.init(value) }
  public static var display: String { "short" }
}

/// Processor cores kept busy: seconds of processor time in a second.
public struct Cores: Unit {
  public let number: ExactDecimal
  public static func cores(_ value: ExactDecimal) -> Self { .init(number: value) }
  public static var display: String { "cores" }
}

extension FixedWidthInteger {
  /// The product, or the largest or smallest there is: a slip of the finger becomes a number that a
  /// check of its range refuses, and not a crash.
  package func saturatingTimes(_ factor: Self) -> Self {
    let (product, overflows) = multipliedReportingOverflow(by: factor)
    guard overflows else { return product }
    return (self < 0) == (factor < 0) ? .max : .min
  }

  /// The sum, or the largest or smallest there is.
  package func saturatingPlus(_ other: Self) -> Self {
    let (sum, overflows) = addingReportingOverflow(other)
    guard overflows else { return sum }
    return other < 0 ? .min : .max
  }
}

/// An amount of memory, storage or traffic.
public struct ByteCount: Unit, Comparable {
  public let bytes: Int
  public init(bytes: Int) { self.bytes = bytes }
  public static func kibibytes(_ value: Int) -> Self {
    .init(bytes: value.saturatingTimes(1 << 10))
  }
  public static func mebibytes(_ value: Int) -> Self {
    .init(bytes: value.saturatingTimes(1 << 20))
  }
  public static func gibibytes(_ value: Int) -> Self {
    .init(bytes: value.saturatingTimes(1 << 30))
  }
  public var number: ExactDecimal { ExactDecimal(Int64(bytes)) }
  public static var display: String { "bytes" }
  public static func < (left: Self, right: Self) -> Bool { left.bytes < right.bytes }
  package static func + (left: Self, right: Self) -> Self {
    .init(bytes: left.bytes.saturatingPlus(right.bytes))
  }

  /// This share of the amount, rounded down to whole bytes.
  public func share(_ ratio: Ratio) -> Self {
    let product = ratio.number * number
    var bytes = product.mantissa
    for _ in 0..<product.scale { bytes /= 10 }
    return .init(bytes: Int(bytes))
  }
}

/// Traffic: bytes in a second.
public struct BytesPerSecond: Unit {
  public let number: ExactDecimal
  public static func perSecond(_ value: ByteCount) -> Self { .init(number: value.number) }
  public static var display: String { "Bps" }
}

/// An amount of money in US dollars, exact to the cent.
public struct Money: Unit, Comparable {
  public let cents: Int64
  public static func usd(_ dollars: Int64) -> Self { .init(cents: dollars.saturatingTimes(100)) }
  public static func cents(_ cents: Int64) -> Self { .init(cents: cents) }
  public var number: ExactDecimal { ExactDecimal(cents, scale: 2) }
  public static var display: String { "currencyUSD" }
  public static func < (left: Self, right: Self) -> Bool { left.cents < right.cents }
}

/// A moment, in seconds since 1970; what `time()` and `…_timestamp_seconds` metrics return.
public struct Moment: Unit {
  public let number: ExactDecimal
  /// What a process reads from its clock, in seconds; a specification states no moment.
  package static func since1970(_ seconds: ExactDecimal) -> Self { .init(number: seconds) }
  public static var display: String { "dateTimeAsIso" }
}

/// Time spans are the standard library's `Duration`, with the larger units it leaves out.
extension Duration: Unit {
  public static func minutes(_ value: Int) -> Self { .seconds(value.saturatingTimes(60)) }
  public static func hours(_ value: Int) -> Self { .seconds(value.saturatingTimes(3_600)) }
  public static func days(_ value: Int) -> Self { .seconds(value.saturatingTimes(86_400)) }

  /// In seconds, exact to the nanosecond.
  public var number: ExactDecimal {
    let (seconds, attoseconds) = components
    return ExactDecimal(seconds) + ExactDecimal(attoseconds / 1_000_000_000, scale: 9)
  }
  public static var display: String { "s" }
  /// Whole seconds, rounded down.
  public var wholeSeconds: Int { Int(components.seconds) }
  /// Whole milliseconds, rounded down.
  public var wholeMilliseconds: Int {
    Int(components.seconds).saturatingTimes(1_000)
      .saturatingPlus(Int(components.attoseconds / 1_000_000_000_000_000))
  }
}
