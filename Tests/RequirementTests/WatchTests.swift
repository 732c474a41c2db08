import Foundation
import SlipwayDocuments
import TestSupport
import Testing

/// An alert as Prometheus has it.
struct StandingAlert {
  let expression: String
  let hold: String?
  let severity: String?
}

/// A panel with what it asks.
struct StandingPanel {
  let title: String
  let type: String
  let expression: String
}

extension Deployed {
  func alerts() throws -> [String: StandingAlert] {
    var found: [String: StandingAlert] = [:]
    for file in ["critical", "warning", "long-windows", "standard"] {
      let rules = try yaml("prometheus/rules/\(file).yml")["groups"]?[0]?["rules"]?.list
      for rule in try #require(rules) {
        guard let name = rule["alert"]?.string else { continue }
        #expect(found[name] == nil, "'\(name)' stands twice")
        found[name] = StandingAlert(
          expression: Self.line(rule["expr"]?.string), hold: rule["for"]?.string,
          severity: rule["labels"]?["severity"]?.string)
      }
    }
    return found
  }

  func panels(_ dashboard: String) throws -> [StandingPanel] {
    let board = try JSONReader.read(text("grafana/dashboards/\(dashboard).json")).root
    return try #require(board["panels"]?.list).map { panel in
      StandingPanel(
        title: panel["title"]?.string ?? "", type: panel["type"]?.string ?? "",
        expression: Self.line(panel["targets"]?[0]?["expr"]?.string))
    }
  }

  /// On one line, however it was broken.
  private static func line(_ text: String?) -> String {
    (text ?? "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}

/// The alerts that the documents name, with the conditions that were decided.
struct AlertTests {
  private let alerts: [String: StandingAlert]
  private static let failing =
    #"sum(rate(http_requests_total{status="5xx"}[5m])) / sum(rate(http_requests_total[5m]))"#
  private static let p95 =
    "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))"

  init() throws { alerts = try Deployed.prod.alerts() }

  private func expect(
    _ name: String, _ expression: String, for hold: String?, _ severity: String,
    at location: SourceLocation = #_sourceLocation
  ) {
    let alert = alerts[name]
    #expect(alert?.expression == expression, sourceLocation: location)
    #expect(alert?.hold == hold, sourceLocation: location)
    #expect(alert?.severity == severity, sourceLocation: location)
  }

  @Test(
    .covers(
      "S17-ALERT-02", "S03-ALERT-03", "S04-OBS-13", "S04-OBS-15", "C-03", "C-25"))
  func `many errors are a share of all requests`() throws {
    expect("HighErrorRate", "\(Self.failing) > 0.01", for: "5m", "critical")
    let staging = try Deployed.staging.alerts()["HighErrorRate"]
    #expect(staging?.expression == "\(Self.failing) > 0.05")
    let names = ["ErrorBudgetBurnsFast", "ErrorBudgetBurnsSteadily", "ErrorBudgetShrinks"]
    #expect(names.map { alerts[$0]?.severity } == ["critical", "critical", "warning"])
    // 14.4 and 6 times the budget of 0.1 %, then 3 times and once.
    for (name, bounds) in zip(names, [["0.0144"], ["0.006"], ["0.003", "0.001"]]) {
      for bound in bounds { #expect(alerts[name]?.expression.contains("> \(bound)") == true) }
    }
  }

  @Test(.covers("S17-ALERT-03", "C-26"))
  func `slow answers warn from 100 ms and wake somebody from 2 s`() {
    expect("SlowResponseTime", "\(Self.p95) > 2", for: "5m", "critical")
    expect("HighLatency", "\(Self.p95) > 0.1", for: "5m", "warning")
  }

  @Test(.covers("S17-ALERT-04", "S17-ALERT-08", "C-27", "C-28"))
  func `a pool and the sockets of a replica warn at nine tenths of their limit`() {
    expect(
      "DatabaseConnectionPoolExhausted", "database_connections / database_connections_limit > 0.9",
      for: "2m", "critical")
    expect(
      "HighWebSocketConnectionCount", "websocket_connections / websocket_connections_limit > 0.9",
      for: "5m", "warning")
  }

  @Test(.covers("S17-ALERT-05")) func `the database itself is asked whether it is there`() {
    expect("DatabaseDown", "min(pg_up) == 0", for: "1m", "critical")
  }

  @Test(.covers("S17-ALERT-06", "C-58")) func `no trades are no alert while the market is closed`()
  {
    expect(
      "NoTradesExecuted",
      "sum(increase(trades_executed_total[1h])) == 0 and on () max(market_open) == 1", for: "2h",
      "warning")
  }

  @Test(.covers("S17-ALERT-07")) func `failed trades are a share of those attempted`() {
    expect(
      "HighTradeFailureRate",
      "sum(rate(trades_failed_total[5m])) / sum(rate(trades_attempted_total[5m])) > 0.1",
      for: "5m", "critical")
  }

  @Test(.covers("S17-ALERT-09", "S17-ALERT-10", "S04-OBS-16", "C-59"))
  func `memory and processor warn at 80 percent of the declared limit`() throws {
    let limits = try Deployed.prod.service("backend")["deploy"]?["resources"]?["limits"]
    let memory = try mebibytes(limits?["memory"]?.string) << 20
    expect(
      "HighMemoryUsage", "process_resident_memory_bytes{job=\"backend\"} > \(memory * 8 / 10)",
      for: "5m", "warning")
    let cores = try #require(Double(limits?["cpus"]?.scalarText ?? ""))
    expect(
      "HighCPUUsage", "rate(process_cpu_seconds_total{job=\"backend\"}[5m]) > \(cores * 0.8)",
      for: "5m", "warning")
  }

  @Test(.covers("S04-ENV-06", "S04-OBS-03", "S04-OBS-16"))
  func `machines warn of memory and disk`() {
    let named = "* on (instance) group_left (nodename) node_uname_info"
    expect(
      "DiskAlmostFull",
      "node_filesystem_avail_bytes / node_filesystem_size_bytes \(named) < 0.1",
      for: "15m", "critical")
    expect(
      "MachineMemoryLow",
      "node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes \(named) < 0.1",
      for: "10m", "warning")
  }

  @Test(.covers("S03-ALERT-04", "S03-ALERT-05"))
  func `the cache is judged by its hits, the database by its queries`() {
    let hits = alerts["LowCacheHitRate"]?.expression ?? ""
    #expect(hits.contains("cache_hits_total") && hits.contains("cache_misses_total"))
    #expect(alerts["LowCacheHitRate"]?.hold == "10m")
    expect("DatabaseSlow", "sum(rate(database_queries_total[5m])) > 50", for: "5m", "warning")
  }

  @Test(.covers("S04-DB-04")) func `Redis is asked whether it is there and how full it is`() {
    expect("RedisDown", "min(redis_up) == 0", for: "1m", "critical")
    expect(
      "RedisMemoryHigh", "redis_memory_used_bytes / redis_memory_max_bytes > 0.9", for: "10m",
      "warning")
  }

  @Test(.covers("S04-OBS-14")) func `an open breaker warns`() {
    expect(
      "CircuitBreakerOpen", "max by (breaker) (circuit_breaker_state{state=\"open\"}) == 1",
      for: "2m", "warning")
  }

  @Test(.covers("C-18"))
  func `a backup that was not restored for 26 hours wakes somebody`() {
    expect(
      "BackupStale",
      "time() - max(flowrex_backup_last_verified_timestamp_seconds) > \(26 * 3600)", for: "10m",
      "critical")
    expect(
      "BackupUnknown", "absent(flowrex_backup_last_verified_timestamp_seconds)", for: "1h",
      "critical")
  }
}

/// Who is measured, and what is shown.
struct MonitoringTests {
  @Test(.covers("S18-PROM-01"), arguments: Deployed.depended)
  func `everything is asked every 15 seconds, under the environment's name`(
    environment: Deployed
  ) throws {
    let global = try #require(try environment.yaml("prometheus/prometheus.yml")["global"])
    #expect(global["scrape_interval"]?.string == "15s")
    #expect(global["evaluation_interval"]?.string == "15s")
    let labels = global["external_labels"]
    #expect(labels?["cluster"]?.string == "flowrex-\(environment.name)")
    #expect(labels?["environment"]?.string == environment.name)
  }

  @Test(
    .covers(
      "S17-VAR-54", "S18-PROM-02", "S18-PROM-04", "S18-PROM-05", "S18-PROM-06", "S18-PROM-07",
      "S18-PROM-08"),
    arguments: Deployed.all)
  func `back end, machines, stores and edge are scraped on their ports`(
    environment: Deployed
  ) throws {
    let file = try environment.yaml("prometheus/prometheus.yml")
    var ports: [String: Int] = [:]
    var hosts: [String: [String]] = [:]
    for job in try #require(file["scrape_configs"]?.list) {
      let name = job["job_name"]?.string ?? ""
      ports[name] = job["dns_sd_configs"]?[0]?["port"]?.integer
      hosts[name] = job["dns_sd_configs"]?[0]?["names"]?.list?.compactMap(\.string)
    }
    #expect(try environment.variables(of: "backend")["METRICS_PORT"] == "9090")
    let expected = ["backend": 9090, "node": 9100, "postgres": 9187, "redis": 9121, "nginx": 9113]
    for (job, port) in expected { #expect(ports[job] == port, "\(job)") }
    let services = try environment.services().map(\.key)
    for host in hosts.values.joined() { #expect(services.contains(host), "\(host)") }
    let managers = file["alerting"]?["alertmanagers"]?[0]?["dns_sd_configs"]?[0]
    #expect(managers?["names"]?[0]?.string == "alertmanager")
    #expect(managers?["port"]?.integer == 9093)
    let inside = try Edge(environment).location("=", "/stub_status")
    #expect(inside != nil)
  }

  @Test(
    .covers(
      "S18-PROM-09", "S18-PROM-10", "S18-PROM-11", "S18-PROM-12", "S18-PROM-13", "S18-PROM-14",
      "S18-PROM-15", "S18-PROM-16", "S18-PROM-17", "S18-PROM-18", "S18-CL-MON-02"))
  func `the overview has the panels of the document`() throws {
    let asked = Set(try Deployed.prod.panels("platform-overview").map(\.expression))
    for expression in [
      "sum(rate(http_requests_total[5m]))",
      #"sum(rate(http_requests_total{status="5xx"}[5m])) / sum(rate(http_requests_total[5m]))"#,
      "histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket[5m])))",
      "sum(increase(trades_executed_total[1h]))", "max(active_strategies)",
      "sum(websocket_connections)", "database_connections / database_connections_limit",
      #"rate(process_cpu_seconds_total{job="backend"}[5m])"#,
      #"process_resident_memory_bytes{job="backend"}"#,
    ] {
      #expect(asked.contains(expression), "\(expression)")
    }
    // Provisioning takes the board itself, not the envelope of the API.
    let board = try JSONReader.read(
      Deployed.prod.text("grafana/dashboards/platform-overview.json")
    ).root
    #expect(board["title"]?.string == "Flowrex: overview" && board["dashboard"] == nil)
  }

  @Test(
    .covers("S03-DASH-01", "S03-DASH-02", "S03-DASH-03", "S03-DASH-04", "S03-DASH-05")
  )
  func `percentiles, hits, errors, users and queries are shown`() throws {
    let panels =
      try Deployed.prod.panels("platform-overview") + Deployed.prod.panels("stores")
    func has(_ part: String, type: String? = nil) -> Bool {
      panels.contains { $0.expression.contains(part) && (type == nil || $0.type == type) }
    }
    for quantile in ["0.5", "0.95", "0.99"] {
      #expect(has("histogram_quantile(\(quantile), sum by (le) (rate(http_request_duration_"))
    }
    #expect(has("rate(cache_hits_total[10m])", type: "gauge"))
    #expect(has("http_requests_total{status=\"5xx\"}"))
    #expect(has("sum(http_requests_in_progress)"))
    #expect(has("rate(database_queries_total[5m])"))
  }
}
