import PromQL
import ServiceContract
import Slipway
import SlipwayModel

/// Everything that can be asked for in an environment.
struct KnownSeries {
  /// By the names of their series.
  private var families: [String: MetricFamily] = [:]
  let jobs: Set<String>

  init(_ environment: ResolvedEnvironment) {
    jobs = Set(environment.scrapes.map(\.name))
    for family in environment.project.contract.metrics + environment.project.exporters {
      for name in family.seriesNames { families[name] = family }
    }
    recorded = Set(environment.recordings.map(\.name))
    // What the generator's own alerts ask for comes from scripts and from the platform.
    for alert in environment.ruleAlerts where alert.isStandard {
      own.formUnion(Inventory(alert.expression).selectors.compactMap(\.metric))
    }
  }
  let recorded: Set<String>
  /// Series that Prometheus itself writes, without labels of their own.
  private static let bare: Set = [
    "up", "scrape_duration_seconds", "scrape_samples_scraped", "ALERTS",
  ]
  /// Series of which only the names are known.
  private var own: Set<String> = []

  /// Labels that Prometheus itself adds.
  private static let added: Set<String> = [
    "job", "instance", "le", "service", "environment", "cluster", "alertname", "alertstate",
    "severity",
  ]

  /// What is wrong with a query.
  func problems(in expression: PromQL.Expression, of what: String) -> [String] {
    Inventory(expression).selectors.flatMap { use -> [String] in
      guard let name = use.metric else { return [.nameless(what)] }
      if recorded.contains(name) { return [] }
      guard let labels = families[name]?.labels ?? (Self.bare.contains(name) ? [] : nil) else {
        if own.contains(name) { return [] }
        if let problem = Self.syntaxProblem(name) {
          return [.broken(what, problem)]
        }
        return [.unknown(what, name)]
      }
      return use.matchers.compactMap { matcher in
        problem(of: matcher, labels, name: name, what: what)
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

  private func problem(
    of matcher: Matcher, _ labels: [LabelDeclaration], name: String, what: String
  ) -> String? {
    guard matcher.label != Matcher.metricName else { return nil }
    if matcher.label == "job", matcher.operation == .equal, let job = matcher.value.text {
      return jobs.contains(job) ? nil : .jobless(what, job)
    }
    if Self.added.contains(matcher.label) { return nil }
    guard let label = labels.first(where: { $0.name == matcher.label }) else {
      return .unlabelled(what, name, matcher.label)
    }
    guard let values = label.values, matcher.operation == .equal, let value = matcher.value.text,
      !values.contains(value)
    else { return nil }
    return .neverSo(what, name, matcher.label, value)
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
