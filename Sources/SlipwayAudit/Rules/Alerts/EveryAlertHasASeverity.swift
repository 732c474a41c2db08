/// Each alert says how urgent it is. (C-25)
enum EveryAlertHasASeverity: AuditRule {
  static let id = "alerts/every-alert-has-a-severity"
  static let why = "without it nothing decides whether somebody is woken or reads it tomorrow"
  static let fix = "add labels: {severity: critical} or warning"
  static let source = ["C-25", "C-69"]
  static let wrong = [
    Fixture.alerts(
      "groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: up == 0\n", line: 4)
  ]
  static let right = [
    Fixture.alerts(
      "groups: [{name: a, rules: [{alert: Down, expr: up == 0, labels: {severity: critical}}]}]")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.alerts.filter { alert in
      alert.labels["severity"] == nil && alert.labels["priority"] == nil
        && alert.labels["level"] == nil
    }.map { Flaw("alert '\($0.name.value)' has no severity", at: $0.name.spot) }
  }
}
