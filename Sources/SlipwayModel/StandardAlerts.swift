import PromQL
import ServiceContract
package import Slipway
import SlipwayDiagnostics

/// What every environment watches because its parts exist; nobody has to remember it. (A11)
extension ResolvedEnvironment {
  package var standardAlerts: [RuleAlert] {
    scrapes.flatMap(targetAlerts) + edgeAlerts + alertingAlerts
  }

  /// How many targets a job should have: declared replicas, or one for each node that may run it.
  package func expectedTargets(of job: ScrapeJob) -> Int {
    if let expected = job.expected { return expected }
    return job.services.compactMap { service($0) }.map { service in
      switch service.replicas {
      case .count(let count): count
      case .everyNode: nodes.filter { service.placement.allows($0) }.count
      }
    }.reduce(0, +)
  }
}

extension Placement {
  /// Whether a node may run what is placed so.
  package func allows(_ node: Node) -> Bool {
    switch self {
    case .anywhere: true
    case .kind(let kind): node.kinds.contains(kind)
    case .node(let name): node.name == name
    }
  }
}

// MARK: - Targets

extension ResolvedEnvironment {
  /// A container that is not healthy leaves the name service, so its target disappears and `up`
  /// never becomes 0: what is there is counted and compared with what was declared. (F10)
  private func targetAlerts(_ job: ScrapeJob) -> [RuleAlert] {
    let expected = max(1, expectedTargets(of: job))
    let missing = targetAlert(
      job, .warning, "TargetsMissing", below: expected, for: .minutes(10),
      expected == 1
        ? "the target of job '\(job.name)' does not answer Prometheus"
        : "fewer than \(expected) targets of job '\(job.name)' answer Prometheus")
    guard pages(job) else { return [missing] }
    let down = targetAlert(
      job, .critical, "Down", below: 1, for: .minutes(2),
      "no target of job '\(job.name)' answers Prometheus")
    return expected == 1 ? [down] : [down, missing]
  }

  /// Whether nobody is served, or nobody is told, when the whole job is gone. What an exporter
  /// watches has alerts of its own; without the exporter they are blind, which can wait.
  private func pages(_ job: ScrapeJob) -> Bool {
    job.services.contains { name in
      name == PartName.alertmanager || specification.runs.contains { $0.component.name == name }
    }
  }

  private func targetAlert(
    _ job: ScrapeJob, _ level: RuleAlert.Level, _ suffix: String, below bound: Int,
    for hold: Duration, _ summary: String
  ) -> RuleAlert {
    let answering = PromQL.Expression.selector("up", [.equal("job", job.name)])
      .combined(.equal, .number(ExactDecimal(1))).aggregated(.count)
      .combined(.or, .call(.vector, .number(ExactDecimal(0))))
    return RuleAlert(
      standard: job.name.camelCase + suffix, level,
      when: answering.combined(.less, .number(ExactDecimal(Int64(bound)))), for: hold,
      summary: summary, runbook: targetsRunbook,
      firesOn: targets(of: job, answering: bound - 1, among: bound),
      quietOn: targets(of: job, answering: bound, among: bound), origin: job.origin)
  }

  private func targets(
    of job: ScrapeJob, answering: Int, among all: Int
  ) -> [ResolvedSeries] {
    (0..<all).map { index in
      let selector = PromQL.Expression.selector(
        "up", [.equal("instance", "\(index + 1)"), .equal("job", job.name)])
      return .constant(index < answering ? "1" : "0", selector)
    }
  }

  var targetsRunbook: Runbook {
    Runbook(
      "targets-missing",
      meaning: "A part of the environment does not answer, or not all of its replicas do: what it "
        + "serves is slower, or gone, and alerts about it are blind.",
      firstSteps: [
        "Look which service has fewer healthy containers than it declares, and read their logs.",
        "If a release just went out, roll it back with `scripts/rollback`.",
        "If a node is gone, start it again or drain it, so that its services move.",
        "If the containers are healthy, ask one for `/metrics` from the `watch` network.",
      ], file: specification.monitoring.origin.file, line: specification.monitoring.origin.line)
  }
}

