/// Rules for alerts come with a server that evaluates them. (S18-HS-08)
enum RulesHaveAServer: AuditRule {
  static let id = "monitoring/rules-have-a-server"
  static let why = "rules that nobody evaluates never fire, and look as if all were well"
  static let fix = "deploy Prometheus with a configuration that names these rules"
  static let source = ["S18-HS-08", "C-24"]
  private static let rules = """
    groups:
      - name: a
        rules: [{alert: Down, expr: up == 0, labels: {severity: page}}]
    """
  static let wrong = [
    Fixture.files(
      ["compose.yml": "services: {web: {image: 'a/b:1.2.3'}}", "rules/alerts.yml": rules],
      at: "rules/alerts.yml:1")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": "services: {prometheus: {image: 'prom/prometheus:v3.1.0'}}",
      "rules/alerts.yml": rules,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    guard !deployment.services.isEmpty, deployment.prometheuses.isEmpty,
      !deployment.services.contains(where: { service in
        service.image?.value.mentions("prometheus", "mimir", "victoria", "thanos", "cortex", "loki")
          ?? false
      })
    else { return [] }
    return deployment.ruleFiles.filter { !$0.alerts.isEmpty }.map {
      Flaw("\($0.alerts.count) alerts, and no Prometheus that evaluates them", at: $0.spot)
    }
  }
}
