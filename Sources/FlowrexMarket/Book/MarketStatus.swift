package import FlowrexContract
package import Ledger

/// What people and alerts are told of the market. (S04-TRD-03, S03-ARCH-07)
package struct MarketStatus: Hashable, Sendable {
  package struct Line: Hashable, Sendable {
    package let instrument: Instrument
    package let isOpen: Bool
    package let quote: Quote?
    /// Where the last believed quote came from.
    package let source: MarketDataSource?
    /// Since its time stamp, by a clock that nobody sets; since the start of this process when
    /// there was none.
    package let age: Span
    /// Whether orders may be decided at this price: not older than the limit, and not of before our
    /// clock was set back.
    package let isFresh: Bool
    /// From its time stamp to its arrival.
    package let latency: Span?
  }

  package let asOf: Timestamp
  package let lines: [Line]

  /// Whether any instrument can be traded.
  package var isOpen: Bool { lines.contains(where: \.isOpen) }
  /// Whether every open instrument has a fresh price.
  package var isFresh: Bool { lines.allSatisfy { !$0.isOpen || $0.isFresh } }

  init(
    _ book: MarketBook, _ hours: TradingHours, maxAge: Span, since start: MarketBook.Instant,
    at now: MarketBook.Instant
  ) {
    asOf = now.wall
    lines = Instrument.allCases.map { instrument in
      let entry = book.entries[instrument]
      let known = now.steady.since((entry?.arrived ?? start).steady)
      let age = Span(microseconds: known.microseconds + (entry?.latency.microseconds ?? 0))
      return Line(
        instrument: instrument, isOpen: hours.areOpen(for: instrument, at: now.wall),
        quote: entry?.quote, source: entry?.source, age: age,
        isFresh: entry.map { age <= maxAge && !MarketBook.isForgotten($0, at: now) } ?? false,
        latency: entry?.latency)
    }
  }
}
