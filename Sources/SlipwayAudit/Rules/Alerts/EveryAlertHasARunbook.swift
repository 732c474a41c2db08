/// Whoever is woken finds out what to do. (S18-INC)
enum EveryAlertHasARunbook: AuditRule {
  static let id = "alerts/every-alert-has-a-runbook"
  static let why = "at three in the morning nobody remembers what this number means"
  static let fix = "add the annotation 'runbook_url' to each alert"
  static let source = ["S18-INC", "S18-HS-08"]
  static let wrong = [
    Fixture.alerts(
      "groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: up == 0\n", line: 4)
  ]
  static let right = [
    Fixture.alerts(
      "groups: [{name: a, rules: [{alert: Down, expr: up == 0, annotations: {runbook_url: 'https://a.example/down'}}]}]"
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.ruleFiles.compactMap { file in
      let without = file.alerts.filter { alert in
        !alert.annotations.keys.contains { $0.contains("runbook") }
      }
      guard let first = without.first else { return nil }
      return .warning(
        "\(without.count) of \(file.alerts.count) alerts name no runbook, "
          + "'\(first.name.value)' first",
        at: first.name.spot)
    }
  }
}
