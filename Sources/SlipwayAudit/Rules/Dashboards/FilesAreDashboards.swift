/// A dashboard that is provisioned is the dashboard itself. (S18-PROM)
enum FilesAreDashboards: AuditRule {
  static let id = "dashboards/files-are-dashboards"
  static let why = "Grafana finds no title in it and loads nothing: the dashboard never appears"
  static let fix = "take the value of 'dashboard' out of its wrapper"
  static let source = ["S18-PROM"]
  static let wrong = [
    Fixture.dashboard("{\n  \"dashboard\": {\"title\": \"One\", \"panels\": []}\n}\n", line: 2)
  ]
  static let right = [Fixture.dashboard("{\"title\": \"One\", \"panels\": []}\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dashboards.compactMap { file in
      file.wrapper.map {
        Flaw("the dashboard stands inside 'dashboard', as only the HTTP interface takes it", at: $0)
      }
    }
  }
}
