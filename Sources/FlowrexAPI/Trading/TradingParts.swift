import FlowrexAuth
package import FlowrexCache
import FlowrexConfiguration
import FlowrexContract
package import FlowrexMarket
import FlowrexMetrics
package import FlowrexTrading
package import Ledger
import ServiceContract

/// What the routes of orders and money are made of.
package struct TradingParts: Sendable {
  private let desk: Desk
  /// Reads the views that may be a few seconds old, and writes nothing.
  private let viewing: Desk
  private let traders: Traders
  private let market: LiveMarket
  package let maintenance: MaintenanceSwitch
  private let views: ViewCache
  /// The length of the shortest candle.
  private let candle: Span

  package init(
    desk: Desk, viewing: Desk, traders: Traders, market: LiveMarket, maintenance: MaintenanceSwitch,
    views: ViewCache, candle: Span
  ) {
    self.desk = desk
    self.viewing = viewing
    self.traders = traders
    self.market = market
    self.maintenance = maintenance
    self.views = views
    self.candle = candle
  }

  func handlers(
    _ settings: BackendSettings, metrics: MetricRegistry,
    now: @escaping @Sendable () -> Timestamp
  ) -> [RouteHandler] {
    let paused =
      OrderHandlers(desk, traders, metrics: metrics).all
      + ApprovalHandlers(desk, traders, metrics: metrics).all
      + BookHandlers(desk, viewing: viewing, traders).all
      + ViewHandlers(viewing, traders, market, now: now).all
      + StrategyHandlers(desk.strategies, metrics: metrics).all
      + SignalHandlers(desk, traders, metrics: metrics, now: now).all
      + JournalHandlers(desk.journal, metrics: metrics).all
      + MarketHandlers(market, traded: settings.trading.instruments, shortest: candle).all
    return paused.map { viewed($0).pausing(maintenance) }
      + AdminHandlers(desk, maintenance, metrics: metrics).all
      + RulingHandlers(desk, metrics: metrics, now: now).all
  }

  /// The eight views of the contract come from the cache. (S03-ARCH-02)
  private func viewed(_ handler: RouteHandler) -> RouteHandler {
    switch handler.route {
    case .reconciliationStatus, .reconciliationLogs, .reconciliationDivergences:
      // Administrators see more of it.
      handler.cached(.reconciliation, in: views) { try $0.caller().role.rawValue }
    case .listPositions, .positionSummary, .showPosition:
      handler.cached(.positions, in: views) { try $0.caller().subject }
    case .guardDrawdown: handler.cached(.guards, in: views) { try $0.caller().subject }
    case .guardMarket: handler.cached(.guards, in: views) { _ in "market" }
    default: handler
    }
  }
}
