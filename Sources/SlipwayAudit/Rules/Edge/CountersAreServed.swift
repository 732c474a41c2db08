/// The proxy serves the counters that its exporter reads. (C-24)
enum CountersAreServed: AuditRule {
  static let id = "edge/counters-are-served"
  static let why = "the exporter asks for a page that the proxy does not have"
  static let fix = "add a location with 'stub_status;' that only the exporter reaches"
  static let source = ["C-24", "S18-PROM"]
  private static let asked =
    "scrape_configs: [{job_name: edge, static_configs: [{targets: ['nginx-exporter:9113']}]}]"
  static let wrong = [
    Fixture.files(
      [
        "prometheus.yml": asked,
        "nginx/nginx.conf": "http {\n  server { location / { proxy_pass http://web; } }\n}\n",
      ], at: "nginx/nginx.conf:2")
  ]
  static let right = [
    Fixture.files([
      "prometheus.yml": asked,
      "nginx/nginx.conf": "http { server { location /counters { stub_status; } } }",
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let asks = deployment.prometheuses.flatMap(\.jobs).flatMap(\.targets).contains {
      $0.address.host.contains("nginx") && $0.address.port == 9113
    }
    let servers = deployment.nginxes.flatMap(\.servers)
    let isServed = deployment.nginxes.contains { file in
      file.outer("stub_status") != nil
        || file.servers.contains { !$0.directive.deep("stub_status").isEmpty }
    }
    guard asks, !isServed,
      let first = servers.first
    else { return [] }
    return [
      .warning("an exporter of nginx is asked, and no server has 'stub_status'", at: first.spot)
    ]
  }
}
