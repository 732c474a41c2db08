/// HTTP/2 is switched on as current servers want it. (S18-NGX)
enum Http2IsADirective: AuditRule {
  static let id = "edge/http2-is-a-directive"
  static let why = "nginx from 1.25.1 on warns about it at each start, and will refuse it one day"
  static let fix = "write 'listen 443 ssl;' and 'http2 on;'"
  static let source = ["S18-NGX"]
  static let wrong = [Fixture.nginx("http { server {\n  listen 443 ssl http2;\n} }\n", line: 2)]
  static let right = [Fixture.nginx("http { server { listen 443 ssl; http2 on; } }\n")]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap(\.servers).flatMap(\.listens).filter {
      $0.arguments.contains("http2")
    }.map { .warning("'http2' as a word of 'listen' is deprecated", at: $0.spot) }
  }
}
