/// A location with a header of its own repeats those of its server. (C-13)
enum LocationsKeepTheHeaders: AuditRule {
  static let id = "edge/locations-keep-the-headers"
  static let why = "one 'add_header' inside takes away every header that stands outside"
  static let fix = "repeat the outer headers here, or set this one with a 'map' outside"
  static let source = ["C-13", "S17-HDR"]
  static let wrong = [
    Fixture.nginx(
      """
      http { server {
        add_header X-Frame-Options DENY always;
        location /static/ {
          add_header Cache-Control immutable;
        }
      } }
      """, line: 4)
  ]
  static let right = [
    Fixture.nginx(
      """
      http { server {
        add_header X-Frame-Options DENY always;
        location /static/ {
          add_header X-Frame-Options DENY always;
          add_header Cache-Control immutable;
        }
        location / { root /usr/share/nginx/html; }
      } }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file -> [Flaw] in
      let http = file.outer.filter { $0.name == "add_header" }
      let servers = file.servers.flatMap { server -> [Flaw] in
        let own = server.directive.all("add_header")
        return lost(own, http, "server")
      }
      return servers
        + file.locations.flatMap { server, location -> [Flaw] in
          let own = location.directive.all("add_header")
          let outer = location.parents.reversed().map { $0.all("add_header") }.first { !$0.isEmpty }
          return lost(own, outer ?? http, "location '\(location.match)'")
        }
    }
  }

  private static func lost(_ own: [Directive], _ outer: [Directive], _ what: String) -> [Flaw] {
    guard let first = own.first else { return [] }
    let kept = Set(own.compactMap { $0.arguments.first?.lowercased() })
    let names = outer.compactMap(\.arguments.first).filter { !kept.contains($0.lowercased()) }
    guard !names.isEmpty, !first.arguments.contains("inherit") else { return [] }
    return [
      Flaw(
        "\(what) loses \(names.count) header\(names.count == 1 ? "" : "s"): "
          + names.joined(separator: ", "), at: first.spot)
    ]
  }
}
