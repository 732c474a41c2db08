/// A panel shows a few lines in a unit. (S18-PROM)
enum PanelsAreReadable: AuditRule {
  static let id = "dashboards/panels-are-readable"
  static let why = "a line for each series and numbers without a unit tell nobody anything"
  static let fix = "sum the rate by the labels that matter, and set the unit of the field"
  static let source = ["S18-PROM"]
  private static func file(_ expression: String) -> String {
    """
    {"title": "One", "uid": "one", "panels": [{"title": "P", "type": "timeseries", "targets": [
      {"expr": "\(expression)"}
    ]}]}

    """
  }
  static let wrong = [Fixture.dashboard(file("rate(http_requests_total[5m])"), line: 2)]
  static let right = [Fixture.dashboard(file("sum by (job) (rate(http_requests_total[5m]))"))]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dashboards.flatMap(\.panels).flatMap { panel in
      panel.queries.filter { query in
        guard let expression = query.expression else { return false }
        return !panel.hasUnit && expression.holdsRate && !expression.holdsAggregation
          && query.uses.allSatisfy { query.isBroad($0) }
      }.map {
        .warning("panel '\(panel.title)' draws every series apart, without a unit", at: $0.spot)
      }
    }
  }
}
