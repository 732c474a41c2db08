/// Where a proxy stands in front, nothing else answers everybody. (S18-ARCH)
enum PortsStayBehindTheEdge: AuditRule {
  static let id = "network/ports-stay-behind-the-edge"
  static let why =
    "a port published on every address goes around the proxy's TLS, limits and rules, and around "
    + "the host's firewall"
  static let fix = "delete the port, or bind it to the machine itself: \"127.0.0.1:…\""
  static let source = ["S18-ARCH-20", "C-05"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        edge:
          image: nginx:1.30.5
          ports: ["443:443"]
        web:
          image: shop/web:1.2.3
          ports:
            - "8000:8000"
      """, line: 8),
    Fixture.compose(
      """
      services:
        edge: {image: 'nginx:1.30.5', ports: ['443:443']}
        prometheus:
          image: prom/prometheus:v3.1.0
          ports: ["9090:9090"]
      """, line: 5),
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        edge: {image: 'nginx:1.30.5', ports: ['443:443', '80:80']}
        web: {image: 'shop/web:1.2.3', ports: ['127.0.0.1:8000:8000']}
      """),
    Fixture.compose("services: {web: {image: 'shop/web:1.2.3', ports: ['8000:8000']}}"),
  ]

  /// Mail, shells, names and calls: what a proxy of the web does not carry.
  fileprivate static let others: Set = [
    21, 22, 25, 53, 110, 143, 465, 587, 636, 993, 995, 1883, 2222, 3478, 4190, 5349, 8883,
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.composes.filter { !$0.isForDevelopment }.flatMap { file -> [Flaw] in
      let edges = Set(deployment.edges(near: file.path).filter { $0.file == file.path }.map(\.name))
      guard !edges.isEmpty else { return [] }
      return file.services.filter { !edges.contains($0.name) && $0.product?.role != .store }
        .flatMap { service in
          service.ports.filter { $0.isPublic && $0.isForTheWeb }.map {
            Flaw(
              "'\(service.name.value)' would answer everybody on port \($0.host ?? 0), "
                + "past the proxy",
              at: $0.text.spot)
          }
        }
    }
  }
}

extension PublishedPort {
  fileprivate var isForTheWeb: Bool {
    guard host != nil, !text.value.hasSuffix("/udp") else { return false }
    return !PortsStayBehindTheEdge.others.contains(container ?? 0)
  }
}
