/// A quantile is that of a service, not of each of its series. (C-26)
enum QuantilesAreOfTheService: AuditRule {
  static let id = "alerts/quantiles-are-of-the-service"
  static let why = "one quiet path with a slow request wakes somebody, while nobody sees the whole"
  static let fix = "write histogram_quantile(0.95, sum by (le) (rate(…_bucket[5m])))"
  static let source = ["C-26", "S17-ALERT"]
  static let wrong = [
    Fixture.alerts(
      """
      groups:
        - name: a
          rules:
            - alert: Slow
              expr: histogram_quantile(0.95, rate(http_seconds_bucket[5m])) > 2

      """,
      line: 5)
  ]
  static let right = [
    Fixture.alerts(
      """
      groups:
        - name: a
          rules:
            - alert: Slow
              expr: histogram_quantile(0.95, sum by (le) (rate(http_seconds_bucket[5m]))) > 2

      """
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.alerts.compactMap { alert in
      guard let inner = alert.query.quantileOperand, inner.holdsRate, !inner.holdsAggregation
      else { return nil }
      return .warning(
        "alert '\(alert.name.value)' takes the quantile of each series", at: alert.query.spot)
    }
  }
}
