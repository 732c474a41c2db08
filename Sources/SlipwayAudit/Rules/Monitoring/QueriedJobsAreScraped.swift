/// A query names a job that Prometheus has. (C-24)
enum QueriedJobsAreScraped: AuditRule {
  static let id = "monitoring/queried-jobs-are-scraped"
  static let why = "a query about a job that does not exist is empty: its alert never fires"
  static let fix = "use the 'job_name' of a scrape configuration"
  static let source = ["C-24"]
  private static let asked =
    "scrape_configs: [{job_name: web, static_configs: [{targets: ['localhost:9090']}]}]"
  static let wrong = [
    Fixture.files(
      [
        "prometheus.yml": asked,
        "rules/alerts.yml": """
        groups:
          - name: a
            rules:
              - alert: Down
                expr: up{job="api"} == 0
        """,
      ], at: "rules/alerts.yml:5")
  ]
  static let right = [
    Fixture.files([
      "prometheus.yml": asked,
      "rules/alerts.yml":
        "groups: [{name: a, rules: [{alert: Down, expr: 'up{job=\"web\"} == 0'}]}]",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dangling(.jobLabel) {
      "\($0.holder) asks for job '\($0.name)', which nothing scrapes"
    }
  }
}
