import FlowrexContract
import Slipway

/// What can cost money. (S17-ALERT-06, 07, S18-HS-10)
extension Alert {
  static let tradesFail = Alert(
    "HighTradeFailureRate", severity: .critical,
    when: Signal.failedTrades.over(.minutes(5)) > .percent(10), for: .minutes(5),
    summary: "one order in ten ends without a fill",
    runbook: .trading,
    firesOn: .when(Flowrex.tradesFailed.grows(by: 2), Flowrex.tradesAttempted.grows(by: 10)),
    quietOn: .when(Flowrex.tradesFailed.grows(by: 0), Flowrex.tradesAttempted.grows(by: 10)))

  static let nothingTrades = Alert(
    "NoTradesExecuted", severity: .warning,
    when: (Flowrex.tradesExecuted.increase(over: .hours(1)) == 0)
      .and(atTheSameTime: Flowrex.marketOpen.max == 1),
    for: .hours(2),
    summary: "the market is open and nothing has traded for hours",
    runbook: .trading,
    firesOn: .when(Flowrex.tradesExecuted.grows(by: 0), Flowrex.marketOpen.stays(at: 1)),
    quietOn: .when(Flowrex.tradesExecuted.grows(by: 0), Flowrex.marketOpen.stays(at: 0)))

  static let killSwitchIsOn = Alert(
    "KillSwitchOn", severity: .critical,
    when: Flowrex.killSwitch.max == 1, for: .minutes(0),
    summary: "the emergency stop is on: no order is taken",
    runbook: .trading,
    firesOn: .when(Flowrex.killSwitch.stays(at: 1)),
    quietOn: .when(Flowrex.killSwitch.stays(at: 0)))

  static let capIsNear = Alert(
    "RiskCapNear", severity: .warning,
    when: Flowrex.capUsage.all.max(by: \.cap) > .percent(90), for: .minutes(1),
    summary: "a hard cap on risk is nearly used up",
    runbook: .trading,
    firesOn: .when(
      Flowrex.capUsage.where(\.cap, is: .openExposure).stays(at: .percent(95))),
    quietOn: .when(
      Flowrex.capUsage.where(\.cap, is: .openExposure).stays(at: .percent(40))))

  static let booksDiffer = Alert(
    "ReconciliationDivergence", severity: .critical,
    when: Flowrex.divergences.all.max(by: \.kind) > 0, for: .minutes(5),
    summary: "our books and the broker's differ",
    runbook: .reconciliation,
    firesOn: .when(Flowrex.divergences.where(\.kind, is: .positionDiffers).stays(at: 1)),
    quietOn: .when(Flowrex.divergences.where(\.kind, is: .positionDiffers).stays(at: 0)))

  static let booksNotCompared = Alert(
    "ReconciliationStale", severity: .critical,
    when: Flowrex.reconciliationLastRun.age() > .minutes(15), for: .minutes(5),
    summary: "nobody has compared our books with the broker's for a quarter of an hour",
    runbook: .reconciliation,
    firesOn: .when(Flowrex.reconciliationLastRun.lies(before: .hours(1))),
    quietOn: .when(Flowrex.reconciliationLastRun.lies(after: .days(2))))

  static let pricesAreLate = Alert(
    "MarketDataStale", severity: .critical,
    when: (Flowrex.marketDataAge.all.max(by: \.symbol) > .milliseconds(1_500))
      .and(atTheSameTime: Flowrex.marketOpen.max == 1),
    for: .minutes(1),
    summary: "prices are older than a second and a half while the market is open",
    runbook: .marketData,
    firesOn: .when(
      Flowrex.marketDataAge.where(\.symbol, is: .eurUSD).stays(at: .seconds(5)),
      Flowrex.marketOpen.stays(at: 1)),
    quietOn: .when(
      Flowrex.marketDataAge.where(\.symbol, is: .eurUSD).stays(at: .milliseconds(200)),
      Flowrex.marketOpen.stays(at: 1)))

  static let outboxIsStuck = Alert(
    "OutboxStuck", severity: .critical,
    when: Flowrex.outboxAge.max > .seconds(60), for: .minutes(2),
    summary: "orders wait for a minute before they reach the broker",
    runbook: .trading,
    firesOn: .when(Flowrex.outboxAge.stays(at: .minutes(5))),
    quietOn: .when(Flowrex.outboxAge.stays(at: .seconds(1))))

  static let breakerIsOpen = Alert(
    "CircuitBreakerOpen", severity: .warning,
    when: Flowrex.breakerState.where(\.state, is: .open).max(by: \.breaker) == 1, for: .minutes(2),
    summary: "calls to another system are refused because they kept failing",
    runbook: .trading,
    firesOn: .when(
      Flowrex.breakerState.where(\.state, is: .open).where(\.breaker, is: .broker).stays(at: 1)),
    quietOn: .when(
      Flowrex.breakerState.where(\.state, is: .open).where(\.breaker, is: .broker).stays(at: 0)))
}
