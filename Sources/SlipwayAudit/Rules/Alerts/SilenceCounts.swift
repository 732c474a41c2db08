/// An alert on nothing happening also fires when there are no numbers at all. (C-58)
enum SilenceCounts: AuditRule {
  static let id = "alerts/silence-counts"
  static let why =
    "a counter that never moved has no series: the comparison is empty and never fires"
  static let fix = "sum the rate, and add 'or absent(…)' or 'or vector(0)'"
  static let source = ["C-58", "S17-ALERT"]
  private static func file(_ expression: String) -> String {
    "groups:\n  - name: a\n    rules:\n      - alert: Idle\n        expr: \(expression)\n"
  }
  private static let program =
    "orders = Counter('orders_total', 'Orders', ['side'])\norders.inc()\n"
  static let wrong = [
    Fixture.files(
      ["app/metrics.py": program, "rules/alerts.yml": file("rate(orders_total[1h]) == 0")],
      at: "rules/alerts.yml:5")
  ]
  static let right = [
    Fixture.files([
      "app/metrics.py": program,
      "rules/alerts.yml": file("(sum(rate(orders_total[1h])) or vector(0)) == 0"),
    ]),
    Fixture.files([
      "app/metrics.py": "orders = Counter('orders_total', 'Orders')\norders.inc()\n",
      "rules/alerts.yml": file("rate(orders_total[1h]) == 0"),
    ]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let labelled = Set(deployment.declaredMetrics.filter(\.hasLabels).map(\.name))
    return deployment.alerts.compactMap { alert in
      guard let comparison = alert.query.comparison, comparison.isZero || comparison.isBelow,
        comparison.subject.holdsRate, !alert.query.text.mentions("absent", "vector(0)"),
        !comparison.subject.holdsAggregation,
        alert.query.metrics.contains(where: labelled.contains)
      else { return nil }
      return Flaw(
        "alert '\(alert.name.value)' never fires if nothing ever happened", at: alert.query.spot)
    }
  }
}
