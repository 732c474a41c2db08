/// What the proxy serves and shows from its disk is mounted. (S18-NGX)
enum ServedFoldersAreMounted: AuditRule {
  static let id = "references/served-folders-are-mounted"
  static let why =
    "requests for these files find an empty place: a challenge for a certificate is never answered"
  static let fix = "mount the folder into the proxy, and into whatever fills it"
  static let source = ["S18-NGX", "S18-HS-06"]
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": """
        services:
          edge:
            image: nginx:1.30.5
            volumes:
              - ./nginx:/etc/nginx:ro
        """,
        "nginx/nginx.conf": """
        http { server {
          location /.well-known/ { root /var/www/challenges; }
        } }
        """,
      ], at: "compose.yml:4")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services:
        edge:
          image: nginx:1.30.5
          volumes: ['./nginx:/etc/nginx:ro', 'challenges:/var/www/challenges']
      volumes: {challenges: {}}
      """,
      "nginx/nginx.conf": """
      http { server {
        location /.well-known/ { root /var/www/challenges; }
        location / { root /usr/share/nginx/html; }
      } }
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file -> [Flaw] in
      guard let (service, _) = deployment.reader(of: file.path), service.buildContext == nil,
        service.product?.name == "nginx", let place = service.keys["volumes"]
      else { return [] }
      let lines = file.servers.flatMap { server in
        ["root", "alias"].flatMap { server.directive.all($0) + server.directive.deep($0) }
      }
      var seen: Set<String> = []
      return lines.compactMap { line in
        guard let path = line.arguments.first, path.hasPrefix("/"), !path.contains("$"),
          !path.hasPrefix("/usr/share/nginx"), !path.hasPrefix("/etc/nginx"),
          !service.mounts.contains(where: {
            path == $0.target || path.hasPrefix($0.target + "/") || $0.target.hasPrefix(path + "/")
          }), seen.insert(path).inserted
        else { return nil }
        return Flaw(
          "the proxy serves files of '\(path)' (\(file.path):\(line.spot.line)), where nothing is "
            + "mounted", at: place)
      }
    }
  }
}
