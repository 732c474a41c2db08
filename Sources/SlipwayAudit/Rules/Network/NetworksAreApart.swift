/// What faces the internet, what keeps data and what watches do not share one network. (S18-ARCH)
enum NetworksAreApart: AuditRule {
  static let id = "network/networks-are-apart"
  static let why =
    "whoever breaks the part that faces the internet reaches every other part at once"
  static let fix = "declare a network for the edge, one for data and one for monitoring"
  static let source = ["S18-ARCH", "S04-NET"]
  static let wrong = [
    Fixture.compose(
      """
      services:
        edge: {image: 'nginx:1.30.5', ports: ['443:443'], networks: [all]}
        web: {image: 'shop/web:1.2.3', networks: [all]}
        prometheus: {image: 'prom/prometheus:v3.1.0', networks: [all]}
      networks:
        all: {}
      """, line: 6)
  ]
  static let right = [
    Fixture.compose(
      """
      services:
        edge: {image: 'nginx:1.30.5', ports: ['443:443'], networks: [front]}
        web: {image: 'shop/web:1.2.3', networks: [front, watch]}
        prometheus: {image: 'prom/prometheus:v3.1.0', networks: [watch]}
      networks: {front: {}, watch: {}}
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.composes.compactMap { file in
      guard file.networks.count == 1, let network = file.networks.first else { return nil }
      let inside = file.services.filter { $0.networks.map(\.value) == [network.value] }
      let edges = Set(deployment.edges(near: file.path).filter { $0.file == file.path }.map(\.name))
      let faces = inside.contains { edges.contains($0.name) }
      let keeps = inside.contains { $0.product?.role == .store || $0.product?.role == .watcher }
      guard faces, keeps, inside.count > 2 else { return nil }
      return .warning(
        "the edge, the stores and the monitoring share the one network '\(network.value)'",
        at: network.spot)
    }
  }
}
