package import FlowrexContract
package import Ledger

/// The last candles of every instrument, in memory: as many as a day has minutes. (S04-TRD-04)
package struct CandleHistory: Sendable {
  private static let most = 1_440
  package var length: Span { builder.length }
  private var builder: CandleBuilder
  private var ended = PerInstrument<[Candle]> { _ in [] }

  package init(length: Span) { builder = CandleBuilder(length: length) }

  package mutating func receive(_ instrument: Instrument, _ quote: Quote) {
    guard let candle = builder.receive(instrument, quote) else { return }
    // Two days are kept so that what is too old goes in one piece.
    if ended[instrument].count >= 2 * Self.most {
      ended[instrument].removeFirst(ended[instrument].count - Self.most + 1)
    }
    ended[instrument].append(candle)
  }

  /// The last candles, oldest first; the last of them may still grow.
  ///
  /// - Parameter length: a multiple of the shortest length; for another there is none.
  package func last(
    _ count: Int, of instrument: Instrument, length: Span? = nil
  ) -> [Candle] {
    let all = ended[instrument].suffix(Self.most) + [builder.growing(instrument)].compactMap { $0 }
    guard let length, length != self.length else { return Array(all.suffix(max(0, count))) }
    guard length > self.length, length.microseconds % self.length.microseconds == 0 else {
      return []
    }
    var merged: [Candle] = []
    var parts: [Candle] = []
    for candle in all {
      if let first = parts.first,
        Candle.start(of: first.start, length) != Candle.start(of: candle.start, length)
      {
        if let whole = Candle(merging: parts, length: length) { merged.append(whole) }
        parts = []
      }
      parts.append(candle)
    }
    if let whole = Candle(merging: parts, length: length) { merged.append(whole) }
    return Array(merged.suffix(max(0, count)))
  }
}
