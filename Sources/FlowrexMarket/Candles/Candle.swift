package import FlowrexContract
package import Ledger

/// What a price did in a span of time: first, highest, lowest and last middle of bid and ask.
/// (S04-TRD-04)
package struct Candle: Hashable, Sendable {
  package let instrument: Instrument
  /// A multiple of the length since 1970, in UTC.
  package let start: Timestamp
  package let length: Span
  package let open: Price
  package private(set) var high: Price
  package private(set) var low: Price
  package private(set) var close: Price
  /// How many quotes it was made of, never zero: a span without a quote has no candle.
  package private(set) var quotes: Int

  /// The moment at which nothing can change it any more.
  package var end: Timestamp { start.adding(length) }

  init(_ instrument: Instrument, start: Timestamp, length: Span, _ price: Price) {
    self.instrument = instrument
    self.start = start
    self.length = length
    (open, high, low, close) = (price, price, price, price)
    quotes = 1
  }

  mutating func add(_ price: Price) {
    high = max(high, price)
    low = min(low, price)
    close = price
    quotes += 1
  }

  /// A longer candle of shorter ones.
  ///
  /// - Returns: `nil` when there is none, when they are not of one instrument and in order, or do
  ///   not lie in one span of `length`.
  package init?(merging parts: [Candle], length: Span) {
    guard let first = parts.first, let last = parts.last else { return nil }
    let start = Self.start(of: first.start, length)
    let areOne = zip(parts, parts.dropFirst()).allSatisfy { before, after in
      before.instrument == after.instrument && before.end <= after.start
    }
    guard areOne, last.end <= start.adding(length) else { return nil }
    instrument = first.instrument
    self.start = start
    self.length = length
    open = first.open
    close = last.close
    high = parts.reduce(first.high) { max($0, $1.high) }
    low = parts.reduce(first.low) { min($0, $1.low) }
    quotes = parts.reduce(0) { $0 + $1.quotes }
  }

  /// The start of the span that a moment lies in.
  static func start(of moment: Timestamp, _ length: Span) -> Timestamp {
    let place = moment.microseconds.flooredQuotient(by: length.microseconds)
    return Timestamp(microseconds: place * length.microseconds)
  }
}
