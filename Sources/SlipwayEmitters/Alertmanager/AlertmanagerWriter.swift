import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Routes, receivers and what mutes what.
struct AlertmanagerWriter {
  let environment: ResolvedEnvironment

  /// Where nobody is told, alerts stand on Alertmanager's own page.
  static let nobody = "page-only"

  private var receivers: ReceiversValue { environment.specification.receivers }

  /// A level, how fast it is told, and how often again while it lasts.
  private struct Pace {
    let level: RuleAlert.Level
    let wait: String
    let interval: String
    let again: String
  }

  private var paces: [Pace] {
    [
      // Each minute: whoever listens for it notices silence soon. Alertmanager asks at each
      // interval whether the last message is older than `again`; with the same length it would
      // send at every other interval.
      Pace(level: .heartbeat, wait: "0s", interval: "1m", again: "30s"),
      Pace(level: .critical, wait: "10s", interval: "1m", again: "1h"),
      Pace(level: .warning, wait: "1m", interval: "5m", again: "12h"),
    ]
  }

  var document: YAMLNode {
    .map([
      .entry("global", .map([.entry("resolve_timeout", "5m")])),
      .entry("route", route),
      .entry("inhibit_rules", .list([inhibition])),
      .entry("receivers", .list(receiverNodes)),
    ])
  }

  private var route: YAMLNode {
    .map(
      [
        // What no route knows is told as loudly as anything.
        .entry("receiver", .string(name(of: .critical))),
        .entry("group_by", ["alertname", "service"]),
        .entry("group_wait", "10s"),
        .entry("group_interval", "1m"),
        .entry("repeat_interval", "1h"),
        .entry("routes", .list(paces.map(route))),
      ], from: [receivers.origin])
  }

  private func route(_ pace: Pace) -> YAMLNode {
    .map(
      [
        .entry("receiver", .string(name(of: pace.level))),
        .entry("matchers", .list([.string("severity=\"\(pace.level.rawValue)\"")])),
        .entry("group_wait", .string(pace.wait)),
        .entry("group_interval", .string(pace.interval)),
        .entry("repeat_interval", .string(pace.again)),
      ], from: [receivers.origin.at(pace.level.rawValue)])
  }

  /// Who was woken for a trouble of a service needs no second message about the same trouble: the
  /// runbook is what says that two alerts are about the same.
  private var inhibition: YAMLNode {
    .map([
      .entry("source_matchers", ["severity=\"critical\""]),
      .entry("target_matchers", ["severity=\"warning\""]),
      .entry("equal", ["service", "runbook"]),
    ])
  }

  private func name(of level: RuleAlert.Level) -> String {
    list(of: level).isEmpty ? Self.nobody : level.rawValue
  }

  private func list(of level: RuleAlert.Level) -> [Receiver] {
    switch level {
    case .critical: receivers.critical
    case .warning: receivers.warning
    case .heartbeat: receivers.heartbeat.map { [$0] } ?? []
    }
  }

  private var receiverNodes: [YAMLNode] {
    let levels = RuleAlert.Level.allCases
    var nodes = levels.filter { !list(of: $0).isEmpty }.map(receiver)
    if levels.contains(where: { list(of: $0).isEmpty }) {
      nodes.append(.map([.entry("name", .string(Self.nobody, from: [receivers.origin]))]))
    }
    return nodes
  }

  private func receiver(_ level: RuleAlert.Level) -> YAMLNode {
    let members = list(of: level)
    let blocks: [(String, [YAMLNode])] = [
      ("pagerduty_configs", members.compactMap { pagerDuty($0, level) }),
      ("slack_configs", members.compactMap(slack)),
      ("webhook_configs", members.compactMap { webhook($0, level) }),
    ]
    return .map(
      [.entry("name", .string(level.rawValue))]
        + blocks.map { name, nodes in nodes.isEmpty ? nil : .entry(name, .list(nodes)) },
      from: [receivers.origin.at(level.rawValue)])
  }
}

// MARK: - Ways to reach people

extension AlertmanagerWriter {
  /// The secret's value never stands in the file. (S18-HS-07, F21)
  private func secret(of receiver: Receiver) -> YAMLNode {
    .string("\(Path.secrets)/\(receiver.key.fileName)", from: [receiver.origin])
  }

  private func pagerDuty(_ receiver: Receiver, _ level: RuleAlert.Level) -> YAMLNode? {
    guard receiver.kind == .pagerDuty else { return nil }
    return .map(
      [
        .entry("send_resolved", true),
        .entry("routing_key_file", secret(of: receiver)),
        .entry("description", .string(title)),
        // PagerDuty knows these words and no others.
        .entry("severity", .string(level == .heartbeat ? "info" : level.rawValue)),
        .entry("component", "{{ .CommonLabels.service }}"),
        .entry("group", .string(environment.stack.literalInTemplate, from: [environment.origin])),
        .entry("details", .map([.entry("alerts", .string(text))])),
        .entry(
          "links",
          .list([
            .map([
              .entry("href", "{{ .CommonAnnotations.runbook_url }}"), .entry("text", "Runbook"),
            ])
          ])),
      ], from: [receiver.origin])
  }

  private func slack(_ receiver: Receiver) -> YAMLNode? {
    guard case .slack(let channel) = receiver.kind else { return nil }
    return .map(
      [
        .entry("send_resolved", true),
        .entry("api_url_file", secret(of: receiver)),
        .entry(
          "channel", .string(channel.literalInTemplate, from: [receiver.origin.at("channel")])),
        .entry("color", .string(color)),
        .entry("title", .string(title)),
        .entry("title_link", "{{ .CommonAnnotations.runbook_url }}"),
        .entry("text", .string(text)),
        .entry("fallback", .string(title)),
      ], from: [receiver.origin])
  }

  private func webhook(_ receiver: Receiver, _ level: RuleAlert.Level) -> YAMLNode? {
    guard receiver.kind == .webhook else { return nil }
    return .map(
      [
        // The heartbeat's end is its silence, not a message.
        .entry("send_resolved", .bool(level != .heartbeat)),
        .entry("url_file", secret(of: receiver)),
      ], from: [receiver.origin])
  }

  /// `[FIRING 2] HighErrorRate · backend · shop-prod`.
  private var title: String {
    "[{{ .Status | toUpper }}{{ if eq .Status \"firing\" }} {{ .Alerts.Firing | len }}{{ end }}] "
      + "{{ .CommonLabels.alertname }}"
      + "{{ with .CommonLabels.service }} · {{ . }}{{ end }} · "
      + environment.stack.literalInTemplate
  }

  /// Each alert: what is wrong, where, and what to do.
  private var text: String {
    """
    {{ range .Alerts -}}
    {{ .Annotations.summary }}{{ with or .Labels.nodename .Labels.instance }} ({{ . }}){{ end }}
    {{ .Annotations.description }}
    Runbook: {{ .Annotations.runbook_url }}
    {{ with .Annotations.dashboard }}Dashboard: {{ . }}
    {{ end }}Since: {{ .StartsAt.Format "2006-01-02 15:04:05 MST" }}
    {{ end }}
    """
  }

  private var color: String {
    "{{ if eq .Status \"resolved\" }}good{{ else if eq .CommonLabels.severity \"critical\" }}danger"
      + "{{ else }}warning{{ end }}"
  }
}
