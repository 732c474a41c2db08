/// Each container has a bound on memory and processor time. (S18-HS-09)
enum ContainersHaveLimits: AuditRule {
  static let id = "limits/containers-have-limits"
  static let why = "one container that grows takes the machine with it, and all others"
  static let fix = "add deploy.resources.limits with 'memory' and 'cpus'"
  static let source = ["S18-HS-09"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
      """, line: 2)
  ]
  static let right = [
    Fixture.compose("services: {web: {image: 'shop/web:1.2.3', mem_limit: 1g, cpus: 0.5}}"),
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          deploy: {resources: {limits: {memory: 1G, cpus: '1'}}}
      """),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.deployedServices.filter { $0.image != nil || $0.buildContext != nil }.compactMap {
      service in
      let missing = [service.memory == nil ? "memory" : "", service.cpus == nil ? "processor" : ""]
        .filter { !$0.isEmpty }
      guard !missing.isEmpty else { return nil }
      return .warning(
        "'\(service.name.value)' has no limit of \(missing.joined(separator: " and "))",
        at: service.name.spot)
    }
  }
}
