/// A metric that every program has is asked of one program. (C-59)
enum ProcessMetricsNameTheirJob: AuditRule {
  static let id = "alerts/process-metrics-name-their-job"
  static let why =
    "every exporter has a memory and a processor time: any of them fires for the service"
  static let fix = "add {job=\"…\"}"
  static let source = ["C-59", "S17-ALERT"]
  private static func file(_ expression: String) -> String {
    "groups:\n  - name: a\n    rules:\n      - alert: Memory\n        expr: \(expression)\n"
  }
  static let wrong = [Fixture.alerts(file("process_resident_memory_bytes > 1e9"), line: 5)]
  static let right = [Fixture.alerts(file("process_resident_memory_bytes{job=\"web\"} > 1e9"))]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.alerts.compactMap { alert in
      guard let name = alert.query.metricOfEveryProcess else { return nil }
      return .warning(
        "alert '\(alert.name.value)' asks for '\(name)' of every program there is",
        at: alert.query.spot)
    }
  }
}
