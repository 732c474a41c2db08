/// Who asks too often is told so. (C-07)
enum LimitsAnswer429: AuditRule {
  static let id = "edge/limits-answer-429"
  static let why = "the default is 503: it looks like an outage, to clients and to alerts"
  static let fix = "add 'limit_req_status 429;' beside the zones"
  static let source = ["C-07", "S04-RL"]
  static let wrong = [
    Fixture.nginx(
      """
      http {
        limit_req_zone $binary_remote_addr zone=api:10m rate=10r/s;
        server { location / {
          limit_req zone=api burst=10;
          proxy_pass http://web;
        } }
      }
      """, line: 4)
  ]
  static let right = [
    Fixture.nginx(
      """
      http {
        limit_req_zone $binary_remote_addr zone=api:10m rate=10r/s;
        limit_req_status 429;
        server { location / { limit_req zone=api burst=10; proxy_pass http://web; } }
      }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file in
      let places =
        file.servers.map { ($0.directive, [] as [Directive]) }
        + file.locations.map { ($0.location.directive, $0.location.parents) }
      return places.flatMap { place, parents -> [Flaw] in
        let levels = [place.children] + parents.map(\.children) + [file.outer]
        guard !levels.contains(where: { $0.contains { $0.name == "limit_req_status" } }) else {
          return []
        }
        return place.all("limit_req").map {
          .warning("requests over the limit are answered with 503", at: $0.spot)
        }
      }
    }
  }
}
