/// The proxy asks again where a service is. (C-34)
enum UpstreamsAreResolvedAgain: AuditRule {
  static let id = "edge/upstreams-are-resolved-again"
  static let why = "names are looked up once, at the start: replaced containers are not found, 502"
  static let fix = "give the upstream a 'zone' and its servers 'resolve', with a 'resolver'"
  static let source = ["C-34"]
  private static let stack = "services: {web: {image: 'a/b:1.2.3', expose: ['8000']}}"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack,
        "nginx/nginx.conf": "http {\n  upstream app {\n    server web:8000;\n  }\n}\n",
      ], at: "nginx/nginx.conf:3")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack,
      "nginx/nginx.conf": """
      http {
        resolver 127.0.0.11 valid=5s;
        upstream app { zone app 64k; server web:8000 resolve; }
      }
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file in
      file.upstreams.flatMap(\.servers).filter { server in
        guard let address = HostPort(server.arguments.first ?? ""), !address.isAddress,
          !address.isLocal, !server.arguments.contains("resolve")
        else { return false }
        return deployment.service(address.host, near: file.path) != nil
      }.map {
        .warning("'\($0.arguments[0])' is looked up once, when the proxy starts", at: $0.spot)
      }
    }
  }
}
