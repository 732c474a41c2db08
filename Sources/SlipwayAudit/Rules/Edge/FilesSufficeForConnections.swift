/// The proxy may open as many files as it takes connections. (S18-NGX)
enum FilesSufficeForConnections: AuditRule {
  static let id = "edge/files-suffice-for-connections"
  static let why =
    "a forwarded request needs two files: 'too many open files' long before the bound"
  static let fix = "add 'worker_rlimit_nofile' with at least twice the connections"
  static let source = ["S18-NGX"]
  static let wrong = [
    Fixture.nginx(
      "events {\n  worker_connections 4096;\n}\nhttp { server { listen 80; } }\n", line: 2)
  ]
  static let right = [
    Fixture.nginx("worker_rlimit_nofile 8192;\nevents { worker_connections 4096; }\nhttp { }\n"),
    Fixture.nginx("events { worker_connections 512; }\nhttp { }\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.compactMap { file in
      guard let line = file.outer("events")?.first("worker_connections"),
        let connections = line.arguments.first.flatMap(Int.init), connections > 1024
      else { return nil }
      let files = file.outer("worker_rlimit_nofile")?.arguments.first.flatMap(Int.init)
      guard (files ?? 1024) < connections else { return nil }
      return .warning(
        "\(connections) connections, and \(files ?? 1024) files by default to serve them",
        at: line.spot)
    }
  }
}
