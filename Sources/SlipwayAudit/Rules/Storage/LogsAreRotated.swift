/// Logs go where something rotates them. (C-20)
enum LogsAreRotated: AuditRule {
  static let id = "storage/logs-are-rotated"
  static let why =
    "files of logs on the host grow until its disk is full, and then everything stops"
  static let fix = "write to standard output, and let the engine's log driver rotate"
  static let source = ["C-20", "S18-DC"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        edge:
          image: nginx:1.30.5
          volumes:
            - ./logs:/var/log/nginx
      """, line: 5)
  ]
  static let right = [
    Fixture.compose(
      "services: {shipper: {image: 'a/b:1.2.3', volumes: ['/var/log:/var/log:ro']}}")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    // Other programs may rotate what they write; the usual images of proxies do not.
    deployment.deployedServices.filter { $0.product?.role == .edge }.flatMap { service in
      service.mounts.compactMap { mount -> Flaw? in
        guard mount.type == "bind", !mount.isReadOnly, let source = mount.source,
          mount.target.hasPrefix("/var/log/") || mount.target.hasSuffix("/logs")
        else { return nil }
        return .warning(
          "'\(service.name.value)' writes logs to '\(source.value)', which nothing rotates",
          at: source.spot)
      }
    }
  }
}
