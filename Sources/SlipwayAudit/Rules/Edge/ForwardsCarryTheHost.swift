/// A service behind the proxy learns which name was asked for. (C-70)
enum ForwardsCarryTheHost: AuditRule {
  static let id = "edge/forwards-carry-the-host"
  static let why =
    "without it the service sees the name of the upstream: trusted hosts refuse, links are wrong"
  static let fix = "add 'proxy_set_header Host $host;' here, or once for the whole server"
  static let source = ["C-70", "S18-NGX"]
  static let wrong = [
    Fixture.nginx(
      """
      http { server {
        location /health {
          proxy_pass http://web;
        }
        location / { proxy_set_header Host $host; proxy_pass http://web; }
      } }
      """, line: 2)
  ]
  static let right = [
    Fixture.nginx(
      """
      http { server {
        proxy_set_header Host $host;
        location /health { proxy_pass http://web; }
        location /out/ { proxy_pass https://example.org; }
      } }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file -> [Flaw] in
      let forwards = file.locations.map(\.location).filter(\.isForwarding)
      func carries(_ location: NginxLocation) -> Bool {
        location.directive.children.contains { $0.name == "include" }
          || location.effective("proxy_set_header", outer: file.outer).contains {
            $0.arguments.first?.lowercased() == "host"
          }
      }
      // Where no location at all does it, the services behind may not care.
      guard forwards.contains(where: carries) else { return [] }
      return forwards.filter { !carries($0) && isInside($0) }.map {
        Flaw(
          "location '\($0.match)' forwards with the upstream's name as host, "
            + "others with the real one",
          at: $0.spot)
      }
    }
  }

  /// Whether it forwards to a service and not to somebody else's server.
  private static func isInside(_ location: NginxLocation) -> Bool {
    let target = location.forward?.arguments.first ?? ""
    return !(HostPort(target)?.host.contains(".") ?? false)
  }
}
