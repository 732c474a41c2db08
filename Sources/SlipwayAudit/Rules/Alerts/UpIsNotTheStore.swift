/// An alert on a store asks the store, not its exporter. (S17-ALERT)
enum UpIsNotTheStore: AuditRule {
  static let id = "alerts/up-is-not-the-store"
  static let why = "'up' says that the exporter answers: it does so also while the store is down"
  static let fix = "ask the exporter's own metric: pg_up, redis_up, mysql_up"
  static let source = ["S17-ALERT", "C-24"]
  private static let asked = """
    scrape_configs:
      - job_name: db
        static_configs: [{targets: ['postgres-exporter:9187']}]
    """
  private static func file(_ expression: String) -> String {
    "groups:\n  - name: a\n    rules:\n      - alert: Down\n        expr: \(expression)\n"
  }
  static let wrong = [
    Fixture.files(
      ["prometheus.yml": asked, "rules/alerts.yml": file("up{job=\"db\"} == 0")],
      at: "rules/alerts.yml:5")
  ]
  static let right = [
    Fixture.files(["prometheus.yml": asked, "rules/alerts.yml": file("pg_up{job=\"db\"} == 0")])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let asked = Set(deployment.alerts.flatMap(\.query.metrics))
    let jobs = deployment.prometheuses.flatMap(\.jobs)
    return deployment.alerts.compactMap { alert in
      guard let name = alert.query.jobOfUp else { return nil }
      let targets = jobs.filter { $0.name.value == name }.flatMap(\.targets)
      let exporter = targets.lazy.compactMap {
        Product.exporter(host: $0.address.host, port: $0.address.port)
      }.first
      guard let exporter, let own = exporter.ownUp, !asked.contains(own) else { return nil }
      return Flaw(
        "alert '\(alert.name.value)' asks whether \(exporter.name) answers; no alert asks '\(own)'",
        at: alert.query.spot)
    }
  }
}
