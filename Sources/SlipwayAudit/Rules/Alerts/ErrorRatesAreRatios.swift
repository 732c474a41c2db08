/// An alert on errors compares them with all requests. (C-03)
enum ErrorRatesAreRatios: AuditRule {
  static let id = "alerts/error-rates-are-ratios"
  static let why = "so many a second is nothing on a busy day and everything on a quiet one"
  static let fix = "divide by the rate of all requests, and compare with a share: > 0.01"
  static let source = ["C-03", "C-25", "S17-ALERT"]
  private static func file(_ expression: String) -> String {
    """
    groups:
      - name: a
        rules:
          - alert: HighErrorRate
            expr: \(expression)
            labels: {severity: page}
    """
  }
  static let wrong = [
    Fixture.alerts(file("sum(rate(http_requests_total{status=~\"5..\"}[5m])) > 0.05"), line: 5)
  ]
  static let right = [
    Fixture.alerts(
      file(
        "sum(rate(http_requests_total{status=~\"5..\"}[5m])) / "
          + "sum(rate(http_requests_total[5m])) > 0.05"
      ))
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.alerts.compactMap { alert in
      guard let comparison = alert.query.comparison, comparison.isAbove, !comparison.isRatio,
        let bound = comparison.number, bound > 0, bound < 1, comparison.subject.holdsRate,
        alert.words.mentions("error rate", "errorrate", "failure rate", "failurerate", "%"),
        alert.query.isAboutFailures
      else { return nil }
      return Flaw(
        "alert '\(alert.name.value)' compares errors a second with \(bound.plain), not a share of "
          + "the requests", at: alert.query.spot)
    }
  }
}
