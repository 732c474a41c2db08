/// Whoever asks a service from inside does so under a name that the service trusts. (C-34)
enum ProbesNameATrustedHost: AuditRule {
  static let id = "health/probes-name-a-trusted-host"
  static let why =
    "the service answers 400 to names that it does not know: the container is never healthy, and "
    + "no metric is collected"
  static let fix = "send a name that is trusted ('-H Host: …'), or trust this one too"
  static let source = ["C-34", "S18-HS-01", "C-24"]
  private static let program = """
    app.add_middleware(
        TrustedHostMiddleware,
        allowed_hosts=["shop.example", "*.shop.example"],
    )
    """
  private static let stack = """
    services:
      web:
        build: web
        healthcheck:
          test: curl -f http://localhost:8000/health
    """
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": stack, "web/Dockerfile": "FROM python:3.13.1\nUSER 1000\n",
        "web/app.py": program,
      ], at: "compose.yml:5"),
    Fixture.files(
      [
        "compose.yml": stack, "web/Dockerfile": "FROM python:3.13.1\nUSER 1000\n",
        "web/app.py": program.replacing("*.shop.example", with: "[::1]"),
      ], at: "compose.yml:5"),
    Fixture.files(
      [
        "compose.yml": "services: {web: {build: web, expose: ['8000']}}",
        "web/Dockerfile": "FROM python:3.13.1\nUSER 1000\n", "web/app.py": program,
        "prometheus.yml":
          "scrape_configs:\n- job_name: web\n  static_configs: [{targets: ['web:8000']}]\n",
      ], at: "prometheus.yml:3"),
  ]
  static let right = [
    Fixture.files([
      "compose.yml": stack, "web/Dockerfile": "FROM python:3.13.1\nUSER 1000\n",
      "web/app.py": program.replacing("shop.example\",", with: "localhost\","),
    ]),
    // Which names a program works out is not known, whatever a later list says.
    Fixture.files([
      "compose.yml": stack, "web/Dockerfile": "FROM python:3.13.1\nUSER 1000\n",
      "web/app.py": "allowed_hosts=[name for name in names[0]]\n" + program,
    ]),
    Fixture.files([
      "compose.yml": stack, "other/Dockerfile": "FROM python:3.13.1\nUSER 1000\n",
      "other/app.py": program,
    ]),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let lists = deployment.sources.compactMap { source in
      hosts(source.text).map { (path: source.path, hosts: $0) }
    }
    guard !lists.isEmpty else { return [] }
    func trusted(_ service: Service) -> [String]? {
      guard let file = deployment.dockerfile(of: service) else { return nil }
      let folder = Paths.folder(file.path)
      let own = lists.filter { $0.path.hasPrefix(folder) }.flatMap(\.hosts)
      return own.isEmpty || own.contains("*") ? nil : own
    }
    let probes = deployment.services.compactMap { service -> Flaw? in
      guard let probe = service.probe, let names = trusted(service),
        !probe.text.value.contains("Host:"),
        let match = probe.text.value.firstMatch(of: /https?:\/\/([^\/:\s"']+)/),
        !isTrusted(String(match.1), names)
      else { return nil }
      return Flaw(
        "the health check asks for '\(match.1)', and the service trusts only "
          + names.joined(separator: ", "), at: probe.text.spot)
    }
    let scrapes = deployment.prometheuses.flatMap { file in
      file.jobs.flatMap(\.targets).compactMap { target -> Flaw? in
        guard let service = deployment.service(target.address.host, near: file.path),
          let names = trusted(service), !isTrusted(target.address.host, names)
        else { return nil }
        return Flaw(
          "Prometheus asks for '\(target.address.host)', and the service trusts only "
            + names.joined(separator: ", "), at: target.spot)
      }
    }
    return probes + scrapes
  }

  /// The names that a program lets through, if it names them in its text.
  private static func hosts(_ text: String) -> [String]? {
    guard text.contains("TrustedHostMiddleware"),
      let start = text.firstMatch(of: /allowed_hosts\s*=\s*\[/)?.range.upperBound,
      // Looked for once: a text that repeats the beginning is not read again from each.
      let end = text[start...].firstIndex(of: "]")
    else { return nil }
    let parts = text[start..<end].split(separator: ",").map(\.trimmed)
    guard parts.allSatisfy({ $0.isEmpty || $0.hasPrefix("\"") || $0.hasPrefix("'") }) else {
      return nil
    }
    return parts.filter { !$0.isEmpty }.map { $0.trimmingQuotes }
  }

  private static func isTrusted(_ host: String, _ names: [String]) -> Bool {
    names.contains { name in
      name == host || name.hasPrefix("*.") && host.hasSuffix(name.dropFirst())
    }
  }
}

extension String {
  fileprivate var trimmingQuotes: String {
    String(drop { "\"'".contains($0) }.prefix { !"\"'".contains($0) })
  }
}
