import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// Every selector names a metric that something exports, with labels it has. (C-24, S17-ALERT-11)
///
/// Typed queries cannot break it; text in `.raw("…")` can.
package enum QueriesNameWhatIsExported: Rule {
  package static let id = "queries/name-what-is-exported"
  package static let why =
    "a query about nothing is empty: the alert never fires, the panel stays blank, nobody notices"
  package static let fix = "use a metric of the contract or of an exporter, with one of its labels"
  package static let source = ["C-24", "S17-ALERT-11"]

  package static let breakers: [Breaker] = [
    .model("a recording of nothing") { environment in
      environment.recordings.append(
        Recording(
          "job:nothing:sum", Query<Count>.raw("sum(nothing_at_all)"), file: "Broken.swift",
          line: 1))
    },
    .model("text that is not PromQL") { environment in
      environment.recordings.append(
        Recording("job:broken:sum", Query<Count>.raw("sum("), file: "Broken.swift", line: 1))
    },
  ]

  package static func check(_ subject: Subject) -> [Violation] {
    let environment = subject.environment
    let known = Known(environment)
    var violations: [Violation] = []
    for alert in environment.alerts {
      violations += known.violations(
        in: alert.expression, of: "alert '\(alert.alert.name)'", at: alert.alert.origin.at("when"))
    }
    for recording in environment.recordings {
      violations += known.violations(
        in: recording.expression, of: "recording '\(recording.name)'", at: recording.origin)
    }
    for dashboard in environment.specification.watches.dashboards {
      for panel in dashboard.panels {
        guard let expression = panel.expression else { continue }
        violations += known.violations(
          in: expression, of: "panel '\(panel.title)'", at: panel.origin)
      }
    }
    return violations
  }
}

/// Everything that can be asked for in an environment.
private struct Known {
  var series: [String: [LabelDeclaration]] = [:]
  let jobs: Set<String>

  init(_ environment: ResolvedEnvironment) {
    jobs = Set(environment.scrapes.map(\.name))
    for family in environment.project.contract.metrics + environment.project.exporters {
      for name in family.seriesNames { series[name] = family.labels }
    }
    for name in ["up", "scrape_duration_seconds", "scrape_samples_scraped", "ALERTS"] {
      series[name] = series[name] ?? []
    }
    for recording in environment.recordings { series[recording.name] = nil as [LabelDeclaration]? }
    recorded = Set(environment.recordings.map(\.name))
  }
  let recorded: Set<String>

  /// Labels that Prometheus itself adds.
  private static let added: Set<String> = [
    "job", "instance", "le", "service", "environment", "cluster", "alertname", "alertstate",
    "severity",
  ]

  func violations(in expression: PromQL.Expression, of what: String, at origin: Origin)
    -> [Violation]
  {
    Inventory(expression).selectors.flatMap { use -> [Violation] in
      guard let name = use.metric else {
        return [Violation(.nameless(what), written: [origin])]
      }
      if recorded.contains(name) { return [] }
      guard let labels = series[name] else {
        if let problem = Self.syntaxProblem(name) {
          return [Violation(.broken(what, problem), written: [origin])]
        }
        return [Violation(.unknown(what, name), written: [origin])]
      }
      return use.matchers.compactMap { matcher in
        violation(of: matcher, labels, name: name, what: what, origin)
      }
    }
  }

  /// Text that did not parse is carried as a metric's name; see `Query.raw`.
  private static func syntaxProblem(_ text: String) -> String? {
    do {
      _ = try Parser.parse(text)
      return nil
    } catch {
      return error.description
    }
  }

  private func violation(
    of matcher: Matcher, _ labels: [LabelDeclaration], name: String, what: String, _ origin: Origin
  ) -> Violation? {
    guard matcher.label != Matcher.metricName else { return nil }
    if matcher.label == "job", matcher.operation == .equal, let job = matcher.value.text {
      return jobs.contains(job) ? nil : Violation(.jobless(what, job), written: [origin])
    }
    if Self.added.contains(matcher.label) { return nil }
    guard let label = labels.first(where: { $0.name == matcher.label }) else {
      return Violation(.unlabelled(what, name, matcher.label), written: [origin])
    }
    guard let values = label.values, matcher.operation == .equal, let value = matcher.value.text,
      !values.contains(value)
    else { return nil }
    return Violation(.neverSo(what, name, matcher.label, value), written: [origin])
  }
}

extension String {
  fileprivate static func nameless(_ what: String) -> String {
    "\(what) selects series without naming a metric"
  }
  fileprivate static func broken(_ what: String, _ problem: String) -> String {
    "\(what) is not PromQL: \(problem)"
  }
  fileprivate static func unknown(_ what: String, _ name: String) -> String {
    "\(what) asks for '\(name)', which nothing exports"
  }
  fileprivate static func jobless(_ what: String, _ job: String) -> String {
    "\(what) asks for job '\(job)', which nothing scrapes"
  }
  fileprivate static func unlabelled(_ what: String, _ name: String, _ label: String) -> String {
    "\(what) asks for label '\(label)', which '\(name)' does not have"
  }
  fileprivate static func neverSo(
    _ what: String, _ name: String, _ label: String, _ value: String
  ) -> String {
    "\(what) asks for '\(name)' with \(label)=\"\(value)\", a value it never has"
  }
}
