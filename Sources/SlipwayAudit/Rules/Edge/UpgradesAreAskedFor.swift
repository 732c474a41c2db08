/// A connection is upgraded when the client asks for it, and only then. (C-34)
enum UpgradesAreAskedFor: AuditRule {
  static let id = "edge/upgrades-are-asked-for"
  static let why = "every plain request then claims to upgrade, and no connection is kept open"
  static let fix = "map $http_upgrade to 'upgrade' or '', and send that"
  static let source = ["C-34", "S18-NGX"]
  static let wrong = [
    Fixture.nginx(
      """
      http { server { location /api/ {
        proxy_pass http://web;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection "upgrade";
      } } }
      """, line: 4)
  ]
  static let right = [
    Fixture.nginx(
      """
      http { server { location /api/ {
        proxy_pass http://web;
        proxy_set_header Upgrade $http_upgrade;
        proxy_set_header Connection $connection_upgrade;
      } } }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let headers: [Directive] = deployment.nginxes.flatMap(\.servers).flatMap {
      $0.directive.deep("proxy_set_header")
    }
    return headers.filter { header in
      header.arguments.map { $0.lowercased() } == ["connection", "upgrade"]
    }.map { .warning("every request is sent on as an upgrade", at: $0.spot) }
  }
}
