import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The rule files: what is computed beforehand, and what is watched for.
struct RuleWriter {
  static let recordingsFile = "rules/recordings.yml"

  let environment: ResolvedEnvironment
  let families: [RuleFamily]
  private let panels: MarkedPanels

  init(environment: ResolvedEnvironment) {
    self.environment = environment
    families = RuleFamily.all(of: environment)
    panels = MarkedPanels(environment)
  }

  /// All rule files, as `prometheus.yml` names them.
  var files: [String] {
    (environment.recordings.isEmpty ? [] : [Self.recordingsFile]) + families.map(file)
  }

  func file(of family: RuleFamily) -> String { "rules/\(family.name).yml" }

  /// `nil` when nothing is recorded.
  var recordings: YAMLNode? {
    guard !environment.recordings.isEmpty else { return nil }
    return group(
      "recordings",
      environment.recordings.map { recording in
        .map(
          [
            .entry("record", .string(recording.name, from: [recording.origin])),
            .entry("expr", .string(recording.expression.blockText, from: [recording.origin])),
          ], from: [recording.origin])
      })
  }

  func document(_ family: RuleFamily) -> YAMLNode {
    group(family.name, family.alerts.map(rule))
  }

  /// A group has the name of its file, behind that of the project: rule names in Prometheus' own
  /// metrics stay the same in every environment. (S17-ALERT-01)
  private func group(_ name: String, _ rules: [YAMLNode]) -> YAMLNode {
    .map([
      .entry(
        "groups",
        .list([
          .map([
            .entry("name", .string("\(environment.project.contract.name)-\(name)")),
            .entry("interval", "30s"),
            .entry("rules", .list(rules)),
          ])
        ]))
    ])
  }

  private func rule(_ alert: RuleAlert) -> YAMLNode {
    let origin = alert.origin
    return .map(
      [
        .entry("alert", .string(alert.name, from: [origin])),
        .entry("expr", .string(alert.expression.blockText, from: [origin.at("when")])),
        alert.hold == .zero
          ? nil : .entry("for", .string(alert.hold.prometheusText, from: [origin.at("for")])),
        .entry(
          "labels",
          .map(labels(of: alert).map { .entry($0.name, .string($0.value, from: $0.origins)) })),
        .entry(
          "annotations",
          .map(
            annotations(of: alert).map {
              .entry($0.name, .string($0.value.literalInTemplate, from: $0.origins))
            })),
      ], from: [origin])
  }

  /// A label or an annotation that the rule itself gives.
  struct Named: Hashable {
    let name: String
    let value: String
    let origins: [Origin]
  }

  /// Labels beside those that the expression leaves. (B05)
  func labels(of alert: RuleAlert) -> [Named] {
    var labels = [
      Named(name: "runbook", value: alert.runbook.name, origins: [alert.origin.at("runbook")])
    ]
    // Where the expression keeps the label of the target, that is more exact.
    if !SurvivingLabels(alert.expression).contains("service") {
      labels.append(Named(name: "service", value: service(of: alert), origins: [alert.origin]))
    }
    labels.append(
      Named(name: "severity", value: alert.level.rawValue, origins: [alert.origin.at("severity")]))
    return labels
  }

  /// The service of the only job that is read, if it has one; the project where several are read.
  private func service(of alert: RuleAlert) -> String {
    guard let jobs = alert.expression.jobs, let job = jobs.first, jobs.count == 1 else {
      return environment.project.contract.name
    }
    let services = environment.scrapes.first { $0.name == job }?.services ?? []
    return services.count == 1 ? services[0] : job
  }

  /// What people read; it says the same in the rule and in its test.
  func annotations(of alert: RuleAlert) -> [Named] {
    var annotations: [Named] = []
    if let link = panels.link(for: alert) {
      annotations.append(Named(name: "dashboard", value: link.text, origins: [link.origin]))
    }
    annotations += [
      Named(
        name: "description", value: alert.runbook.meaning,
        origins: [alert.runbook.origin.at("meaning")]),
      Named(
        name: "runbook_url", value: environment.address(of: alert.runbook),
        origins: [alert.runbook.origin]),
      Named(name: "summary", value: alert.summary, origins: [alert.origin.at("summary")]),
    ]
    return annotations.filter { !$0.value.isEmpty }
  }
}

extension PromQL.Expression {
  /// The text over several lines where it is long. Its first line is not indented: a block of YAML
  /// could not hold it.
  var blockText: String { String(Printer.pretty(self).drop { $0 == " " }) }
}

extension String {
  /// The same text where a template of Go is read: `{{` would begin an action.
  var literalInTemplate: String {
    guard withBytes({ $0.contains(UInt8(ascii: "{")) }) else { return self }
    var text = ""
    var rest = Substring(self)
    while let opening = rest.firstRange(of: "{{") {
      text += rest[..<opening.lowerBound] + "{{ \"{{\" }}"
      rest = rest[opening.upperBound...]
    }
    return text + rest
  }
}
