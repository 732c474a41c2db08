import FlowrexConfiguration
package import FlowrexMarket
import FlowrexMetrics
package import FlowrexTrading
package import Ledger

/// What the routes of orders and money are made of.
package struct TradingParts: Sendable {
  private let desk: Desk
  private let traders: Traders
  private let market: LiveMarket
  package let maintenance: MaintenanceSwitch
  /// The length of the shortest candle.
  private let candle: Span

  package init(
    desk: Desk, traders: Traders, market: LiveMarket, maintenance: MaintenanceSwitch,
    candle: Span
  ) {
    self.desk = desk
    self.traders = traders
    self.market = market
    self.maintenance = maintenance
    self.candle = candle
  }

  func handlers(
    _ settings: BackendSettings, metrics: MetricRegistry,
    now: @escaping @Sendable () -> Timestamp
  ) -> [RouteHandler] {
    let paused =
      OrderHandlers(desk, traders, metrics: metrics).all
      + ApprovalHandlers(desk, traders, metrics: metrics).all + BookHandlers(desk, traders).all
      + ViewHandlers(desk, traders, market, now: now).all
      + StrategyHandlers(desk.strategies, metrics: metrics).all
      + SignalHandlers(desk, traders, metrics: metrics, now: now).all
      + JournalHandlers(desk.journal, metrics: metrics).all
      + MarketHandlers(market, traded: settings.trading.instruments, shortest: candle).all
    return paused.map { $0.pausing(maintenance) }
      + AdminHandlers(desk, maintenance, metrics: metrics).all
  }
}
