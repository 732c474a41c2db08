/// A panel is of a type that Grafana still has. (S18-PROM)
enum PanelsAreCurrent: AuditRule {
  static let id = "dashboards/panels-are-current"
  static let why = "panels of Angular are off since Grafana 11 and gone since 12"
  static let fix = "use 'timeseries', 'stat', 'table', 'heatmap' or 'gauge'"
  static let source = ["S18-PROM"]
  /// Types of the Angular time, with what replaced them.
  private static let old = [
    "graph": "timeseries", "singlestat": "stat", "table-old": "table",
    "grafana-piechart-panel": "piechart", "grafana-worldmap-panel": "geomap",
    "natel-discrete-panel": "state-timeline",
  ]
  static let wrong = [
    Fixture.dashboard(
      "{\"title\": \"One\", \"panels\": [\n  {\"title\": \"P\", \"type\": \"graph\"}\n]}\n", line: 2
    )
  ]
  static let right = [
    Fixture.dashboard(
      "{\"title\": \"One\", \"panels\": [{\"title\": \"P\", \"type\": \"stat\"}]}\n")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dashboards.flatMap(\.panels).compactMap { panel in
      guard let type = panel.type, let new = old[type.value] else { return nil }
      return Flaw(
        "panel '\(panel.title)' has the type '\(type.value)', which became '\(new)'", at: type.spot)
    }
  }
}
