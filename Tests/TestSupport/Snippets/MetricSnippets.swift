private func alert(_ arguments: String) -> String {
  "let a = Alert(\"A\", severity: .warning, when: Flowrex.killSwitch.max == 1, for: .minutes(1), "
    + "summary: \"s\", \(arguments))"
}

extension Snippet {
  package static let metrics = [
    Snippet(
      name: "an unknown metric",
      wrong: "let q = Flowrex.httpRequsts.rate(over: .minutes(5))",
      right: "let q = Flowrex.httpRequests.rate(over: .minutes(5))",
      says: "type 'Flowrex' has no member 'httpRequsts'"),
    Snippet(
      name: "the rate of a gauge",
      wrong: "let q = Flowrex.killSwitch.rate(over: .minutes(5))",
      right: "let q = Flowrex.tokensRevoked.rate(over: .minutes(5))",
      says: "has no member 'rate'"),
    Snippet(
      name: "the quantile of a counter",
      wrong: "let q = Flowrex.httpRequests.quantile(.percent(95), over: .minutes(5))",
      right: "let q = Flowrex.httpRequestDuration.quantile(.percent(95), over: .minutes(5))",
      says: "has no member 'quantile'"),
    Snippet(
      name: "an unknown label",
      wrong: "let q = Flowrex.httpRequests.where(\\.staus, is: .serverError)",
      right: "let q = Flowrex.httpRequests.where(\\.status, is: .serverError)",
      says: "has no member 'staus'"),
    Snippet(
      name: "a label of another metric",
      wrong: "let q = Flowrex.httpRequests.where(\\.symbol, is: .eurUSD)",
      right: "let q = Flowrex.tradesFailed.where(\\.symbol, is: .eurUSD)",
      says: "has no member 'symbol'"),
    Snippet(
      name: "a value of another label",
      wrong: "let q = Flowrex.httpRequests.where(\\.status, is: .buy)",
      right: "let q = Flowrex.tradesFailed.where(\\.side, is: .buy)",
      says: "has no member 'buy'"),
    Snippet(
      name: "a threshold in another unit",
      wrong:
        "let a = Flowrex.httpRequestDuration.quantile(.percent(95), over: .minutes(5)) > .percent(5)",
      right:
        "let a = Flowrex.httpRequestDuration.quantile(.percent(95), over: .minutes(5)) > .seconds(5)",
      says: "has no member 'percent'"),
    Snippet(
      name: "a gauge against a rate",
      wrong: "let a = Flowrex.openDescriptors.now > .perSecond(5)",
      right: "let a = Flowrex.openDescriptors.now > 5",
      says: "has no member 'perSecond'"),
    Snippet(
      name: "a ratio without a window",
      wrong: "let a = Flowrex.tradesFailed.share(of: Flowrex.tradesAttempted) > .percent(5)",
      right:
        "let a = Flowrex.tradesFailed.share(of: Flowrex.tradesAttempted).over(.minutes(5)) > .percent(5)",
      says: "cannot be applied to operands of type 'Share' and 'Other'"),
    Snippet(
      name: "a query from text outside the parser",
      wrong: "let q = Query<Ratio>(\"anything\")",
      right: "let q = Query<Ratio>.raw(\"sum(up)\")",
      says: "initializer is inaccessible due to 'package' protection level"),
    Snippet(
      name: "an alert without a case in which it stays quiet",
      wrong: alert("runbook: book, firesOn: .when(up)"),
      right: alert(
        "runbook: book, firesOn: .when(up), quietOn: .when(Flowrex.killSwitch.stays(at: 0))"),
      says: "missing argument for parameter 'quietOn'"),
    Snippet(
      name: "an alert with an empty case",
      wrong: alert("runbook: book, firesOn: .when(up), quietOn: .when()"),
      right: alert(
        "runbook: book, firesOn: .when(up), quietOn: .when(Flowrex.killSwitch.stays(at: 0))"),
      says: "missing argument"),
    Snippet(
      name: "an alert without a runbook",
      wrong: alert("firesOn: .when(up), quietOn: .when(up)"),
      right: alert("runbook: book, firesOn: .when(up), quietOn: .when(up)"),
      says: "missing argument for parameter 'runbook'"),
  ]
}
