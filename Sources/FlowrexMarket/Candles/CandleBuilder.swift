package import FlowrexContract
package import Ledger

/// Makes candles of quotes; a pure value. Quotes of an instrument come in their order: whoever
/// feeds it has refused the others. (S04-TRD-04)
package struct CandleBuilder: Hashable, Sendable {
  package let length: Span
  private var open = PerInstrument<Candle?> { _ in nil }

  package init(length: Span) { self.length = length }

  /// - Returns: The candle that this quote ended: its span is over.
  package mutating func receive(_ instrument: Instrument, _ quote: Quote) -> Candle? {
    guard let price = Self.middle(of: quote) else { return nil }
    let start = Candle.start(of: quote.asOf, length)
    if open[instrument]?.start == start {
      open[instrument]?.add(price)
      return nil
    }
    let ended = open[instrument]
    open[instrument] = Candle(instrument, start: start, length: length, price)
    return ended
  }

  /// Candles whose span is over at `now`, in the order of instruments; they are forgotten here.
  package mutating func end(at now: Timestamp) -> [Candle] {
    var ended: [Candle] = []
    for instrument in Instrument.allCases {
      guard let candle = open[instrument], candle.end <= now else { continue }
      ended.append(candle)
      open[instrument] = nil
    }
    return ended
  }

  /// The candle that still grows.
  package func growing(_ instrument: Instrument) -> Candle? { open[instrument] }

  /// Exact: ticks have five digits at most.
  private static func middle(of quote: Quote) -> Price? {
    guard let sum = try? quote.bid.adding(quote.ask) else { return nil }
    return try? Price(units: sum.units / 2)
  }
}
