/// Several processes of one container answer with one set of counters. (C-67)
enum WorkersShareTheirCounters: AuditRule {
  static let id = "monitoring/workers-share-their-counters"
  static let why =
    "each scrape is answered by another process: counters go backwards and every rate is noise"
  static let fix = "run one process for each replica, or set PROMETHEUS_MULTIPROC_DIR"
  static let source = ["C-67", "S17-MET"]
  private static let asked = """
    scrape_configs:
      - job_name: web
        static_configs:
          - targets: ['web:8000']
    """
  static let wrong = [
    Fixture.files(
      [
        "compose.yml":
          "services: {web: {image: 'a/b:1.2.3', command: uvicorn app:app --workers 4}}",
        "prometheus.yml": asked,
      ], at: "prometheus.yml:4")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": "services: {web: {image: 'a/b:1.2.3', command: uvicorn app:app}}",
      "prometheus.yml": asked,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.prometheuses.flatMap { file in
      file.jobs.flatMap(\.targets).compactMap { target -> Flaw? in
        guard let service = deployment.service(target.address.host, near: file.path),
          let workers = deployment.workers(service), workers.count > 1
        else { return nil }
        let name = "PROMETHEUS_MULTIPROC_DIR"
        let isShared =
          service.variable(name) != nil
          || deployment.dockerfile(of: service)?.finalSteps.contains { $0.text.contains(name) }
            ?? false
          || deployment.dotenvs.contains { $0.variables.contains { $0.name == name } }
        return isShared
          ? nil
          : Flaw(
            "each scrape of '\(target.address.host)' reaches one of its \(workers.count) "
              + "processes, "
              + "each with counters of its own", at: target.spot)
      }
    }
  }
}
