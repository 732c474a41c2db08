/// Prometheus asks itself how it is. (S18-PROM)
enum TheWatcherIsWatched: AuditRule {
  static let id = "monitoring/the-watcher-is-watched"
  static let why =
    "a server that drops samples or cannot reach Alertmanager says so only in its metrics"
  static let fix = "add a job for 'localhost:9090', and one that probes the site from outside"
  static let source = ["S18-PROM", "S18-HS-08"]
  static let wrong = [
    Fixture.prometheus(
      """
      global: {scrape_interval: 15s}
      scrape_configs:
        - job_name: web
          static_configs: [{targets: ['web:8000']}]
      """, line: 3)
  ]
  static let right = [
    Fixture.prometheus(
      "scrape_configs: [{job_name: self, static_configs: [{targets: ['localhost:9090']}]}]")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.prometheuses.compactMap { file in
      guard let first = file.jobs.first, file.isServer else { return nil }
      let watched = file.jobs.contains { job in
        job.name.value.contains("prometheus")
          || job.targets.contains {
            $0.address.isLocal && ($0.address.port ?? 9090) == 9090
              || $0.address.host.contains("prometheus")
          }
      }
      return watched
        ? nil
        : .warning("no job asks Prometheus itself, and none asks from outside", at: first.name.spot)
    }
  }
}
