/// A service starts when what it needs is healthy, not when it has begun. (C-34)
enum DependenciesWaitForHealth: AuditRule {
  static let id = "health/dependencies-wait-for-health"
  static let why = "whoever starts first finds nobody: a proxy even dies of a name it cannot find"
  static let fix = "write 'condition: service_healthy', and give the other service a health check"
  static let source = ["S18-DC", "S18-HS-01"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        web: {image: 'shop/web:1.2.3', healthcheck: {test: [CMD, web, health]}}
        edge:
          image: nginx:1.30.5
          depends_on:
            - web
      """, line: 6)
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        web: {image: 'shop/web:1.2.3', healthcheck: {test: [CMD, web, health]}}
        edge:
          image: nginx:1.30.5
          depends_on: {web: {condition: service_healthy}}
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.deployedServices.flatMap { service in
      service.dependencies.filter {
        $0.condition == nil || $0.condition == "service_started"
      }.map {
        .warning(
          "'\(service.name.value)' starts before '\($0.name.value)' is healthy", at: $0.name.spot)
      }
    }
  }
}
