/// Where security headers are sent, the policy for content is among them. (C-13)
enum PagesHaveAPolicy: AuditRule {
  static let id = "edge/pages-have-a-policy"
  static let why = "without it a page runs any script that somebody manages to put into it"
  static let fix = "add 'Content-Security-Policy' and 'Permissions-Policy'"
  static let source = ["C-13", "S17-HDR", "C-12"]
  static let wrong = [
    Fixture.nginx(
      """
      http { server {
        add_header X-Frame-Options DENY always;
        location / { proxy_pass http://web; }
      } }
      """, line: 2)
  ]
  static let right = [
    Fixture.nginx(
      """
      http { server {
        add_header X-Frame-Options DENY always;
        add_header Content-Security-Policy "default-src 'self'" always;
        location / { proxy_pass http://web; }
      } }
      """)
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.nginxes.flatMap { file -> [Flaw] in
      let all =
        file.outer.filter { $0.name == "add_header" }
        + file.servers.flatMap { $0.directive.all("add_header") + $0.directive.deep("add_header") }
      let names = Set(all.compactMap { $0.arguments.first?.lowercased() })
      let first = all.first { header in
        ["x-frame-options", "x-content-type-options"].contains(
          header.arguments.first?.lowercased() ?? "")
      }
      guard let first, !names.contains("content-security-policy"),
        !names.contains("content-security-policy-report-only")
      else { return [] }
      return [.warning("security headers are sent without a policy for content", at: first.spot)]
    }
  }
}
