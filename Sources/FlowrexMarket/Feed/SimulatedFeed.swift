package import FlowrexContract
package import FlowrexTrading
package import Ledger

/// Quotes of ``SimulatedPrices``, four times a second, each a few milliseconds after its moment
/// as a line would bring it. It begins with those of the second before, so that nobody has to wait
/// until a first price is confirmed. (S17-ENV-03, S17-ENV-08)
package struct SimulatedFeed: MarketFeed {
  package let source = MarketDataSource.simulated
  package let instruments: [Instrument]
  private let prices: SimulatedPrices
  private let clock: any DeskClock
  private let temper: FeedTemper
  private let pace: Span

  /// - Parameters:
  ///   - seed: the key `SIMULATED_FEED_SEED`.
  ///   - pace: from one quote of an instrument to its next.
  package init(
    seed: Int, clock: any DeskClock, instruments: [Instrument] = Instrument.allCases,
    temper: FeedTemper = .calm, pace: Span = .milliseconds(250)
  ) {
    self.instruments = instruments
    prices = SimulatedPrices(seed: UInt64(bitPattern: Int64(seed)))
    self.clock = clock
    self.temper = temper
    self.pace = pace
  }

  package func run(
    _ deliver: @escaping @Sendable (OfferedQuote) -> Void
  ) async throws(FeedFault) {
    for turns in stride(from: Self.told, to: 0, by: -1) {
      for quote in quotes(of: turn(at: clock.now()) - turns) { deliver(quote) }
    }
    var turn = self.turn(at: clock.now())
    while !Task.isCancelled {
      let due = moment(of: turn).adding(delay(of: turn))
      let now = clock.now()
      if due > now { await clock.sleep(due.since(now)) }
      guard !Task.isCancelled else { return }
      for quote in quotes(of: turn) { deliver(quote) }
      // What was slept through is not told: it would be stale. Nor is waited until a clock that was
      // set back is where it was.
      let latest = self.turn(at: clock.now())
      turn = min(max(turn + 1, latest), latest + 2)
    }
  }

  /// So many quotes confirm the one that comes next.
  private static let told = Int64(QuoteRules().confirmations - 1)

  /// What is told in the turn of so many paces since 1970.
  package func quotes(of turn: Int64) -> [OfferedQuote] {
    instruments.flatMap { instrument -> [OfferedQuote] in
      guard let quote = quote(of: instrument, turn) else { return [] }
      return troubled(quote, turn)
    }
  }

  package func turn(at moment: Timestamp) -> Int64 {
    moment.microseconds.flooredQuotient(by: pace.microseconds)
  }

  private func moment(of turn: Int64) -> Timestamp {
    Timestamp(microseconds: turn * pace.microseconds)
  }

  private func quote(of instrument: Instrument, _ turn: Int64) -> OfferedQuote? {
    let moment = moment(of: turn)
    guard let (bid, ask) = try? prices.prices(of: instrument, at: moment) else { return nil }
    return OfferedQuote(instrument, bid: bid, ask: ask, asOf: moment)
  }

  /// From one to twenty milliseconds.
  private func delay(of turn: Int64) -> Span {
    Span(microseconds: Int64(1_000 + prices.noise(.eurUSD, 65, turn) % 19_001))
  }

  private func troubled(_ quote: OfferedQuote, _ turn: Int64) -> [OfferedQuote] {
    var quote = quote
    let chance = Int(prices.noise(quote.instrument, 66, turn) % 1_000)
    var bound = 0
    func happens(_ perMille: Int) -> Bool {
      defer { bound += perMille }
      return (bound..<bound + perMille).contains(chance)
    }
    if happens(temper.stale) {
      quote.asOf = quote.asOf.adding(.seconds(-10))
    } else if happens(temper.crossed) {
      (quote.bid, quote.ask) = (quote.ask, quote.bid)
    } else if happens(temper.zeros) {
      quote.bid = .zero
    } else if happens(temper.outliers) {
      quote.bid = (try? quote.bid.times(Proportion(11, .one), .down)) ?? quote.bid
      quote.ask = (try? quote.ask.times(Proportion(11, .one), .up)) ?? quote.ask
    } else if happens(temper.outOfOrder) {
      return [quote, self.quote(of: quote.instrument, turn - 1)].compactMap { $0 }
    } else if happens(temper.duplicates) {
      return [quote, quote]
    }
    return [quote]
  }
}
