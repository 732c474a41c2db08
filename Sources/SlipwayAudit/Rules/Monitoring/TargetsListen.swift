/// Prometheus asks a service on a port where it listens. (C-05)
enum TargetsListen: AuditRule {
  static let id = "monitoring/targets-listen"
  static let why =
    "a refused connection looks like a service that is down, for ever: no metric, no alert"
  static let fix = "ask the port that the service listens on, or let it listen there"
  static let source = ["C-05", "C-24"]
  private static let stack = "services: {web: {image: 'a/b:1.2.3', expose: ['8000']}}"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack,
        "prometheus.yml": """
        scrape_configs:
          - job_name: web
            static_configs:
              - targets: ['web:9090']
        """,
      ], at: "prometheus.yml:4")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack,
      "prometheus.yml":
        "scrape_configs: [{job_name: web, static_configs: [{targets: ['web:8000']}]}]",
    ]),
    Fixture.files([
      "compose.yml": "services: {web: {image: 'a/b:1.2.3'}}",
      "prometheus.yml":
        "scrape_configs: [{job_name: web, static_configs: [{targets: ['web:9090']}]}]",
    ]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.prometheuses.flatMap { file in
      (file.jobs.flatMap(\.targets) + file.alertTargets).compactMap { target -> Flaw? in
        guard let port = target.address.port,
          let service = deployment.service(target.address.host, near: file.path)
        else { return nil }
        let ports = deployment.listens(service)
        guard !ports.isEmpty, !ports.contains(port) else { return nil }
        let known = ports.sorted().map(String.init).joined(separator: ", ")
        return Flaw(
          "'\(target.address.host)' is asked on port \(port) and is known to listen on \(known)",
          at: target.spot)
      }
    }
  }
}
