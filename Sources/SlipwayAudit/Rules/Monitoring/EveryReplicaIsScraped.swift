/// Each replica of a service is a target of its own. (C-29)
enum EveryReplicaIsScraped: AuditRule {
  static let id = "monitoring/every-replica-is-scraped"
  static let why = "one name reaches another replica each time: counters jump back and forth"
  static let fix = "use 'dns_sd_configs' with the service's name, type A and the port"
  static let source = ["C-29", "S18-PROM"]
  private static let stack = "services: {web: {image: 'a/b:1.2.3', scale: 3}}"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack,
        "prometheus.yml": """
        scrape_configs:
          - job_name: web
            static_configs:
              - targets: ['web:8000']
        """,
      ], at: "prometheus.yml:4")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack,
      "prometheus.yml": """
      scrape_configs:
        - job_name: web
          dns_sd_configs: [{names: [tasks.web], type: A, port: 8000}]
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.prometheuses.flatMap { file in
      file.jobs.flatMap(\.targets).compactMap { target -> Flaw? in
        guard !target.isDiscovered,
          let service = deployment.service(target.address.host, near: file.path),
          service.replicas > 1
        else { return nil }
        return Flaw(
          "'\(target.address.host)' has \(service.replicas) replicas and is asked as one target",
          at: target.spot)
      }
    }
  }
}
