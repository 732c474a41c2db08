/// A cache that can be reached from outside asks who is there. (C-38)
enum StoresAskForAPassword: AuditRule {
  static let id = "network/stores-ask-for-a-password"
  static let why = "without a password every process that reaches the port may read and delete all"
  static let fix = "start it with '--requirepass', or give it a file of users"
  static let source = ["C-38"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        cache:
          image: redis:7.4.1
          ports: ["6379:6379"]
          command: redis-server --appendonly yes
      """, line: 3)
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        cache:
          image: redis:7.4.1
          ports: ["6379:6379"]
          command: redis-server --requirepass ${REDIS_PASSWORD:?missing}
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.deployedServices.compactMap { service in
      guard service.product?.name == "redis", !service.ports.isEmpty, let image = service.image,
        service.ports.contains(where: \.isPublic)
      else { return nil }
      let command = service.command?.value ?? ""
      let asks =
        command.mentions("requirepass", ".conf", "aclfile")
        || service.environment.contains { $0.name.uppercased().contains("PASSWORD") }
        || service.mounts.contains { $0.target.hasSuffix(".conf") }
      return asks
        ? nil
        : Flaw("'\(service.name.value)' has a published port and no password", at: image.spot)
    }
  }
}
