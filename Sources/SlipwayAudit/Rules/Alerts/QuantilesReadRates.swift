/// A quantile is of the last minutes, not of all time. (C-26)
enum QuantilesReadRates: AuditRule {
  static let id = "alerts/quantiles-read-rates"
  static let why = "buckets count since the start: one slow hour keeps the quantile up for days"
  static let fix = "put rate(…[5m]) around the buckets, and sum by (le) around that"
  static let source = ["C-26", "S03-ALERT"]
  static let wrong = [
    Fixture.alerts(
      """
      groups:
        - name: a
          rules:
            - alert: Slow
              expr: histogram_quantile(0.95, http_seconds_bucket) > 2

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
    deployment.allQueries.compactMap { query, holder in
      guard let inner = query.quantileOperand, !inner.holdsRate,
        query.metrics.contains(where: { $0.hasSuffix("_bucket") })
      else { return nil }
      return Flaw("\(holder) takes a quantile of all time", at: query.spot)
    }
  }
}
