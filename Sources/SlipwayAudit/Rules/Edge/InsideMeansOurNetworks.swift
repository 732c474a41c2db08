/// What is for the inside is open to the networks that containers really have. (S18-NGX)
enum InsideMeansOurNetworks: AuditRule {
  static let id = "edge/inside-means-our-networks"
  static let why = "the engine's networks are in 172.16.0.0/12 and 192.168.0.0/16: they are refused"
  static let fix = "declare the subnet of the network, and allow that one"
  static let source = ["S18-NGX", "C-05"]
  private static let conf = """
    http { server { location /metrics {
      allow 10.0.0.0/8;
      deny all;
      proxy_pass http://web;
    } } }
    """
  static let wrong = [
    Fixture.files(
      ["compose.yml": "services: {web: {image: 'a/b:1.2.3'}}", "nginx/nginx.conf": conf],
      at: "nginx/nginx.conf:2")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services: {web: {image: 'a/b:1.2.3', networks: [in]}}
      networks: {in: {ipam: {config: [{subnet: 10.7.0.0/24}]}}}
      """,
      "nginx/nginx.conf": conf,
    ]),
    Fixture.files([
      "compose.yml": "services: {web: {image: 'a/b:1.2.3'}}",
      "nginx/nginx.conf": "http { server { allow 172.16.0.0/12; allow 10.0.0.0/8; deny all; } }",
    ]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let lines: [Substring] = deployment.composes.map(\.path).flatMap(deployment.lines(of:))
    let subnets = lines.contains { $0.contains("subnet") && $0.contains("10.") }
    guard !subnets else { return [] }
    return deployment.nginxes.flatMap { file -> [Flaw] in
      guard !deployment.services(near: file.path).isEmpty else { return [] }
      let places = file.servers.map(\.directive) + file.locations.map(\.location.directive)
      return places.compactMap { place -> Flaw? in
        let allowed = place.all("allow")
        let values = allowed.compactMap(\.arguments.first)
        guard place.all("deny").contains(where: { $0.arguments == ["all"] }),
          values.allSatisfy({ $0.hasPrefix("10.") || $0.hasPrefix("127.") }),
          let first = allowed.first(where: { $0.arguments.first?.hasPrefix("10.") ?? false })
        else { return nil }
        return .warning(
          "only 10.0.0.0/8 is let in, where containers are not by default", at: first.spot)
      }
    }
  }
}
