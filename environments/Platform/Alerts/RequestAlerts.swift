import FlowrexContract
import Slipway

/// What clients notice. (C-03, C-25, C-26)
extension Alert {
  static let highErrorRate = Alert(
    "HighErrorRate", severity: .critical,
    when: Signal.serverErrors.over(.minutes(5)) > .percent(1), for: .minutes(5),
    summary: "more than one request in a hundred fails",
    runbook: .apiErrors,
    firesOn: .when(
      Flowrex.httpRequests.where(\.status, is: .serverError).grows(by: 10),
      Flowrex.httpRequests.where(\.status, is: .success).grows(by: 90)),
    quietOn: .when(Flowrex.httpRequests.where(\.status, is: .success).grows(by: 100)))

  static let highErrorRateInStaging = Alert(
    "HighErrorRate", severity: .critical,
    when: Signal.serverErrors.over(.minutes(5)) > .percent(5), for: .minutes(5),
    summary: "more than one request in twenty fails",
    runbook: .apiErrors,
    firesOn: .when(
      Flowrex.httpRequests.where(\.status, is: .serverError).grows(by: 10),
      Flowrex.httpRequests.where(\.status, is: .success).grows(by: 90)),
    quietOn: .when(
      Flowrex.httpRequests.where(\.status, is: .serverError).grows(by: 2),
      Flowrex.httpRequests.where(\.status, is: .success).grows(by: 98)))

  static let slowResponses = Alert(
    "SlowResponseTime", severity: .critical,
    when: Signal.slowestTwentieth > .seconds(2), for: .minutes(5),
    summary: "one request in twenty takes longer than two seconds",
    runbook: .apiErrors,
    firesOn: Flowrex.httpRequestDuration.observes(.seconds(5)),
    quietOn: Flowrex.httpRequestDuration.observes(.milliseconds(50)))

  static let highLatency = Alert(
    "HighLatency", severity: .warning,
    when: Signal.slowestTwentieth > .milliseconds(100), for: .minutes(5),
    summary: "one request in twenty takes longer than 100 ms",
    runbook: .apiErrors,
    firesOn: Flowrex.httpRequestDuration.observes(.milliseconds(250)),
    quietOn: Flowrex.httpRequestDuration.observes(.milliseconds(50)))

  static let budgetBurnsFast = Alert(
    "ErrorBudgetBurnsFast", severity: .critical,
    when: Objective.availability.burns(14.4, over: .hours(1), and: .minutes(5)), for: .minutes(2),
    summary: "a month of allowed failures is gone in two days",
    runbook: .apiErrors,
    firesOn: .when(
      Flowrex.httpRequests.where(\.status, is: .serverError).grows(by: 2),
      Flowrex.httpRequests.where(\.status, is: .success).grows(by: 98)),
    quietOn: .when(Flowrex.httpRequests.where(\.status, is: .success).grows(by: 100)))

  static let budgetBurnsSteadily = Alert(
    "ErrorBudgetBurnsSteadily", severity: .critical,
    when: Objective.availability.burns(6, over: .hours(6), and: .minutes(30)), for: .minutes(15),
    summary: "a month of allowed failures is gone in five days",
    runbook: .apiErrors,
    firesOn: .when(
      Flowrex.httpRequests.where(\.status, is: .serverError).grows(by: 1),
      Flowrex.httpRequests.where(\.status, is: .success).grows(by: 99)),
    quietOn: .when(Flowrex.httpRequests.where(\.status, is: .success).grows(by: 100)))

  static let budgetShrinks = Alert(
    "ErrorBudgetShrinks", severity: .warning,
    when: Objective.availability.burns(3, over: .days(1), and: .hours(2))
      || Objective.availability.burns(1, over: .days(3), and: .hours(6)),
    for: .hours(1),
    summary: "failures use up the month's allowance before the month is over",
    runbook: .apiErrors,
    firesOn: .when(
      Flowrex.httpRequests.where(\.status, is: .serverError).grows(by: 1),
      Flowrex.httpRequests.where(\.status, is: .success).grows(by: 199)),
    quietOn: .when(Flowrex.httpRequests.where(\.status, is: .success).grows(by: 100)))

  static let latencyBudgetBurns = Alert(
    "LatencyBudgetBurns", severity: .critical,
    when: Objective.latency.burns(14.4, over: .hours(1), and: .minutes(5)), for: .minutes(2),
    summary: "most requests take longer than 100 ms",
    runbook: .apiErrors,
    firesOn: Flowrex.httpRequestDuration.observes(.seconds(1)),
    quietOn: Flowrex.httpRequestDuration.observes(.milliseconds(50)))

  static let socketsAlmostFull = Alert(
    "HighWebSocketConnectionCount", severity: .warning,
    when: Signal.socketsInUse > .percent(90), for: .minutes(5),
    summary: "a replica has little room for further live connections",
    runbook: .capacity,
    firesOn: .when(
      Flowrex.webSocketConnections.stays(at: 95), Flowrex.webSocketConnectionsLimit.stays(at: 100)),
    quietOn: .when(
      Flowrex.webSocketConnections.stays(at: 50), Flowrex.webSocketConnectionsLimit.stays(at: 100)))
}
