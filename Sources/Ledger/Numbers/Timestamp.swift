/// A moment as a value: microseconds since 1970 in UTC, the finest that PostgreSQL keeps.
///
/// Nothing in this module reads a clock; who calls says what time it is.
package struct Timestamp: Hashable, Sendable, Comparable {
  package let microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func < (left: Self, right: Self) -> Bool {
    left.microseconds < right.microseconds
  }

  /// The moment `span` later; the last one there is when that would be beyond it.
  package func adding(_ span: Span) -> Self {
    let (sum, overflow) = microseconds.addingReportingOverflow(span.microseconds)
    guard overflow else { return Self(microseconds: sum) }
    return Self(microseconds: span.microseconds < 0 ? .min : .max)
  }

  /// How long after `earlier` this is; below zero when it is before.
  package func since(_ earlier: Self) -> Span {
    let (span, overflow) = microseconds.subtractingReportingOverflow(earlier.microseconds)
    guard overflow else { return Span(microseconds: span) }
    return Span(microseconds: microseconds < 0 ? .min : .max)
  }

  /// The day in UTC. (C-66: daily caps start again at midnight UTC)
  package var day: TradingDay {
    let length = Span.day.microseconds
    let (whole, rest) = microseconds.quotientAndRemainder(dividingBy: length)
    return TradingDay(number: rest < 0 ? whole - 1 : whole)
  }
}

/// A day in UTC, counted from 1 January 1970.
package struct TradingDay: Hashable, Sendable, Comparable {
  package let number: Int64

  package init(number: Int64) { self.number = number }

  package static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// A length of time in microseconds.
package struct Span: Hashable, Sendable, Comparable {
  package let microseconds: Int64

  package init(microseconds: Int64) { self.microseconds = microseconds }

  package static func seconds(_ count: Int32) -> Self {
    Self(microseconds: Int64(count) * 1_000_000)
  }
  package static func milliseconds(_ count: Int32) -> Self {
    Self(microseconds: Int64(count) * 1_000)
  }
  package static let minute = seconds(60)
  package static let day = seconds(86_400)

  package static func < (left: Self, right: Self) -> Bool {
    left.microseconds < right.microseconds
  }
}

extension Span: CustomStringConvertible {
  /// In seconds: `1.5 s`.
  package var description: String {
    let (whole, rest) = microseconds.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
    var fraction = String(String(1_000_000 + rest).dropFirst())
    while fraction.last == "0" { fraction.removeLast() }
    let sign = microseconds < 0 ? "-" : ""
    return sign + String(whole) + (fraction.isEmpty ? "" : "." + fraction) + " s"
  }
}
