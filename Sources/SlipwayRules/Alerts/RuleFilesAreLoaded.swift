import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Prometheus loads every file of rules that is generated, and none that is not. Looks at the
/// bytes. (C-24)
package enum RuleFilesAreLoaded: Rule {
  package static let id = "alerts/rule-files-are-loaded"
  package static let why = "a file that nobody loads holds alerts that never fire"
  package static let fix = "this is a defect of the generator: please report the file"
  package static let source = ["C-24"]

  package static let breakers: [Breaker] = [
    .file(
      "a file that there is not", "prometheus/prometheus.yml",
      replacing: "- rules/critical.yml\n", with: "- rules/crucial.yml\n"),
    .file(
      "a file that nobody loads", "prometheus/prometheus.yml",
      replacing: "- rules/warning.yml\n", with: ""),
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    guard let config = subject.yaml("prometheus/prometheus.yml") else { return [] }
    let folder = subject.environment.folder + "prometheus/"
    let there = subject.files.map(\.path).filter { $0.hasPrefix(folder + "rules/") }
    let loaded = config.tree["rule_files"]?.list ?? []
    let names = loaded.compactMap(\.scalarText)
    let gone = loaded.filter { !there.contains(folder + ($0.scalarText ?? "")) }.map {
      Violation(
        .gone($0.scalarText ?? ""), lands: config.landing("rule_files", line: $0.start.line))
    }
    let idle = there.filter { !names.contains(String($0.dropFirst(folder.count))) }.map {
      Violation(.idle(String($0.dropFirst(folder.count))), lands: Landing(path: $0))
    }
    return gone + idle
  }
}

extension String {
  fileprivate static func gone(_ name: String) -> String {
    "Prometheus would load '\(name)', which is not generated"
  }
  fileprivate static func idle(_ name: String) -> String {
    "Prometheus would not load '\(name)'"
  }
}
