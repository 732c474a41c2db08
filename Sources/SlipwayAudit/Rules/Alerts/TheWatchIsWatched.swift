/// An alert that always fires tells that alerts arrive. (C-69)
enum TheWatchIsWatched: AuditRule {
  static let id = "alerts/the-watch-is-watched"
  static let why = "when the path of alerts breaks, the silence looks like good news"
  static let fix = "add an alert on 'vector(1)', and let its receiver complain when it stops"
  static let source = ["C-69", "S18-HS-08"]
  static let wrong = [
    Fixture.alerts(
      "groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: up == 0\n", line: 1)
  ]
  static let right = [
    Fixture.alerts(
      "groups: [{name: a, rules: [{alert: D, expr: up == 0}, {alert: Watchdog, expr: vector(1)}]}]"
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let beats = deployment.alerts.contains { alert in
      alert.query.text.trimmed == "vector(1)"
        || alert.name.value.mentions("watchdog", "deadman", "heartbeat")
    }
    guard !beats, let file = deployment.ruleFiles.first(where: { !$0.alerts.isEmpty }) else {
      return []
    }
    return [.warning("no alert tells that alerts arrive", at: file.spot)]
  }
}
