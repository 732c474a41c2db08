/// A header is set by the proxy or by the service, not by both. (C-13)
enum HeadersAreSetOnce: AuditRule {
  static let id = "edge/headers-are-set-once"
  static let why = "browsers that get a header twice join or ignore it, and checkers report it"
  static let fix = "take it out of the service, or hide it here with 'proxy_hide_header'"
  static let source = ["C-13"]
  static let wrong = [
    Fixture.files(
      [
        "nginx/nginx.conf": """
        http { server {
          add_header X-Frame-Options DENY always;
          location / { proxy_pass http://web; }
        } }
        """,
        "app/security.py": "response.headers[\"X-Frame-Options\"] = \"DENY\"\n",
      ], at: "nginx/nginx.conf:2")
  ]
  static let right = [
    Fixture.files([
      "nginx/nginx.conf": """
      http { server {
        proxy_hide_header X-Frame-Options;
        add_header X-Frame-Options DENY always;
        location / { proxy_pass http://web; }
      } }
      """,
      "app/security.py": "response.headers[\"X-Frame-Options\"] = \"DENY\"\n",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file in
      file.servers.flatMap { server -> [Flaw] in
        guard !server.directive.deep("proxy_pass").isEmpty else { return [] }
        let hidden = Set(
          (file.outer.filter { $0.name == "proxy_hide_header" }
            + server.directive.deep("proxy_hide_header"))
            .compactMap { $0.arguments.first?.lowercased() })
        return server.directive.all("add_header").compactMap { header -> Flaw? in
          guard let name = header.arguments.first, !hidden.contains(name.lowercased()),
            let source = deployment.sources.first(where: {
              $0.text.contains("headers[\"\(name)\"]") || $0.text.contains("headers['\(name)']")
                || $0.text.contains("setHeader(\"\(name)\"")
                || $0.text.contains("setHeader('\(name)'")
            })
          else { return nil }
          return .warning("'\(name)' is also set by \(source.path)", at: header.spot)
        }
      }
    }
  }
}
