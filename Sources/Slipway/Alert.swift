package import PromQL
public import ServiceContract
public import SlipwayDiagnostics

/// How much an alert matters; it decides who is told.
public enum Severity: String, Sendable, Hashable, CaseIterable {
  /// Somebody is woken up.
  case critical
  /// Somebody looks at it in working hours.
  case warning
}

/// What to do when an alert fires; it becomes a page that the alert links to.
public struct Runbook: Sendable, Hashable {
  /// The page's name: `api-errors`.
  public let name: String
  /// What it means for the people who use the service.
  public let meaning: String
  /// What to do first, one step each, the most likely help first.
  public let firstSteps: [String]
  public let origin: Origin

  public init(
    _ name: String, meaning: String, firstSteps: [String],
    file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.meaning = meaning
    self.firstSteps = firstSteps
    origin = Origin(file: file, line: line)
  }
}

/// A condition that people are told of. It carries its own proof: series on which it fires, and
/// series on which it stays quiet; both become a unit test of the rule.
public struct Alert: Sendable {
  public let name: String
  public let severity: Severity
  package let condition: Condition
  public let hold: Duration
  public let summary: String
  public let runbook: Runbook
  package let firesOn: [Series]
  package let quietOn: [Series]
  public let origin: Origin

  /// - Parameters:
  ///   - when: The condition.
  ///   - hold: How long it must last.
  ///   - summary: What is wrong, for somebody who was asleep a minute ago.
  ///   - firesOn: Series on which it must fire, and one more, so that there is always one.
  ///   - quietOn: Series on which it must stay quiet; likewise never empty.
  public init(
    _ name: String, severity: Severity, when condition: Condition, for hold: Duration,
    summary: String, runbook: Runbook, firesOn: Case, quietOn: Case,
    file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    self.severity = severity
    self.condition = condition
    self.hold = hold
    self.summary = summary
    self.runbook = runbook
    self.firesOn = firesOn.series
    self.quietOn = quietOn.series
    origin = Origin(file: file, line: line)
  }
}

/// What the world looks like in a case of a test: at least one series.
public struct Case: Sendable {
  package let series: [Series]

  public static func when(_ first: Series, _ more: Series...) -> Self {
    .init(series: [first] + more)
  }
}

/// A series that is computed from others and stored under a name of its own. (C-23)
public struct Recording: Sendable {
  public let name: String
  package let expression: PromQL.Expression
  public let origin: Origin

  /// - Parameter name: `level:metric:operations`, by Prometheus' convention, or a name that the
  ///   documents promised.
  public init<U: Unit>(
    _ name: String, _ query: Query<U>, file: String = #filePath, line: Int = #line
  ) {
    self.name = name
    expression = query.expression
    origin = Origin(file: file, line: line)
  }
}

/// What an environment measures, draws and alerts on.
public struct Observability: Sendable {
  package let alerts: [Alert]
  package let recordings: [Recording]
  package let dashboards: [Dashboard]
  package let origin: Origin

  public init(
    alerts: [Alert], recordings: [Recording] = [], dashboards: [Dashboard],
    file: String = #filePath, line: Int = #line
  ) {
    self.alerts = alerts
    self.recordings = recordings
    self.dashboards = dashboards
    origin = Origin(file: file, line: line)
  }
}
