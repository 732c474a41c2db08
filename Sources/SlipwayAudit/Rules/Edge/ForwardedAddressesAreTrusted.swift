/// A server behind the proxy takes the client's address from it. (C-34)
enum ForwardedAddressesAreTrusted: AuditRule {
  static let id = "edge/forwarded-addresses-are-trusted"
  static let why = "the service takes the proxy for its only client: one limit for all users"
  static let fix = "start it with '--proxy-headers --forwarded-allow-ips' and the proxy's address"
  static let source = ["C-34", "C-07"]
  private static let stack = "services: {web: {build: .}, edge: {image: 'nginx:1.30.5'}}"
  private static let edge = "http { server { location / { proxy_pass http://web:8000; } } }"
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack, "nginx/nginx.conf": edge,
        "Dockerfile":
          "FROM python:3.13.1\nUSER 1000\nCMD [\"uvicorn\", \"app:app\", \"--port\", \"8000\"]\n",
      ], at: "Dockerfile:3")
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack, "nginx/nginx.conf": edge,
      "Dockerfile": """
      FROM python:3.13.1
      USER 1000
      CMD ["uvicorn", "app:app", "--port", "8000", "--proxy-headers", "--forwarded-allow-ips", "*"]
      """,
    ])
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    deployment.dockerfiles.flatMap { file -> [Flaw] in
      let starts = file.finalSteps.filter { step in
        ["CMD", "ENTRYPOINT"].contains(step.keyword)
          && (step.text.contains("uvicorn") || step.text.contains("hypercorn"))
          && !step.text.contains("forwarded-allow-ips")
      }
      guard !starts.isEmpty else { return [] }
      let services = deployment.services(of: file)
      guard services.contains(where: deployment.isProxied),
        !services.flatMap(\.environment).contains(where: { $0.name == "FORWARDED_ALLOW_IPS" })
      else { return [] }
      return starts.map {
        .warning("the server behind the proxy trusts no forwarded address", at: $0.spot)
      }
    }
  }
}
