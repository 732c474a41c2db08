/// Stapling can ask for what it staples. (S18-NGX)
enum StaplingHasAResolver: AuditRule {
  static let id = "edge/stapling-has-a-resolver"
  static let why = "nginx ignores stapling that it cannot do, and says so only in its log"
  static let fix = "delete 'ssl_stapling': the usual authorities have ended it; or add a 'resolver'"
  static let source = ["S18-NGX"]
  static let wrong = [
    Fixture.nginx("http { server {\n  listen 443 ssl;\n  ssl_stapling on;\n} }\n", line: 3)
  ]
  static let right = [
    Fixture.nginx("http { resolver 1.1.1.1; server { listen 443 ssl; ssl_stapling on; } }")
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file -> [Flaw] in
      guard file.outer("resolver") == nil else { return [] }
      return file.servers.flatMap { server -> [Flaw] in
        guard server.directive.first("resolver") == nil, server.directive.first("include") == nil
        else { return [] }
        return server.directive.all("ssl_stapling").filter { $0.arguments == ["on"] }.map {
          .warning("'ssl_stapling' is on and no 'resolver' is set", at: $0.spot)
        }
      }
    }
  }
}
