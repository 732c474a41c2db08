import PromQL
import SlipwayDiagnostics
import SlipwayDocuments

/// A configuration of Prometheus.
struct PrometheusFile: Sendable {
  let path: String
  let jobs: [ScrapeJob]
  /// The targets that alerts are sent to.
  let alertTargets: [Target]
  let ruleFiles: [Text]
  let spot: Spot
  /// Whether it is the configuration of a server, and not a part of one.
  let isServer: Bool

  struct ScrapeJob: Sendable {
    let name: Text
    let targets: [Target]
    /// Seconds between two scrapes, if stated here.
    let metricsPath: String
  }

  /// Something that is asked over the network.
  struct Target: Sendable {
    let address: HostPort
    let spot: Spot
    /// Whether the name is looked up again and again, each address a target of its own.
    let isDiscovered: Bool
  }

  init(_ path: String, _ root: LocatedValue, _ notes: inout [Note]) {
    self.path = path
    spot = Spot(path, root.start)
    isServer = root["global"] != nil || root["rule_files"] != nil || root["alerting"] != nil
    let known: Set = [
      "global", "alerting", "rule_files", "scrape_configs", "scrape_config_files", "remote_write",
      "remote_read", "storage", "tracing", "otlp", "runtime",
    ]
    for member in root.map ?? [] where !known.contains(member.key) {
      notes.append(Note("'\(member.key)' of Prometheus", Spot(path, member.keyStart)))
    }
    ruleFiles = (root["rule_files"]?.list ?? []).compactMap { element in
      element.scalarText.map { Text($0, Spot(path, element.start)) }
    }
    jobs = (root["scrape_configs"]?.list ?? []).map { job in
      let name = job.member("job_name")
      return ScrapeJob(
        name: Text(
          name?.value.scalarText ?? "", Spot(path, name?.keyStart ?? job.start)),
        targets: Self.targets(job, path),
        metricsPath: job["metrics_path"]?.scalarText ?? "/metrics")
    }
    alertTargets = (root["alerting"]?["alertmanagers"]?.list ?? []).flatMap {
      Self.targets($0, path)
    }
  }

  private static func targets(_ job: LocatedValue, _ path: String) -> [Target] {
    var found: [Target] = []
    for group in job["static_configs"]?.list ?? [] {
      for target in group["targets"]?.list ?? [] {
        guard let address = target.scalarText.flatMap(HostPort.init) else { continue }
        found.append(
          Target(address: address, spot: Spot(path, target.start), isDiscovered: false))
      }
    }
    for group in job["dns_sd_configs"]?.list ?? [] {
      let port = group["port"]?.integer
      for name in group["names"]?.list ?? [] {
        guard var host = name.scalarText else { continue }
        if host.hasPrefix("tasks.") { host = String(host.dropFirst(6)) }
        guard let address = HostPort(port.map { "\(host):\($0)" } ?? host) else { continue }
        found.append(Target(address: address, spot: Spot(path, name.start), isDiscovered: true))
      }
    }
    return found
  }
}

/// A file of alerting and recording rules.
struct RuleFile: Sendable {
  let path: String
  let alerts: [AlertRule]
  let recordings: [Text]
  /// Expressions of recordings.
  let queries: [MetricQuery]
  let spot: Spot

  struct AlertRule: Sendable {
    let name: Text
    let query: MetricQuery
    let labels: [String: Text]
    let annotations: [String: String]
    var words: String { ([name.value] + annotations.values.sorted()).joined(separator: " ") }
  }

  init(_ path: String, _ root: LocatedValue, _ broken: inout [Finding], _ shown: String) {
    self.path = path
    spot = Spot(path, root.map?.first?.keyStart ?? root.start)
    var alerts: [AlertRule] = []
    var recordings: [Text] = []
    var queries: [MetricQuery] = []
    for rule in (root["groups"]?.list ?? []).flatMap({ $0["rules"]?.list ?? [] }) {
      guard let expression = rule["expr"], let text = expression.scalarText else { continue }
      var notes: [Note] = []
      let query = MetricQuery(
        text, expression.textSpot(path, text), &notes, isDashboard: false)
      for note in notes { broken.append(Self.unreadable(note, shown)) }
      if let name = rule["record"]?.scalarText {
        recordings.append(Text(name, Spot(path, rule.start)))
        queries.append(query)
      } else if let name = rule.member("alert") {
        alerts.append(
          AlertRule(
            name: Text(name.value.scalarText ?? "", Spot(path, name.keyStart)), query: query,
            labels: Self.texts(rule["labels"], path),
            annotations: Self.texts(rule["annotations"], path).mapValues(\.value)))
      }
    }
    self.alerts = alerts
    self.recordings = recordings
    self.queries = queries
  }

