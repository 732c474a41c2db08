/// A query names a metric that something exports. (C-24)
enum QueriedMetricsAreExported: AuditRule {
  static let id = "alerts/queried-metrics-are-exported"
  static let why = "a query about nothing is empty: the alert never fires, the panel stays blank"
  static let fix = "use a metric that the service or its exporter has; scrape it once and look"
  static let source = ["C-24", "S17-ALERT-11"]
  private static let program =
    "requests = Counter('web_requests_total', 'Requests', ['path'])\nrequests.inc()\n"
  static let wrong = [
    Fixture.files(
      [
        "app/metrics.py": program,
        "rules/alerts.yml": """
        groups:
          - name: a
            rules:
              - alert: Failing
                expr: rate(web_failures_total[5m]) > 1
        """,
      ], at: "rules/alerts.yml:5")
  ]
  static let right = [
    Fixture.files([
      "app/metrics.py": program,
      "rules/alerts.yml": """
      groups:
        - name: a
          rules:
            - record: job:web:rate5m
              expr: sum by (job) (rate(web_requests_total[5m]))
            - alert: Failing
              expr: job:web:rate5m > 1 and up == 1 and process_open_fds > 0
      """,
    ])
  ]

  /// Whether the recorded metrics of an exporter would hold this one if it existed: what hangs on
  /// the machine's hardware or on the store's role may be missing from them.
  private static func isKnowable(_ name: String, _ exporters: Set<String>) -> Bool {
    let parts = name.split(separator: "_")
    guard parts.count > 1, exporters.contains(where: { $0.hasPrefix("\(parts[0])_") }) else {
      return false
    }
    let group = "\(parts[0])_\(parts[1])_"
    if parts[0] == "node" { return exporters.contains { $0.hasPrefix(group) } }
    return !["redis_master_", "redis_slave_", "redis_sentinel_", "redis_cluster_"].contains(group)
  }

  /// First words that programs of many makers use.
  private static let shared: Set = [
    "http", "grpc", "rpc", "db", "sql", "server", "client", "request", "requests", "app", "api",
    "error", "errors", "cache", "queue", "job", "jobs", "task", "tasks", "service", "build",
  ]

  /// The first word of a name: `web` of `web_requests_total`.
  private static func family(_ name: String) -> String { name.cut(at: "_").before }

  static func check(_ deployment: Deployment) -> [Flaw] {
    let declared = Set(deployment.declaredMetrics.map(\.name))
    let service = declared.isEmpty ? deployment.known.service : declared
    let families = Set(service.map(Self.family)).subtracting(Self.shared)
    let recorded = Set(deployment.ruleFiles.flatMap(\.recordings).map(\.value))
    let exporters = deployment.known.exporters
    return deployment.allQueries.flatMap { query, holder in
      query.metrics.compactMap { name -> Flaw? in
        let bases = MetricName.bases(name)
        if recorded.contains(name) || MetricName.isCommon(name) { return nil }
        if bases.contains(where: { service.contains($0) || exporters.contains($0) }) { return nil }
        if let exporter = Product.exporter(metric: name) {
          guard isKnowable(name, exporters) else { return nil }
          // Other versions and queries of one's own may have it, so this is not certain.
          return .warning(
            "\(holder) asks for '\(name)', which the usual \(exporter) does not export",
            at: query.spot)
        }
        // What a service unknown here exports is not known to be missing: only a name that begins
        // as one of its metrics does belongs to it.
        guard families.contains(Self.family(name)) else { return nil }
        return Flaw("\(holder) asks for '\(name)', which nothing exports", at: query.spot)
      }
    }
  }
}
