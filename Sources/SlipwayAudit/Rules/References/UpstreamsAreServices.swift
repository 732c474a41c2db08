/// Where the proxy forwards to is a service that listens there. (C-34)
enum UpstreamsAreServices: AuditRule {
  static let id = "references/upstreams-are-services"
  static let why =
    "a proxy with a name it cannot find does not start; with a wrong port it answers 502"
  static let fix = "use the name of a service and a port that it listens on"
  static let source = ["C-34", "S18-NGX"]
  private static let stack = """
    services:
      edge: {image: 'nginx:1.30.5'}
      web: {build: .}

    """
  private static let image = "FROM alpine:3.22.1\nEXPOSE 8000\nUSER 1000\n"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack, "Dockerfile": image,
        "nginx/nginx.conf": "http {\n  upstream app {\n    server backend:8000;\n  }\n}\n",
      ], at: "nginx/nginx.conf:3"),
    Fixture.files(
      [
        "compose.yml": stack, "Dockerfile": image,
        "nginx/nginx.conf": "http { server { location / {\n  proxy_pass http://web:9000;\n} } }\n",
      ], at: "nginx/nginx.conf:2"),
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack, "Dockerfile": image,
      "nginx/nginx.conf": """
      http {
        upstream app { server web:8000; }
        server { location / { proxy_pass http://app; } location /x { proxy_pass http://$y; } }
      }
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dangling(.upstream) {
      "the proxy forwards to '\($0.name)', which no Compose file runs"
    }
      + deployment.nginxes.flatMap { file -> [Flaw] in
        let groups = Set(deployment.nginxes.flatMap(\.upstreams).map(\.name))
        let servers = file.upstreams.flatMap(\.servers)
        let passes = file.locations.compactMap { $0.location.forward }.filter { pass in
          HostPort(pass.arguments.first ?? "").map { !groups.contains($0.host) } ?? false
        }
        return (servers + passes).compactMap { line in
          guard let address = HostPort(line.arguments.first ?? ""), let port = address.port,
            let service = deployment.service(address.host, near: file.path)
          else { return nil }
          let ports = deployment.listens(service)
          guard !ports.isEmpty, !ports.contains(port) else { return nil }
          return Flaw(
            "the proxy asks '\(address.host)' on port \(port), where it is not known to listen",
            at: line.spot)
        }
      }
  }
}