  private static func unreadable(_ note: Note, _ shown: String) -> Finding {
    Finding(
      rule: "files/can-be-read", message: note.message,
      lands: Landing(path: shown, line: note.spot.line),
      why: "what cannot be read is not checked, and its tool will refuse it as well",
      fix: "correct the syntax at this place")
  }

  private static func texts(_ value: LocatedValue?, _ path: String) -> [String: Text] {
    var found: [String: Text] = [:]
    for member in value?.map ?? [] {
      found[member.key] = Text(member.value.scalarText ?? "", Spot(path, member.keyStart))
    }
    return found
  }
}

extension LocatedValue {
  /// Where the text of a scalar starts: a block scalar begins on the line behind its mark.
  func textSpot(_ path: String, _ text: String) -> Spot {
    let isBlock = lastLine > start.line || text.hasSuffix("\n")
    return isBlock ? Spot(path, start.line + 1) : Spot(path, start)
  }
}

/// An expression over metrics, with its place.
struct MetricQuery: Sendable {
  let text: String
  let spot: Spot
  /// `nil` if it could not be read.
  let expression: Expression?

  init(_ text: String, _ spot: Spot, _ notes: inout [Note], isDashboard: Bool) {
    self.text = text
    self.spot = spot
    let plain = isDashboard ? Self.withoutVariables(text) : text
    do throws(PromQLError) {
      expression = try Parser.parse(plain)
    } catch {
      expression = nil
      notes.append(Note("the expression is not PromQL: \(error.message)", spot))
    }
  }

  /// Grafana's variables replaced by something of the same form.
  private static func withoutVariables(_ text: String) -> String {
    var result = text.replacing(/\$\{?(?:__rate_interval|__interval|__range)\}?/, with: "5m")
    result = result.replacing(/\[\$\{?[a-zA-Z_][a-zA-Z0-9_]*(?::[a-z]+)?\}?/, with: "[5m")
    return result.replacing(/\$\{?[a-zA-Z_][a-zA-Z0-9_]*(?::[a-z]+)?\}?/, with: "x")
  }

  /// The selectors in it.
  var uses: [SelectorUse] { expression.map { Inventory($0).selectors } ?? [] }
}

/// A configuration of Alertmanager.
struct AlertmanagerFile: Sendable {
  let path: String
  let receivers: [Text]
  /// Receivers that routes name.
  let routed: [Text]
  /// Values of `severity` that routes ask for; a pattern counts with each of its choices.
  let severities: Set<String>
  let hasDefault: Bool

  init(_ path: String, _ root: LocatedValue) {
    self.path = path
    receivers = (root["receivers"]?.list ?? []).compactMap { receiver in
      receiver.member("name").map {
        Text($0.value.scalarText ?? "", Spot(path, $0.keyStart))
      }
    }
    var routed: [Text] = []
    var severities: Set<String> = []
    func visit(_ route: LocatedValue) {
      if let receiver = route.member("receiver") {
        routed.append(Text(receiver.value.scalarText ?? "", Spot(path, receiver.keyStart)))
      }
      for matcher in route["matchers"]?.list ?? [] {
        let text = matcher.scalarText ?? ""
        guard text.trimmed.hasPrefix("severity") else { continue }
        severities.formUnion(text.matches(of: /[a-z_]+/).map { String($0.0) })
      }
      if let severity = route["match"]?["severity"]?.scalarText {
        severities.insert(severity)
      }
      for inner in route["routes"]?.list ?? [] { visit(inner) }
    }
    let top = root["route"]
    if let top { visit(top) }
    self.routed = routed
    self.severities = severities
    hasDefault = top?["receiver"] != nil
  }
}

/// Data sources that Grafana is provisioned with.
struct DatasourceFile: Sendable {
  let path: String
  let ids: Set<String>
  /// Whether Grafana makes up the id of one.
  let isOpen: Bool
  /// Where each one is asked.
  let targets: [Text]

  init(_ path: String, _ root: LocatedValue) {
    self.path = path
    let all = root["datasources"]?.list ?? []
    isOpen = all.contains { $0["uid"] == nil }
    ids = Set(
      all.flatMap { [$0["uid"]?.scalarText, $0["name"]?.scalarText] }
        .compactMap { $0 })
    targets = all.compactMap { source in
      source.member("url").flatMap { url in
        url.value.scalarText.map { Text($0, Spot(path, url.keyStart)) }
      }
    }
  }
}
