import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Every alert has a severity, every severity has a route, and every route ends at somebody who is
/// told. Looks at the bytes of rules and of Alertmanager's configuration. (C-69, S18-HS-08)
package enum SeveritiesReachReceivers: Rule {
  package static let id = "alerts/severities-reach-receivers"
  package static let why = "an alert that reaches nobody is noticed when its harm is"
  package static let fix = "give the severity a receiver in the environment's `receivers:`"
  package static let source = ["C-69", "C-25", "S17-ALERT-10", "S18-HS-08"]

  package static let breakers: [Breaker] = [
    .file(
      "a severity without a route", "alertmanager/alertmanager.yml",
      replacing: "- severity=\"warning\"\n    group_wait",
      with: "- severity=\"mild\"\n    group_wait"),
    .file(
      "a route without a receiver", "alertmanager/alertmanager.yml",
      replacing: "receivers:\n- name: ", with: "receivers:\n- name: not-"),
    .file(
      "an alert without a severity", "prometheus/rules/critical.yml",
      replacing: "severity: critical",
      with: "urgency: critical"),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let manager = subject.yaml("alertmanager/alertmanager.yml") else { return [] }
    // On a developer's machine alerts are looked at, not sent.
    let told = Receivers(manager, mayBeDeaf: !subject.environment.stage.isDeployed)
    let alerts = subject.alertFiles.flatMap { file, alerts in
      alerts.map { (file, $0) }
    }
    return told.dangling
      + alerts.compactMap { file, alert in
        guard let severity = alert.labels["severity"] else {
          return Violation(.without(alert.name), lands: file.landing(line: alert.line))
        }
        if told.severities.contains(severity) { return nil }
        return Violation(.unheard(alert.name, severity), lands: file.landing(line: alert.line))
      }
  }
}

/// What Alertmanager would do with an alert.
private struct Receivers {
  /// Severities with a route of their own to somebody.
  var severities: Set<String> = []
  /// Routes that lead nowhere.
  var dangling: [Violation] = []

  init(_ file: ReadFile<LocatedValue>, mayBeDeaf: Bool) {
    let entries = file.tree["receivers"]?.list ?? []
    let deaf = Set(
      entries.filter { ($0.map ?? []).allSatisfy { !$0.key.hasSuffix("_configs") } }
        .compactMap { $0["name"]?.scalarText })
    let names = Set(entries.compactMap { $0["name"]?.scalarText })
    let route = file.tree["route"]
    for branch in [route].compactMap({ $0 }) + (route?["routes"]?.list ?? []) {
      guard let receiver = branch["receiver"]?.scalarText else { continue }
      let line = branch["receiver"]?.start.line ?? branch.start.line
      if !names.contains(receiver) {
        dangling.append(Violation(.nobody(receiver), lands: file.landing(line: line)))
      } else if !mayBeDeaf, deaf.contains(receiver) {
        dangling.append(Violation(.deaf(receiver), lands: file.landing(line: line)))
      }
      for matcher in branch["matchers"]?.list ?? [] {
        let parts = (matcher.scalarText ?? "").split(separator: "=", maxSplits: 1)
        guard parts.count == 2, parts[0] == "severity" else { continue }
        severities.insert(parts[1].filter { $0 != "\"" })
      }
    }
  }
}

extension String {
  fileprivate static func without(_ alert: String) -> String {
    "alert '\(alert)' has no severity, so no route takes it"
  }
  fileprivate static func unheard(_ alert: String, _ severity: String) -> String {
    "alert '\(alert)' has severity '\(severity)', for which Alertmanager has no route"
  }
  fileprivate static func nobody(_ receiver: String) -> String {
    "a route leads to receiver '\(receiver)', which does not exist"
  }
  fileprivate static func deaf(_ receiver: String) -> String {
    "receiver '\(receiver)' tells nobody"
  }
}
