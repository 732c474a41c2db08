/// A service that others wait for or that runs for long says whether it is well. (S18-HS-01)
enum ServicesAreProbed: AuditRule {
  static let id = "health/services-are-probed"
  static let why = "a container that hangs counts as running, and nothing replaces it"
  static let fix = "add 'healthcheck', to the service or to its image"
  static let source = ["S18-HS-01", "C-32"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        db:
          image: postgres:16.4
      """, line: 2)
  ]
  static let right = [
    Fixture.compose(
      "services: {db: {image: 'postgres:16.4', healthcheck: {test: [CMD, pg_isready]}}}"),
    Fixture.files([
      "compose.yml": "services: {web: {build: .}}",
      "Dockerfile": "FROM alpine:3.22.1\nHEALTHCHECK CMD true\nUSER 1000\n",
    ]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.deployedServices.filter { service in
      guard service.probe == nil else { return service.probe?.isDisabled ?? false }
      guard service.image != nil || service.buildContext != nil else { return false }
      let steps = deployment.dockerfile(of: service)?.finalSteps ?? []
      if steps.contains(where: { $0.keyword == "HEALTHCHECK" }) { return false }
      // An unknown image may bring a check of its own; images of these products bring none.
      return service.product != nil && service.product?.role != .exporter
        || deployment.dockerfile(of: service) != nil
    }.map { .warning("'\($0.name.value)' has no health check", at: $0.name.spot) }
  }
}
