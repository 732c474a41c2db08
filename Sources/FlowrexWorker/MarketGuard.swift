import FlowrexContract
import FlowrexTrading
import Ledger
import Logging
import Risk
import Synchronization

/// Says when prices grow too old to be traded on, and when they are fresh again. Risk refuses
/// orders on old prices by itself; this is for people. (S03-ARCH-07, S04-TRD-03)
struct MarketGuard: Sendable {
  private let policy: RiskPolicy
  private let market: any MarketSource
  private let clock: any DeskClock
  private let logger: Logger
  /// What was said last, so that it is said once.
  private let said = Said()

  private final class Said: Sendable {
    let stale = Mutex<Set<Instrument>>([])
  }

  init(
    _ policy: RiskPolicy, _ market: any MarketSource, _ clock: any DeskClock, _ logger: Logger
  ) {
    self.policy = policy
    self.market = market
    self.clock = clock
    self.logger = logger
  }

  func look() {
    let (market, now) = (market.market(), clock.now())
    let stale = Set(
      Instrument.allCases.filter { instrument in
        guard policy.traded[instrument], market.isOpen[instrument] else { return false }
        guard let quote = market.quotes[instrument] else { return true }
        return !quote.isFresh(for: policy.quoteLife, at: now)
      })
    let before = said.stale.withLock { said in
      defer { said = stale }
      return said
    }
    guard stale != before else { return }
    let names = stale.map(\.rawValue).sorted().joined(separator: ",")
    if stale.isEmpty {
      logger.notice("all prices are fresh again")
    } else {
      logger.warning("prices are too old to be traded on", metadata: ["symbols": "\(names)"])
    }
  }
}
