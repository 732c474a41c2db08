/// The proxy does not tell which version it is. (S04-NET)
enum TheVersionIsNotTold: AuditRule {
  static let id = "edge/the-version-is-not-told"
  static let why = "whoever looks for servers with a known hole finds this one by its answer"
  static let fix = "add 'server_tokens off;' to the http block"
  static let source = ["S04-NET", "S18-NGX"]
  static let wrong = [
    Fixture.nginx("http {\n  server { listen 443 ssl; }\n}\n", line: 1)
  ]
  static let right = [Fixture.nginx("http { server_tokens off; server { listen 443 ssl; } }")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.filter(\.isWhole).compactMap { file in
      let said = file.outer("server_tokens")?.arguments.first
      guard said == nil || said == "on", file.servers.contains(where: \.isEncrypted) else {
        return nil
      }
      return .warning("answers tell the version of the proxy", at: file.http ?? Spot(file.path, 1))
    }
  }
}
