/// A name that a document uses and we do not export.
public struct SupersededMetric: Sendable, Hashable {
  /// The name in the documents.
  public let old: String
  /// What answers the question instead.
  public let new: String
  /// Whether a recording rule keeps the old name for old dashboards. (C-23)
  public let isRecorded: Bool
  /// The decision.
  public let why: String

  public init(_ old: String, _ new: String, isRecorded: Bool, _ why: String) {
    self.old = old
    self.new = new
    self.isRecorded = isRecorded
    self.why = why
  }
}

/// What the documents call by another name. (C-23, C-24)
public let supersededMetrics: [SupersededMetric] = [
  SupersededMetric(
    "request_duration_seconds", "http_request_duration_seconds", isRecorded: true, "C-23"),
  SupersededMetric("errors_total", "http_requests_total", isRecorded: true, "C-23"),
  SupersededMetric("pg_queries_total", "database_queries_total", isRecorded: true, "C-24"),
  SupersededMetric("redis_keys_total", "cache_hits_total", isRecorded: false, "C-24"),
  SupersededMetric("redis_db_keys", "redis exporter's own", isRecorded: false, "C-24"),
  SupersededMetric("up", "Prometheus' own, and pg_up", isRecorded: false, "C-24"),
]
