/// Which recording becomes which Swift type.
public struct Catalogue: Sendable, Hashable {
  /// The recording: `node`.
  public let recording: String
  /// The Swift type: `Machine`, since `Node` and `Host` are taken.
  public let type: String
  /// What its metrics' names begin with.
  public let prefix: String
  /// The first line of the type's documentation.
  public let summary: String

  /// All of them, in the order of ``ExporterCatalogues``' list.
  public static let all: [Catalogue] = [
    Catalogue(
      recording: "node", type: "Machine", prefix: "node_",
      summary: "What the node exporter says about a machine."),
    Catalogue(
      recording: "postgres", type: "Postgres", prefix: "pg_",
      summary: "What the PostgreSQL exporter says about a primary and a streaming copy."),
    Catalogue(
      recording: "redis", type: "Redis", prefix: "redis_",
      summary: "What the Redis exporter says about one server."),
    Catalogue(
      recording: "nginx", type: "Nginx", prefix: "nginx_",
      summary: "What the nginx exporter makes of `stub_status`."),
    Catalogue(
      recording: "prometheus", type: "Prometheus", prefix: "prometheus_",
      summary: "What Prometheus says about itself."),
    Catalogue(
      recording: "alertmanager", type: "Alertmanager", prefix: "alertmanager_",
      summary: "What the Alertmanager says about itself."),
    Catalogue(
      recording: "scrape", type: "Scrape", prefix: "scrape_",
      summary: "What Prometheus says of every target: `up` and the scrape's own numbers."),
  ]
}

/// Families that the locked version of an exporter no longer has, by its source: an alert on one
/// would never fire.
private let withdrawn: Set<String> = [
  // nginx-prometheus-exporter 1.5.1 writes `nginx_exporter_build_info`.
  "nginxexporter_build_info",
  // Alertmanager 0.34.0 has `alertmanager_alerts` alone.
  "alertmanager_marked_alerts",
]

/// Families that every Go program exports, which say nothing about what is exported; and the one
/// that the recording script left for the text file collector.
///
/// `process_…` stands in our own contract, under the same names.
func isLeftOut(_ name: String) -> Bool {
  if withdrawn.contains(name) { return true }
  return ["go_", "process_", "promhttp_", "net_conntrack_", "recorded_"].contains {
    name.hasPrefix($0)
  }
}
