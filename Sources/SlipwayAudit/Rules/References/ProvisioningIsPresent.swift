/// The folders that Grafana is provisioned from hold what it looks for there. (S18-PROM)
enum ProvisioningIsPresent: AuditRule {
  static let id = "references/provisioning-is-present"
  static let why = "Grafana comes up empty, without an error: no dashboard, no source of data"
  static let fix =
    "put a file with 'apiVersion: 1' and 'providers:' or 'datasources:' into the folder"
  static let source = ["S18-PROM"]
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": """
        services:
          grafana:
            image: grafana/grafana:11.4.0
            volumes:
              - ./boards:/etc/grafana/provisioning/dashboards:ro
        """,
        "boards/one.json": "{\"title\": \"One\", \"panels\": []}",
      ], at: "compose.yml:5")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services:
        grafana:
          image: grafana/grafana:11.4.0
          volumes: ['./boards:/etc/grafana/provisioning/dashboards:ro']
      """,
      "boards/all.yml": "apiVersion: 1\nproviders: [{name: all}]\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    guard deployment.paths.count > 1 else { return [] }
    let wanted = [
      ("/etc/grafana/provisioning/dashboards", "a provider of dashboards", deployment.providers),
      (
        "/etc/grafana/provisioning/datasources", "a source of data",
        deployment.datasources.map(\.path)
      ),
    ]
    return deployment.services.filter { $0.product?.name == "grafana" }.flatMap { service in
      wanted.compactMap { folder, what, present -> Flaw? in
        guard let mount = service.mounts.first(where: { $0.target == folder }),
          let source = mount.sourcePath(in: Paths.folder(service.file)),
          let spot = mount.source?.spot
        else { return nil }
        return present.contains { $0.hasPrefix(source + "/") }
          ? nil : Flaw("'\(source)' holds no file that declares \(what)", at: spot)
      }
    }
  }
}
