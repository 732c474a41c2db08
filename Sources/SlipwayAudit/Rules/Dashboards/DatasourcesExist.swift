/// A panel asks a source of data that Grafana is given. (S18-PROM)
enum DatasourcesExist: AuditRule {
  static let id = "dashboards/datasources-exist"
  static let why = "the panel shows an error where its numbers should be"
  static let fix = "use the 'uid' of a source that is provisioned"
  static let source = ["S18-PROM", "C-24"]
  private static let sources =
    "apiVersion: 1\ndatasources: [{name: Main, uid: main, url: 'http://p:9090'}]\n"
  static let wrong = [
    Fixture.files(
      [
        "grafana/sources.yml": sources,
        "dashboards/one.json":
          """
        {"title": "One", "uid": "one", "panels": [
        {"title": "P", "datasource": {"uid": "other"}}
        ]}
        """,
      ], at: "dashboards/one.json:2")
  ]
  static let right = [
    Fixture.files([
      "grafana/sources.yml": sources,
      "dashboards/one.json":
        """
      {"title": "One", "uid": "one", "panels": [
        {"title": "P", "datasource": {"uid": "main"}},
        {"title": "Q", "datasource": "${source}"}]}
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dangling(.datasource) {
      "\($0.holder) asks the source '\($0.name)', which nothing declares"
    }
  }
}
