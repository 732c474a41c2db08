/// A location means one path or one folder, not every word that begins alike. (S18-NGX)
enum PrefixesEndAtASlash: AuditRule {
  static let id = "edge/prefixes-end-at-a-slash"
  static let why = "'/ws' is also '/wsanything': requests go where nobody meant them to go"
  static let fix = "write '= /path' for the path itself, or '/path/' for what is below it"
  static let source = ["S18-NGX"]
  static let wrong = [
    Fixture.nginx(
      """
      http { server {
        location /ws {
          proxy_pass http://web;
          proxy_set_header Upgrade $http_upgrade;
        }
      } }
      """, line: 2)
  ]
  static let right = [
    Fixture.nginx(
      """
      http { server {
        location = /ws { proxy_pass http://web; proxy_set_header Upgrade $http_upgrade; }
        location / { proxy_pass http://web; }
      } }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap(\.locations).map(\.location).filter { location in
      location.isForwarding && (location.modifier.isEmpty || location.modifier == "^~")
        && location.match.hasPrefix("/") && !location.match.hasSuffix("/")
        && location.directive.all("proxy_set_header").contains {
          $0.arguments.first?.lowercased() == "upgrade"
        }
    }.map {
      .warning("location '\($0.match)' also takes '\($0.match)anything'", at: $0.spot)
    }
  }
}
