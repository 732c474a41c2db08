import FlowrexContract
import Slipway

/// What traders and the risk desk look at. (S04-OBS-02)
extension Dashboard {
  static let trading = Dashboard(
    "trading", title: "Flowrex: trading",
    panels: [
      .heading("Book"),
      .number("Portfolio value", Flowrex.portfolioValue.sum),
      .number("Realised profit", Flowrex.realisedPnL.sum),
      .number("Unrealised profit", Flowrex.unrealisedPnL.sum),
      .gauge("Drawdown", Flowrex.drawdown.max),
      .graph("Exposure by symbol", Flowrex.openExposure.all.max(by: \.symbol)),
      .graph("Caps in use", Flowrex.capUsage.all.max(by: \.cap), marks: .capIsNear),

      .heading("Orders"),
      .graph("Orders by state", Flowrex.orderTransitions.rate(over: .minutes(5), by: \.state)),
      .graph("Trades by side", Flowrex.tradesExecuted.rate(over: .minutes(5), by: \.side)),
      .graph(
        "Refused by the risk engine", Flowrex.riskRejections.rate(over: .minutes(5), by: \.code)),
      .graph("Wait for the broker", Flowrex.outboxAge.max, marks: .outboxIsStuck),

      .heading("Market"),
      .graph("Age of prices", Flowrex.marketDataAge.all.max(by: \.symbol), marks: .pricesAreLate),
      .graph("Quotes not believed", Flowrex.quotesRejected.rate(over: .minutes(5), by: \.reason)),
      .graph("Divergences", Flowrex.divergences.all.max(by: \.kind), marks: .booksDiffer),
    ])
}
