/// A name that nobody serves gets no answer of ours. (C-70)
enum UnknownHostsAreRefused: AuditRule {
  static let id = "edge/unknown-hosts-are-refused"
  static let why =
    "any name that points here reaches the application: links and caches can be forged"
  static let fix = "add a server with 'default_server' that refuses: 'ssl_reject_handshake on;'"
  static let source = ["C-70", "S04-NET"]
  static let wrong = [
    Fixture.nginx(
      """
      http { server {
        listen 443 ssl;
        server_name shop.example;
        location / { proxy_pass http://web; }
      } }
      """, line: 2)
  ]
  static let right = [
    Fixture.nginx(
      """
      http {
        server { listen 443 ssl default_server; ssl_reject_handshake on; }
        server { listen 443 ssl; server_name shop.example; location / { proxy_pass http://web; } }
      }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let groups = Dictionary(grouping: deployment.nginxes) { Paths.folder($0.path) }
    return groups.sorted { $0.key < $1.key }.flatMap { _, files -> [Flaw] in
      let servers = files.flatMap(\.servers)
      // Parts in several folders make one configuration that is not seen here as a whole.
      guard files.contains(where: \.isWhole), !servers.contains(where: \.isDefault),
        !files.contains(where: includesServers)
      else { return [] }
      let first = servers.first { $0.isEncrypted && !$0.names.isEmpty && $0.names[0].value != "_" }
      guard let first, let listen = first.listens.first,
        !servers.contains(where: { $0.isEncrypted && $0.names.contains { $0.value == "_" } })
      else { return [] }
      return [
        .warning("every name that is not known reaches '\(first.names[0].value)'", at: listen.spot)
      ]
    }
  }

  private static func includesServers(_ file: NginxFile) -> Bool {
    file.outer.contains { $0.name == "include" && $0.arguments.contains { $0.contains("*") } }
  }
}
