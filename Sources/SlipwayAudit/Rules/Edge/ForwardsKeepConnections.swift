/// Where an upstream keeps connections open, requests to it can use them. (S18-NGX)
enum ForwardsKeepConnections: AuditRule {
  static let id = "edge/forwards-keep-connections"
  static let why = "HTTP/1.0 closes after each request, so 'keepalive' of the upstream does nothing"
  static let fix = "add 'proxy_http_version 1.1;' and an empty 'Connection' header"
  static let source = ["S18-NGX", "C-34"]
  static let wrong = [
    Fixture.nginx(
      """
      http {
        upstream app { server web:8000; keepalive 32; }
        server {
          location /health {
            proxy_pass http://app;
          }
        }
      }
      """, line: 4)
  ]
  static let right = [
    Fixture.nginx(
      """
      http {
        proxy_http_version 1.1;
        upstream app { server web:8000; keepalive 32; }
        server { location /health { proxy_pass http://app; } }
      }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file -> [Flaw] in
      let kept = Set(file.upstreams.filter { $0.directive.first("keepalive") != nil }.map(\.name))
      return file.locations.map(\.location).filter { location in
        guard let target = location.forward?.arguments.first, let address = HostPort(target) else {
          return false
        }
        return kept.contains(address.host)
          && location.effective("proxy_http_version", outer: file.outer).isEmpty
          && location.directive.first("include") == nil
      }.map {
        .warning(
          "location '\($0.match)' opens a connection for each request, "
            + "though its upstream keeps them",
          at: $0.spot)
      }
    }
  }
}
