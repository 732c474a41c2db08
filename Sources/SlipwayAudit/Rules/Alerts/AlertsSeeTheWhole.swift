/// An alert on a rate sees all series of a service together. (C-03)
enum AlertsSeeTheWhole: AuditRule {
  static let id = "alerts/alerts-see-the-whole"
  static let why = "each series is judged alone: a failure spread over all of them never fires"
  static let fix = "put 'sum by (job) (…)' around the rate"
  static let source = ["C-03", "S17-ALERT"]
  private static func file(_ expression: String) -> String {
    "groups:\n  - name: a\n    rules:\n      - alert: Errors\n        expr: \(expression)\n"
  }
  static let wrong = [
    Fixture.alerts(file("rate(http_requests_total{status=~\"5..\"}[5m]) > 1"), line: 5)
  ]
  static let right = [
    Fixture.alerts(file("sum(rate(http_requests_total{status=~\"5..\"}[5m])) > 1")),
    Fixture.alerts(file("rate(process_cpu_seconds_total[5m]) > 1")),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.alerts.compactMap { alert in
      guard let comparison = alert.query.comparison, comparison.isAbove,
        comparison.subject.holdsRate, !comparison.subject.holdsAggregation, !comparison.isRatio,
        alert.query.countsByStatus, (comparison.number ?? 0) > 0,
        alert.query.metrics.allSatisfy({ !MetricName.isCommon($0) })
      else { return nil }
      return Flaw(
        "alert '\(alert.name.value)' judges each series alone", at: alert.query.spot)
    }
  }
}
