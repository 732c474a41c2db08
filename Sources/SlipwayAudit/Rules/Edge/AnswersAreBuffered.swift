/// The proxy takes answers from the service as fast as it gives them. (S18-NGX)
enum AnswersAreBuffered: AuditRule {
  static let id = "edge/answers-are-buffered"
  static let why = "without buffers every slow client holds a process of the service"
  static let fix = "switch buffering off only where answers are streams"
  static let source = ["S18-NGX"]
  static let wrong = [
    Fixture.nginx(
      """
      http { server { location /api/ {
        proxy_pass http://web;
        proxy_buffering off;
      } } }
      """, line: 3)
  ]
  static let right = [
    Fixture.nginx(
      """
      http { server {
        location /api/events { proxy_pass http://web; proxy_buffering off; }
        location /api/ { proxy_pass http://web; }
      } }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap(\.locations).flatMap { _, location -> [Flaw] in
      let isWide = ["/", "/api", "/api/"].contains(location.match) || location.match.hasSuffix("/")
      guard location.isForwarding, isWide,
        !location.match.mentions("stream", "event", "ws", "sse", "socket")
      else { return [] }
      return location.directive.all("proxy_buffering").filter { $0.arguments == ["off"] }.map {
        .warning("all of '\(location.match)' is sent on without buffers", at: $0.spot)
      }
    }
  }
}
