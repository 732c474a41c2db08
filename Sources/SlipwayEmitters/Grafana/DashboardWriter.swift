import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// One dashboard in the form that file provisioning reads. (G01)
struct DashboardWriter {
  let environment: ResolvedEnvironment
  let dashboard: Dashboard
  private let identity: DashboardIdentity

  /// The format that the locked Grafana writes itself; older ones are converted at each load.
  private static let schemaVersion = 42

  init(environment: ResolvedEnvironment, dashboard: Dashboard) {
    self.environment = environment
    self.dashboard = dashboard
    identity = DashboardIdentity(dashboard, of: environment.project)
  }

  var document: JSONNode {
    .map(
      [
        .entry("uid", .string(identity.uid, from: [dashboard.origin])),
        .entry("title", .string(dashboard.title, from: [dashboard.origin.at("title")])),
        .entry(
          "tags",
          .list([
            .string(environment.project.contract.name),
            .string(environment.name, from: [environment.origin]),
          ])),
        .entry("schemaVersion", .integer(Self.schemaVersion)),
        .entry("version", 1),
        .entry("editable", false),
        // The pointer of one graph shows the same moment on all.
        .entry("graphTooltip", 1),
        .entry("timezone", "utc"),
        .entry("refresh", "30s"),
        .entry("time", .map([.entry("from", "now-6h"), .entry("to", "now")])),
        .entry("templating", .map([.entry("list", .list([]))])),
        .entry("annotations", .map([.entry("list", .list([alertAnnotations]))])),
        .entry("links", .list([])),
        .entry("panels", .list(panels)),
      ], from: [dashboard.origin])
  }

  /// When alerts fired, drawn over every graph.
  private var alertAnnotations: JSONNode {
    let firing = PromQL.Expression.selector(
      "ALERTS", [.equal("alertstate", "firing"), .equal("severity", Severity.critical.rawValue)])
    return .map([
      .entry("name", "Alerts"),
      .entry("datasource", PanelWriter.dataSource),
      .entry("enable", true),
      .entry("iconColor", "red"),
      .entry("expr", .string(PromQL.Expression.max(firing, by: ["alertname"]).description)),
    ])
  }

  private var panels: [JSONNode] {
    var grid = PanelGrid()
    return zip(dashboard.panels, identity.panels).map { panel, id in
      PanelWriter(
        panel: panel, id: id, place: grid.place(panel.kind), marked: marked(panel),
        environment: environment
      ).node
    }
  }

  private func marked(_ panel: Panel) -> ResolvedAlert? {
    guard let alert = panel.marks else { return nil }
    return environment.alerts.first { $0.alert.name == alert.name }
  }

  /// A panel that marks an alert which this environment does not have would draw no line, and
  /// nobody would know why.
  var findings: [Finding] {
    dashboard.panels.compactMap { panel in
      guard let alert = panel.marks, marked(panel) == nil else { return nil }
      return Finding(
        rule: "dashboards/mark-what-is-watched", severity: .warning,
        message:
          "panel '\(panel.title)' marks alert '\(alert.name)', which this environment does not have",
        written: [panel.origin.at("marks"), environment.specification.watches.origin],
        label: "marked here", why: "the panel shows no bound, and no runbook is linked",
        fix: "add the alert to `alerts:` of this environment, or delete `marks:`")
    }
  }
}
