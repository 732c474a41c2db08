/// The program that a health check calls is in the image. (C-32)
enum ProbesCanRun: AuditRule {
  static let id = "health/probes-can-run"
  static let why = "a check that cannot start fails always: the container is never healthy"
  static let fix = "call a program that the image has, or install this one in the Dockerfile"
  static let source = ["C-32", "S18-HS-01"]
  static let wrong = [
    Fixture.files(
      [
        "compose.yml": """
        services:
          api:
            build: .
            healthcheck:
              test: ["CMD", "curl", "-f", "http://localhost:8000/health"]
        """,
        "Dockerfile": "FROM python:3.13.1-slim\nUSER 1000\n",
      ], at: "compose.yml:5"),
    Fixture.dockerfile(
      "FROM python:3.13.1-slim\nUSER 1000\nHEALTHCHECK CMD python -m curl http://localhost/\n",
      line: 3),
  ]
  static let right = [
    Fixture.files([
      "compose.yml": """
      services:
        api:
          build: .
          healthcheck: {test: [CMD, curl, "-f", "http://localhost:8000/health"]}
      """,
      "Dockerfile": "FROM python:3.13.1-slim\nRUN apt-get install -y curl\nUSER 1000\n",
    ]),
    Fixture.dockerfile("FROM node:22.1.0-alpine\nHEALTHCHECK CMD wget -q -O- http://localhost/\n"),
  ]

  static func check(_ deployment: Deployment) -> [Flaw] {
    let declared = deployment.services.compactMap { service -> Flaw? in
      guard let probe = service.probe, !probe.isDisabled else { return nil }
      let script = Script(part: probe.text.value, at: probe.text.spot)
      let words = probe.text.value.split(separator: " ").map(String.init)
      let skipped =
        ["CMD", "CMD-SHELL"].contains(words.first ?? "") ? words.dropFirst() : words[...]
      let tool = skipped.first ?? script.commands.first?.name ?? ""
      if let problem = module(skipped.joined(separator: " ")) {
        return Flaw(problem, at: probe.text.spot)
      }
      guard let file = deployment.dockerfile(of: service), lacks(file, tool) else { return nil }
      return Flaw(
        "the health check of '\(service.name.value)' calls '\(tool)', which \(file.path) does not "
          + "install", at: probe.text.spot)
    }
    let built = deployment.dockerfiles.flatMap { file in
      file.finalSteps.filter { $0.keyword == "HEALTHCHECK" }.compactMap { step -> Flaw? in
        if let problem = module(step.text) { return Flaw(problem, at: step.spot) }
        let tool = step.isExec ? step.words.first ?? "" : step.script?.commands.first?.name ?? ""
        return lacks(file, tool)
          ? Flaw("the health check calls '\(tool)', which the image does not have", at: step.spot)
          : nil
      }
    }
    return declared + built
  }

  /// Programs that are no modules of Python.
  private static func module(_ text: String) -> String? {
    guard let match = text.firstMatch(of: /python3? -m (curl|wget|nc|ping|psql)\b/) else {
      return nil
    }
    return "the health check asks Python for a module '\(match.1)', which there is not"
  }

  /// Whether the image is known not to have the tool: a slim base, and nothing that installs it.
  private static func lacks(_ file: DockerfileReading, _ tool: String) -> Bool {
    guard ["curl", "wget", "nc"].contains(tool), let base = file.last?.base else { return false }
    let image = ImageName(base)
    let isSlim =
      (image.tag ?? "").contains("slim") || ["scratch"].contains(image.base)
      || ["debian", "ubuntu"].contains(image.base)
    let plain = ["node", "python", "ruby", "golang", "php", "eclipse-temurin", "rust"]
    let isAlpine =
      image.base == "alpine"
      || plain.contains(image.base) && (image.tag ?? "").contains("alpine")
    guard isSlim || isAlpine && tool == "curl" else { return false }
    // A script of their own may install anything.
    let isKnown = file.finalSteps.filter { $0.keyword == "RUN" }.allSatisfy { step in
      (step.script?.commands ?? []).allSatisfy { !$0.name.contains("/") && $0.name != "bash" }
    }
    return isKnown
      && !file.finalSteps.contains { step in
        step.keyword == "RUN" && step.text.contains(tool)
          || step.keyword == "COPY" && step.text.contains("/" + tool)
      }
  }
}