// MARK: - The chain of alerting itself

extension ResolvedEnvironment {
  private var alertingAlerts: [RuleAlert] {
    [heartbeat, ruleFailures, notificationsDropped, notificationFailures]
  }

  /// Always firing: a service outside raises the alarm when it stops hearing it. (C-69)
  private var heartbeat: RuleAlert {
    RuleAlert(
      standard: Self.heartbeatName, .heartbeat,
      when: .call(.vector, .number(ExactDecimal(1))), for: .zero,
      summary: "Prometheus evaluates rules and Alertmanager delivers notifications",
      runbook: alertingRunbook, firesOn: [], quietOn: nil, origin: specification.monitoring.origin)
  }

  /// The name by which Alertmanager finds the heartbeat among all alerts.
  package static let heartbeatName = "Heartbeat"

  private var ruleFailures: RuleAlert {
    growth(
      "PrometheusRuleFailures", .critical, of: "prometheus_rule_evaluation_failures_total",
      job: PartName.prometheus, summary: "Prometheus fails to evaluate rules; alerts are blind")
  }

  private var notificationsDropped: RuleAlert {
    growth(
      "PrometheusNotificationsDropped", .critical, of: "prometheus_notifications_dropped_total",
      job: PartName.prometheus, summary: "alerts of Prometheus do not reach Alertmanager")
  }

  private var notificationFailures: RuleAlert {
    growth(
      "AlertmanagerNotificationFailures", .critical, of: "alertmanager_notifications_failed_total",
      job: PartName.alertmanager, by: ["integration"],
      summary: "Alertmanager cannot deliver notifications to a receiver")
  }

  /// Fires while a counter of failures grows.
  private func growth(
    _ name: String, _ level: RuleAlert.Level, of metric: String, job: String,
    by labels: [String] = [], summary: String
  ) -> RuleAlert {
    let selector = VectorSelector(metric: metric, matchers: [.equal("job", job)])
    let expression = PromQL.Expression.call(.increase, .over(selector, .minutes(15)))
      .aggregated(.sum, by: labels)
      .combined(.greater, .number(ExactDecimal(0)))
    let series = PromQL.Expression.selector(
      metric, labels.map { .equal($0, "example") } + [.equal("job", job)])
    return RuleAlert(
      standard: name, level, when: expression, for: .minutes(5), summary: summary,
      runbook: alertingRunbook, firesOn: [.growing(by: "1", series)],
      quietOn: [.constant("7", series)], origin: specification.monitoring.origin)
  }

  private var alertingRunbook: Runbook {
    Runbook(
      "alerting-broken",
      meaning: "The chain that tells people of trouble is itself broken: other alerts may be "
        + "missing, so silence means nothing.",
      firstSteps: [
        "Start `scripts/operations`; open Prometheus' pages Rules and Targets below "
          + "`/prometheus/`, and Alertmanager's page Status below `/alertmanager/`.",
        "Read the logs of `prometheus` and `alertmanager`; a receiver that refuses is named there.",
        "If a receiver's secret was rotated, run `scripts/deploy` so that its new version is used.",
        "Until the chain works again, somebody watches the dashboards.",
      ], file: specification.monitoring.origin.file, line: specification.monitoring.origin.line)
  }
}

extension ResolvedSeries {
  static func constant(_ value: String, _ series: PromQL.Expression) -> Self {
    ResolvedSeries(series: series.description, values: "\(value)+0x\(TestClock.samples)")
  }

  static func growing(by step: String, _ series: PromQL.Expression) -> Self {
    ResolvedSeries(series: series.description, values: "0+\(step)x\(TestClock.samples)")
  }
}

/// The clock of the rules' unit tests.
package enum TestClock {
  /// A day and two hours, one sample a minute: longer than the longest test.
  package static let samples = 1_560
  /// No test looks later than this: 25 hours.
  package static let minutesMax = 1_500
}

extension String {
  /// `postgres-exporter` as a part of an alert's name: `PostgresExporter`.
  package var camelCase: String {
    split { !$0.isLetter && !$0.isNumber }
      .map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
  }
}
