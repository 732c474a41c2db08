/// A service of several containers does not claim one port of the host. (C-29)
enum ScaledServicesHaveNoFixedPort: AuditRule {
  static let id = "scaling/scaled-services-have-no-fixed-port"
  static let why = "the first replica gets the port, every other one fails to start"
  static let fix = "take the port away and let the proxy reach the replicas by the service's name"
  static let source = ["C-29", "S18-DC", "S03-OPS"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        web:
          image: shop/web:1.2.3
          ports:
            - "8000:8000"
          deploy: {replicas: 3}
      """, line: 5),
    Fixture.files(
      [
        "compose.yml": """
        services:
          web:
            image: shop/web:1.2.3
            ports: ["8000:8000"]
        """,
        "scripts/grow.sh": "docker compose up -d --scale web=4\n",
      ], at: "scripts/grow.sh:1"),
  ]
  static let right = [
    Fixture.compose("services: {web: {image: 'a/b:1.2.3', ports: ['8000'], scale: 3}}"),
    Fixture.compose("services: {web: {image: 'a/b:1.2.3', ports: ['8000-8002:8000'], scale: 3}}"),
    Fixture.compose("services: {web: {image: 'a/b:1.2.3', ports: ['8000:8000']}}"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let declared = deployment.services.filter { $0.replicas > 1 }.flatMap { service in
      fixed(service).map {
        Flaw(
          "\(service.replicas) replicas of '\(service.name.value)' would share port "
            + "\($0.host ?? 0) of the host", at: $0.text.spot)
      }
    }
    let scripted = deployment.shells.flatMap { script, _, _ in
      script.composeCalls.flatMap { call -> [Flaw] in
        let services = deployment.composes(of: call, in: script).flatMap(\.services)
        return call.scales.compactMap { scale in
          guard scale.count != "1", scale.count != "0",
            let service = services.first(where: { $0.name.value == scale.name }),
            service.replicas == 1, let port = fixed(service).first
          else { return nil }
          return Flaw(
            "'--scale \(scale.name)=\(scale.count)' cannot work: every replica wants port "
              + "\(port.host ?? 0) of the host", at: call.command.spot)
        }
      }
    }
    return declared + scripted
  }

  private static func fixed(_ service: Service) -> [PublishedPort] {
    service.ports.filter { $0.host != nil && !$0.isRange }
  }
}
