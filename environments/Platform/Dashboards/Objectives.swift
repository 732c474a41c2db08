import FlowrexContract
import Slipway

/// Whether we keep what we promise. (C-03)
extension Dashboard {
  static let objectives = Dashboard(
    "objectives", title: "Flowrex: objectives",
    panels: [
      .heading("Availability"),
      .number("Failing in 30 days", Objective.availability.failing(over: .days(30))),
      .graph(
        "Failing, one hour", Objective.availability.failing(over: .hours(1)),
        marks: .budgetBurnsFast),
      .graph(
        "Failing, six hours", Objective.availability.failing(over: .hours(6)),
        marks: .budgetBurnsSteadily),

      .heading("Latency"),
      .number("Slower than 100 ms in 30 days", Objective.latency.failing(over: .days(30))),
      .graph(
        "Slower than 100 ms, one hour", Objective.latency.failing(over: .hours(1)),
        marks: .latencyBudgetBurns),
    ])
}
