/// Prometheus finds every file of rules that it names. (S17-ALERT)
enum RuleFilesAreMounted: AuditRule {
  static let id = "references/rule-files-are-mounted"
  static let why =
    "Prometheus starts without a word when a file of rules is missing: no alert exists"
  static let fix =
    "mount the file where the configuration looks for it, under the name it has there"
  static let source = ["S17-ALERT", "S18-PROM", "C-24"]
  private static let mounted = """
    services:
      prometheus:
        image: prom/prometheus:v3.1.0
        volumes:
          - ./prometheus.yml:/etc/prometheus/prometheus.yml:ro
    """
  static let wrong = [
    Fixture.files(
      ["compose.yml": mounted, "prometheus.yml": "rule_files: [alerts.yml]\nscrape_configs: []\n"],
      at: "compose.yml:5")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services:
        prometheus:
          image: prom/prometheus:v3.1.0
          volumes: ['./watch:/etc/prometheus:ro']
      """,
      "watch/prometheus.yml": "rule_files: [alerts.yml]\nscrape_configs: []\n",
      "watch/alerts.yml": "groups: []\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.references(.ruleFile).filter { !$0.isMet }.map { edge in
      // The mount is what has to change, so that is where the finding stands.
      let mount = deployment.prometheuses.first { $0.path == edge.spot.path }
        .flatMap { deployment.reader(of: $0.path)?.service }
        .flatMap { service in
          service.mounts.first { $0.sourcePath(in: Paths.folder(service.file)) == edge.spot.path }
        }
      return Flaw(
        "Prometheus looks for '\(edge.name)' beside its configuration, and nothing mounts it there",
        at: mount?.source?.spot ?? edge.spot)
    }
  }
}
