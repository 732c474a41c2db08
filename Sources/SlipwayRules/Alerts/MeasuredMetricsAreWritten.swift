import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What scripts and jobs are to measure, one of them does: no process exports it, so a metric that
/// no script writes is one that nothing has. (C-24)
package enum MeasuredMetricsAreWritten: Rule {
  package static let id = "alerts/measured-metrics-are-written"
  package static let why =
    "an alert on a metric that nobody writes never fires, whatever happens to what it watches"
  package static let fix = "let the script that knows it `measure` it, or take the query away"
  package static let source = ["C-24", "S18-HS-04", "S18-HS-06"]

  package static let breakers: [Breaker] = [
    .model("a query of what no script measures") { environment in
      let metric = environment.project.contract.measured.last?.name ?? ""
      environment.recordings.append(
        Recording(
          "job:unwritten:max", Query<Count>.raw("max(\(metric))"), file: "Broken.swift", line: 1))
    }
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    let scripts = subject.files.filter { $0.path.hasPrefix(environment.folder + "scripts/") }
    let written = Set(scripts.flatMap { measured(in: $0.text) })
    return environment.project.contract.measured.flatMap { family -> [Violation] in
      if written.contains(family.name) { return [] }
      return uses(of: family.name, in: environment).map { what, origin in
        Violation(.unwritten(what, family.name), written: [origin])
      }
    }
  }

  private static let call = ByteSearch("measure '")

  /// What a script measures: the name between quotation marks, at the front of a line.
  private static func measured(in script: String) -> [String] {
    call.lines(of: script).compactMap { line in
      let words = line.text.drop { $0 == " " }
      guard words.hasPrefix("measure '") else { return nil }
      let parts = words.split(separator: "'", maxSplits: 2, omittingEmptySubsequences: false)
      return parts.count == 3 ? String(parts[1]) : nil
    }
  }

  /// Who asks for a metric, and where that was written.
  private static func uses(
    of metric: String, in environment: ResolvedEnvironment
  ) -> [(String, Origin)] {
    var queries: [(String, PromQL.Expression, Origin)] = environment.alerts.map {
      ("alert '\($0.alert.name)'", $0.expression, $0.alert.origin.at("when"))
    }
    queries += environment.recordings.map {
      ("recording '\($0.name)'", $0.expression, $0.origin)
    }
    for panel in environment.specification.watches.dashboards.flatMap(\.panels) {
      if let expression = panel.expression {
        queries.append(("panel '\(panel.title)'", expression, panel.origin))
      }
    }
    return queries.filter { query in
      Inventory(query.1).selectors.contains { $0.metric == metric }
    }.map { ($0.0, $0.2) }
  }
}

extension String {
  fileprivate static func unwritten(_ what: String, _ metric: String) -> String {
    "\(what) asks for '\(metric)', which no script of this environment writes"
  }
}
