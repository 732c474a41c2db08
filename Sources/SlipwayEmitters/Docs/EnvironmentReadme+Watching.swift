import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// Who is told of what, what is drawn, who is measured.
extension EnvironmentReadme {
  func describeAlerts(in page: inout Page) {
    page.section("Alerts")
    for level in RuleAlert.Level.allCases {
      let alerts = environment.ruleAlerts.filter { $0.level == level }
      guard !alerts.isEmpty else { continue }
      page.section(.words(level.title), level: 3)
      page.say(told(of: level), from: [specification.receivers.origin.at(level.rawValue)])
      page.table(
        Table(["Alert", "What is wrong", "For", "What to do"], alerts.map(row)), none: "None.")
    }
  }

  private func told(of level: RuleAlert.Level) -> Prose {
    let receivers = specification.receivers
    let list =
      switch level {
      case .critical: receivers.critical
      case .warning: receivers.warning
      case .heartbeat: [receivers.heartbeat].compactMap { $0 }
      }
    guard !list.isEmpty else { return "Nobody is told; they stand on Alertmanager's own page." }
    let ways = list.map { "\($0.prose) (secret \(code: $0.key.fileName))" as Prose }
    return "Told to \(Prose.enumeration(ways))."
  }

  private func row(_ alert: RuleAlert) -> Table.Row {
    let book = address("generated/runbooks/\(alert.runbook.name).md")
    return Table.Row(
      [
        .code(alert.name), .note(alert.summary),
        .words(alert.hold == .zero ? "at once" : alert.hold.readable),
        "\(alert.runbook.name, at: book)",
      ], from: [alert.origin])
  }

  func describeDashboards(in page: inout Page) {
    page.section("Dashboards")
    let rows = specification.watches.dashboards.map { dashboard in
      let path = "grafana/dashboards/\(dashboard.name).json"
      let panels = dashboard.panels.filter { $0.kind != .heading }
      return Table.Row(
        [
          .words(dashboard.title), "\(code: "\(dashboard.name).json", at: path)",
          "\(panels.count)",
        ], from: [dashboard.origin])
    }
    page.table(Table(["Dashboard", "File", "Panels"], rows), none: "There are none.")
    let monitoring = specification.monitoring
    let origins = [monitoring.origin.at("reachedBy")]
    guard isDeployed else {
      page.say("Grafana answers at \(code: monitoring.address).", from: origins)
      return
    }
    page.say(
      """
      Nothing of monitoring is open to the internet. While this runs, under an account of your own \
      that may use sudo, Grafana answers at \(code: monitoring.address), Prometheus below \
      \(code: "/prometheus/") and Alertmanager below \(code: "/alertmanager/"); links in alerts \
      lead there:
      """, from: origins)
    page.code("sh", [TextLine(environment.operationsCommand, from: origins)])
  }

  func describeScrapes(in page: inout Page) {
    page.section("Who is measured")
    let monitoring = specification.monitoring
    page.say(
      """
      Samples are kept for \(monitoring.keeps.readable), as long as they take less than \
      \(monitoring.storage.readable).
      """,
      from: [monitoring.origin.at("keeps"), monitoring.origin.at("storage")])
    let rows = environment.scrapes.map { job in
      Table.Row(
        [
          .code(job.name), .codes(job.services), .code(":\(job.port)\(job.path)"),
          .words(job.interval.readable), "\(environment.expectedTargets(of: job))",
        ], from: [job.origin])
    }
    page.table(Table(["Job", "Services", "Asked at", "Every", "Targets"], rows), none: "Nobody.")
  }
}

extension RuleAlert.Level {
  var title: String {
    switch self {
    case .critical: "Critical: somebody is woken up"
    case .warning: "Warning: somebody looks in working hours"
    case .heartbeat: "Heartbeat: always firing, so that silence is noticed"
    }
  }
}
