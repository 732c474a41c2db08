import FlowrexContract
import Slipway

/// What everybody looks at first. (S18-PROM-09 … 18, S03-DASH-01 … 05)
extension Dashboard {
  static let overview = Dashboard(
    "platform-overview", title: "Flowrex: overview",
    panels: [
      .heading("Requests"),
      .number("Requests per second", Flowrex.httpRequests.rate(over: .minutes(5))),
      .number("In progress", Flowrex.httpRequestsInProgress.sum),
      .number("Live connections", Flowrex.webSocketConnections.sum),
      .graph("Requests by status", Flowrex.httpRequests.rate(over: .minutes(5), by: \.status)),
      .graph("Failing", Signal.serverErrors.over(.minutes(5)), marks: .highErrorRate),
      .graph(
        "Half answered within",
        Flowrex.httpRequestDuration.quantile(.percent(50), over: .minutes(5))),
      .graph("95 % answered within", Signal.slowestTwentieth, marks: .highLatency),
      .graph(
        "99 % answered within",
        Flowrex.httpRequestDuration.quantile(.percent(99), over: .minutes(5))),

      .heading("Trading"),
      .number("Trades in the last hour", Flowrex.tradesExecuted.increase(over: .hours(1))),
      .number("Active strategies", Flowrex.activeStrategies.max),
      .number("Open positions", Flowrex.openPositions.sum),
      .graph("Orders without a fill", Signal.failedTrades.over(.minutes(5)), marks: .tradesFail),

      .heading("Processes"),
      .graph("Memory", Flowrex.residentMemory.of(.backend).now(), marks: .backendMemory),
      .graph(
        "Processor", Flowrex.processorTime.of(.backend).rate(over: .minutes(5)),
        marks: .backendProcessor),
      .graph("Database connections in use", Signal.poolInUse, marks: .poolIsExhausted),
    ])
}
