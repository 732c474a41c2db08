/// A configuration is mounted with its folder. (S18-DC)
enum ConfigurationsAreMountedAsFolders: AuditRule {
  static let id = "storage/configurations-are-mounted-as-folders"
  static let why =
    "editors and git replace a file by another: the container keeps the old one, even after 'up -d'"
  static let fix = "mount the folder that holds the file, or declare it under 'configs'"
  static let source = ["S18-DC", "S18-DEP"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        edge:
          image: nginx:1.30.5
          volumes:
            - ./nginx.conf:/etc/nginx/nginx.conf:ro
      """, line: 5)
  ]
  static let right = [
    Fixture.compose("services: {edge: {image: 'nginx:1.30.5', volumes: ['./nginx:/etc/nginx:ro']}}")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.composes.filter { !$0.isForDevelopment }.flatMap(\.services).flatMap { service in
      service.mounts.compactMap { mount -> Flaw? in
        guard mount.type == "bind", let source = mount.source, source.value.hasPrefix(".") else {
          return nil
        }
        let endings = [".conf", ".yml", ".yaml", ".json", ".toml", ".ini", ".cfg", ".cnf", ".xml"]
        guard endings.contains(where: source.value.hasSuffix) else { return nil }
        return .warning(
          "'\(source.value)' is mounted as a single file of '\(service.name.value)'",
          at: source.spot)
      }
    }
  }
}
