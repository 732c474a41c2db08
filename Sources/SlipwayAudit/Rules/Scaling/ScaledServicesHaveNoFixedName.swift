/// A service of several containers leaves their names to the engine. (C-29)
enum ScaledServicesHaveNoFixedName: AuditRule {
  static let id = "scaling/scaled-services-have-no-fixed-name"
  static let why = "Compose refuses the whole file: two containers cannot have one name"
  static let fix = "delete 'container_name'; the service's own name is found by everybody"
  static let source = ["C-29", "S18-DC"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          container_name: shop-web
          deploy:
            replicas: 3
      """, line: 4)
  ]
  static let right = [
    Fixture.compose("services: {web: {image: 'shop/web:1.2.3', container_name: shop-web}}"),
    Fixture.compose("services: {web: {image: 'shop/web:1.2.3', scale: 3}}"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.services.compactMap { service in
      guard service.replicas > 1, let name = service.containerName else { return nil }
      return Flaw(
        "service '\(service.name.value)' has \(service.replicas) replicas and one name, "
          + "'\(name.value)', for all of them", at: name.spot)
    }
  }
}
