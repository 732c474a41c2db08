/// Names of series and of the metrics they belong to.
enum MetricName {
  /// The name itself, and the histogram, summary or counter it is a part of.
  static func bases(_ name: String) -> [String] {
    var bases = [name]
    for ending in ["_bucket", "_count", "_sum", "_total", "_created"] where name.hasSuffix(ending) {
      bases.append(String(name.dropLast(ending.count)))
    }
    // A client of Python adds `_total` to a counter that lacks it.
    bases.append(name + "_total")
    return bases
  }

  /// What Prometheus, every client library and every exporter has.
  static func isCommon(_ name: String) -> Bool {
    let exact: Set = ["up", "ALERTS", "ALERTS_FOR_STATE", "vector", "x"]
    let prefixes = [
      "scrape_", "process_", "python_", "go_", "promhttp_", "prometheus_", "alertmanager_",
      "nodejs_", "jvm_", "probe_", "container_", "machine_", "kube_", "grafana_", "loki_",
    ]
    return exact.contains(name) || prefixes.contains { name.hasPrefix($0) }
  }
}
