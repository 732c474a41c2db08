/// An alert on processor time knows how much of it there is. (C-59)
enum ProcessorAlertsKnowTheLimit: AuditRule {
  static let id = "capacity/processor-alerts-know-the-limit"
  static let why = "the rate of processor seconds counts processors, not a share of the limit"
  static let fix = "divide by the limit, or state the threshold as 0.8 times the processors"
  static let source = ["C-59"]
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": """
        services: {web: {image: 'shop/web:1.2.3', cpus: 2}}
        """,
        "rules/alerts.yml": """
        groups:
          - name: a
            rules:
              - alert: Busy
                expr: rate(process_cpu_seconds_total{job="web"}[5m]) > 0.8
        """,
      ], at: "rules/alerts.yml:5")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": "services: {web: {image: 'shop/web:1.2.3', cpus: 2}}",
      "rules/alerts.yml": """
      groups:
        - name: a
          rules:
            - alert: Busy
              expr: rate(process_cpu_seconds_total{job="web"}[5m]) > 1.6
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let limits = deployment.services.filter(\.isOurs).compactMap(\.cpus)
      .compactMap { Double($0.value) }
    guard let most = limits.max(), most > 1 else { return [] }
    return deployment.alerts.compactMap { alert in
      guard let comparison = alert.query.comparison, comparison.isAbove,
        let number = comparison.number, number > 0, number < 1, !comparison.isRatio,
        alert.query.metrics.first == "process_cpu_seconds_total"
      else { return nil }
      return .warning(
        "alert '\(alert.name.value)' fires at \(number.plain) processors, where a service may use "
          + "\(most.plain)", at: alert.query.spot)
    }
  }
}
