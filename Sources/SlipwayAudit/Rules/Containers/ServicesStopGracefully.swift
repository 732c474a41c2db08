/// A service behind the proxy gets time to finish what it has begun. (C-35)
enum ServicesStopGracefully: AuditRule {
  static let id = "containers/services-stop-gracefully"
  static let why = "after 10 seconds the engine kills what still runs: orders and sockets break off"
  static let fix = "state 'stop_grace_period', longer than the longest request"
  static let source = ["C-35", "S18-DC"]
  private static let edge = "http { server { location / { proxy_pass http://web:8000; } } }\n"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": "services:\n  web:\n    image: a/b:1.2.3\n    expose: ['8000']\n",
        "nginx/nginx.conf": edge,
      ], at: "compose.yml:2")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services: {web: {image: 'a/b:1.2.3', expose: ['8000'], stop_grace_period: 30s}}
      """,
      "nginx/nginx.conf": edge,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.deployedServices.filter {
      $0.keys["stop_grace_period"] == nil && deployment.isProxied($0)
    }.map {
      .warning("'\($0.name.value)' has 10 seconds to finish its requests", at: $0.name.spot)
    }
  }
}
