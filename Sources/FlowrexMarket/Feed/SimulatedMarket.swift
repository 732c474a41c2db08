import FlowrexContract
package import FlowrexTrading
package import Ledger

/// The market of ``SimulatedPrices`` as a venue has it, which makes its prices and need not hear
/// of them: fresh at every moment and never closed. (S17-ENV-03)
package struct SimulatedMarket: MarketSource {
  private let prices: SimulatedPrices
  private let clock: any DeskClock

  /// - Parameter seed: the key `SIMULATED_FEED_SEED`.
  package init(seed: Int, clock: any DeskClock) {
    prices = SimulatedPrices(seed: UInt64(bitPattern: Int64(seed)))
    self.clock = clock
  }

  package func market() -> Market {
    let now = clock.now()
    let quotes = Instrument.allCases.compactMap { instrument -> (Instrument, Quote)? in
      guard let (bid, ask) = try? prices.prices(of: instrument, at: now) else { return nil }
      return Quote(bid: bid, ask: ask, asOf: now).map { (instrument, $0) }
    }
    return Market(quotes: quotes, open: Set(Instrument.allCases))
  }
}
