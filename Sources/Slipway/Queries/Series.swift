public import ServiceContract

/// A series in a case of a rule's unit test: 24 hours of it, one sample a minute.
public struct Series: Sendable {
  package enum Values: Sendable {
    /// Starts at a value and changes by a step each minute.
    case steps(from: BoundValue, by: ExactDecimal)
    /// There is no such series.
    case missing
    /// Minus this many seconds from the start of the test's clock.
    case moment(secondsBeforeStart: ExactDecimal)
  }
  package let text: String
  package let values: Values
}

extension Selection where Shape == CounterShape {
  /// Counts this many events a minute. The labels that the selection leaves open may be given.
  public func grows(by count: Int) -> Series {
    Series(
      text: seriesText(), values: .steps(from: .number(0), by: ExactDecimal(Int64(count))))
  }
}

extension Counter {
  public func grows(by count: Int) -> Series { all.grows(by: count) }
}

extension Selection {
  /// Adds this much a minute.
  public func grows<U>(by amount: U) -> Series where Shape == TotalShape<U> {
    Series(text: seriesText(), values: .steps(from: .number(0), by: amount.number))
  }

  /// Has this value all the time.
  public func stays<U>(at value: U) -> Series where Shape == GaugeShape<U> {
    Series(text: seriesText(), values: .steps(from: .number(value.number), by: 0))
  }

  /// Has a value that follows from the environment.
  public func stays<U>(at bound: Bound<U>) -> Series where Shape == GaugeShape<U> {
    Series(text: seriesText(), values: .steps(from: bound.value, by: 0))
  }

  /// Starts at a value and changes by a step each minute.
  public func moves<U>(from value: U, by step: U) -> Series where Shape == GaugeShape<U> {
    Series(text: seriesText(), values: .steps(from: .number(value.number), by: step.number))
  }

  /// Falls by a step each minute.
  public func falls<U>(from value: U, by step: U) -> Series where Shape == GaugeShape<U> {
    Series(text: seriesText(), values: .steps(from: .number(value.number), by: 0 - step.number))
  }

  /// The moment is this long before the test's clock starts.
  public func lies(before start: Duration) -> Series where Shape == GaugeShape<Moment> {
    Series(text: seriesText(), values: .moment(secondsBeforeStart: start.number))
  }

  /// The moment is this long after the test's clock starts.
  public func lies(after start: Duration) -> Series where Shape == GaugeShape<Moment> {
    Series(text: seriesText(), values: .moment(secondsBeforeStart: 0 - start.number))
  }

  /// The same observation again and again, 60 a minute.
  public func observes<U>(_ value: U, buckets: [U]) -> [Series] where Shape == HistogramShape<U> {
    let bounds = buckets.map(\.number).filter { value.number <= $0 || $0 > value.number }
    let under = buckets.map(\.number).filter { $0 < value.number }
    let full = (bounds.map(\.description) + ["+Inf"]).map { bucket(le: $0, by: 60) }
    let empty = under.map { bucket(le: $0.description, by: 0) }
    let count = Series(
      text: seriesText(suffix: "_count"), values: .steps(from: .number(0), by: 60))
    return empty + full + [count]
  }

  private func bucket(le: String, by step: ExactDecimal) -> Series {
    Series(
      text: seriesText(suffix: "_bucket", extra: [("le", le)]),
      values: .steps(from: .number(0), by: step))
  }
}

extension Total {
  public func grows(by amount: U) -> Series { all.grows(by: amount) }
}

extension Gauge {
  public func stays(at value: U) -> Series { all.stays(at: value) }
  public func stays(at bound: Bound<U>) -> Series { all.stays(at: bound) }
  public func moves(from value: U, by step: U) -> Series { all.moves(from: value, by: step) }
  public func falls(from value: U, by step: U) -> Series { all.falls(from: value, by: step) }
  public func lies(before start: Duration) -> Series where U == Moment { all.lies(before: start) }
  public func lies(after start: Duration) -> Series where U == Moment { all.lies(after: start) }
}

extension Histogram {
  /// The same observation again and again, 60 a minute.
  public func observes(_ value: U) -> Case {
    Case(series: all.observes(value, buckets: buckets))
  }
}

extension Case {
  /// Nothing at all is exported.
  public static let nothing = Case(series: [])

  /// These series, the first of which must exist: `.all(of: metric.where(…).observes(…))`.
  public static func all(of series: [Series]) -> Self { .init(series: series) }

  /// Another case at the same time.
  public static func + (left: Self, right: Self) -> Self {
    Case(series: left.series + right.series)
  }
}
