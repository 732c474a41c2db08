/// What Prometheus asks and where it sends alerts is deployed. (C-24)
enum TargetsAreServices: AuditRule {
  static let id = "references/targets-are-services"
  static let why = "a target that nobody runs is down for ever, and alerts sent to nobody are lost"
  static let fix = "deploy the service under this name, or take the target out"
  static let source = ["C-24", "C-69", "S18-PROM"]
  private static let stack = "services: {web: {image: 'shop/web:1.2.3', expose: ['8000']}}\n"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack,
        "prometheus.yml": """
        scrape_configs:
          - job_name: machine
            static_configs:
              - targets: ['node-exporter:9100']
        """,
      ], at: "prometheus.yml:4"),
    Fixture.files(
      [
        "compose.yml": stack,
        "prometheus.yml": """
        alerting:
          alertmanagers:
            - static_configs:
                - targets:
                    - alertmanager:9093
        scrape_configs: []
        """,
      ], at: "prometheus.yml:5"),
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack,
      "prometheus.yml": """
      scrape_configs:
        - job_name: web
          static_configs: [{targets: ['web:8000', 'localhost:9090', '10.0.0.1:80', 'a.org:1']}]
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dangling(.scrapeTarget) {
      "\($0.holder) asks '\($0.name)', which no Compose file runs"
    }
      + deployment.dangling(.alertTarget) {
        "alerts go to '\($0.name)', which no Compose file runs"
      }
  }
}
