/// A dashboard and its panels have what places and names them. (S18-PROM)
enum PanelsAreComplete: AuditRule {
  static let id = "dashboards/panels-are-complete"
  static let why =
    "links break with each start, panels lie on top of each other, queries have no name"
  static let fix = "save the dashboard in Grafana once and export it with its 'uid'"
  static let source = ["S18-PROM"]
  static let wrong = [
    Fixture.dashboard(
      """
      {"title": "One", "uid": "one", "panels": [
        {"title": "P", "type": "stat", "targets": [{"expr": "up"}]}
      ]}

      """,
      line: 2),
    Fixture.dashboard("{\"title\": \"One\", \"panels\": []}\n", line: 1),
  ]
  static let right = [
    Fixture.dashboard(
      """
      {"title": "One", "uid": "one", "panels": [
        {"title": "P", "type": "stat", "gridPos": {"h": 1}, "targets": [
          {"expr": "up", "refId": "A"}]}]}

      """
    )
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dashboards.flatMap { file -> [Flaw] in
      var flaws: [Flaw] = []
      if file.uid?.isEmpty ?? true {
        flaws.append(.warning("the dashboard has no 'uid' that stays", at: file.spot))
      }
      for panel in file.panels {
        var missing: [String] = []
        if !panel.hasGrid { missing.append("a place") }
        if panel.targetsWithoutId > 0 { missing.append("a name for its query") }
        guard !missing.isEmpty else { continue }
        flaws.append(
          .warning(
            "panel '\(panel.title)' has not \(missing.joined(separator: ", not "))", at: panel.spot)
        )
      }
      return flaws
    }
  }
}
