/// An alert on a low value has one beside it for no value. (S03-ALERT)
enum LowValuesAreMissed: AuditRule {
  static let id = "alerts/low-values-are-missed"
  static let why = "when the thing is gone its number is gone too: the alert falls silent just then"
  static let fix = "add an alert on 'up == 0' or 'absent(…)' for the same job"
  static let source = ["S03-ALERT", "S18-HS-08"]
  private static func file(_ expression: String) -> String {
    "groups:\n  - name: a\n    rules:\n      - alert: Few\n        expr: \(expression)\n"
  }
  static let wrong = [Fixture.alerts(file("cache_keys < 100"), line: 5)]
  static let right = [Fixture.alerts(file("cache_keys < 100 or absent(cache_keys)"))]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let watched = deployment.alerts.contains { alert in
      alert.query.text.contains("absent") || alert.query.metrics.contains { $0.hasSuffix("up") }
    }
    guard !watched else { return [] }
    return deployment.alerts.compactMap { alert in
      guard let comparison = alert.query.comparison, comparison.isBelow, comparison.number != nil
      else { return nil }
      return Flaw(
        "alert '\(alert.name.value)' is silent when what it watches is gone", at: alert.query.spot)
    }
  }
}
