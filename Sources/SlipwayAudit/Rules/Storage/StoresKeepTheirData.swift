/// A store's data lies in a volume that outlives its container. (S18-BKP)
enum StoresKeepTheirData: AuditRule {
  static let id = "storage/stores-keep-their-data"
  static let why = "when the container is made again, everything it had is gone"
  static let fix = "mount a named volume where the image keeps its data"
  static let source = ["S18-BKP", "C-38"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        cache:
          image: redis:7.4.1
          command: redis-server --appendonly yes
      """, line: 4),
    Fixture.compose("services:\n  db:\n    image: postgres:16.4\n", line: 3),
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        db: {image: 'postgres:16.4', volumes: ['data:/var/lib/postgresql/data']}
        cache: {image: 'redis:7.4.1'}
        test: {image: 'postgres:16.4', tmpfs: [/var/lib/postgresql/data]}
      volumes: {data: {}}
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.composes.filter { !$0.isForDevelopment }.flatMap(\.services).compactMap { service in
      guard let product = service.product, product.role == .store, let image = service.image,
        !product.data.isEmpty, service.keys["tmpfs"] == nil, service.keys["volumes_from"] == nil
      else { return nil }
      let keeps = service.mounts.contains { mount in
        product.data.contains { mount.target.hasPrefix($0) || $0.hasPrefix(mount.target + "/") }
          || mount.target.contains("data")
      }
      if keeps { return nil }
      let command = service.command?.value ?? ""
      if product.name == "redis" {
        // A cache may forget; one that writes to its disk is meant to remember.
        guard command.contains("appendonly yes") || command.contains("--save ") else { return nil }
        return Flaw(
          "'\(service.name.value)' writes to its disk, which is gone with the container",
          at: service.command?.spot ?? image.spot)
      }
      return Flaw("'\(service.name.value)' keeps its data inside the container", at: image.spot)
    }
  }
}
