extension ComposeFile {
  /// Whether the path says that the file is for one's own machine or for tests.
  var isForDevelopment: Bool {
    let words = path.lowercased().split { !$0.isLetter && !$0.isNumber }
    let marks: Set<Substring> = [
      "override", "dev", "development", "devcontainer", "local", "test", "tests", "testing", "e2e",
      "ci", "debug", "example", "examples", "sample", "demo", "playground",
    ]
    return words.contains(where: marks.contains)
  }
}

extension Deployment {
  /// Whether Compose finds a value for the variable in the `.env` beside the file.
  func isSet(_ name: String, beside path: String) -> Bool {
    dotenvs.contains { file in
      file.path == Paths.folder(path) + ".env"
        && file.variables.contains { $0.name == name && !$0.value.isEmpty }
    }
  }

  /// The Compose files that a file at this path belongs to: those in the nearest folder above it,
  /// or all if there is none above.
  func composes(near path: String) -> [ComposeFile] {
    let above = composes.filter { path.hasPrefix($0.folder) }
    guard let nearest = above.map(\.folder.count).max() else { return composes }
    return above.filter { $0.folder.count == nearest }
  }

  /// All services, of every Compose file.
  var services: [Service] { composes.flatMap(\.services) }

  /// The services of files that are not for one's own machine or for tests.
  var deployedServices: [Service] {
    composes.filter { !$0.isForDevelopment }.flatMap(\.services)
  }

  func services(near path: String) -> [Service] { composes(near: path).flatMap(\.services) }

  /// The service that a host name means to a file at this path.
  func service(_ host: String, near path: String) -> Service? {
    let all = services(near: path)
    return all.first { $0.name.value == host }
      ?? all.first { $0.containerName?.value == host }
  }

  /// The image that a service is built from, if its Dockerfile is among the files.
  func dockerfile(of service: Service) -> DockerfileReading? {
    if let context = service.buildContext?.value {
      let folder = Paths.join(Paths.folder(service.file), context)
      let path = Paths.join(folder, service.buildFile ?? "Dockerfile")
      return dockerfiles.first { $0.path == path }
    }
    guard service.product == nil, let image = service.imageName, !image.isOfItsMaker else {
      return nil
    }
    let named = dockerfiles.filter { file in
      let folder = Paths.name(String(Paths.folder(file.path).dropLast())).lowercased()
      let stem = Paths.name(file.path).lowercased().replacing(".dockerfile", with: "")
      let names = [folder, stem].filter { !$0.isEmpty && $0 != "dockerfile" }
      return names.contains { image.base == $0 || image.base.hasSuffix("-" + $0) }
    }
    if let found = named.first { return found }
    let ours = services(near: service.file).filter { $0.product == nil }
    guard dockerfiles.count == 1, ours.count == 1, !image.repository.contains("/") else {
      return nil
    }
    return dockerfiles.first
  }

  /// The services that run what this Dockerfile makes.
  func services(of file: DockerfileReading) -> [Service] {
    services.filter { dockerfile(of: $0)?.path == file.path }
  }

  /// The ports on which a service is known to listen; empty if nothing is known.
  func listens(_ service: Service) -> Set<Int> {
    var ports = Set(service.ports.compactMap(\.container))
    ports.formUnion(service.expose)
    ports.formUnion(service.probe?.ports ?? [])
    ports.formUnion(service.product?.ports ?? [])
    for entry in service.environment where entry.name.uppercased().hasSuffix("PORT") {
      if let port = entry.value.flatMap(Int.init) { ports.insert(port) }
    }
    // An address has no `=`: a text that repeats the option is not read again from each of them.
    let command = service.command?.value ?? ""
    for match in command.matches(of: /(?:port[= ]|address=[^ =]*:)([0-9]+)/) {
      if let port = Int(match.1) { ports.insert(port) }
    }
    for file in service.envFiles {
      let path = Paths.join(Paths.folder(service.file), file.value)
      for variable in dotenvs.first(where: { $0.path == path })?.variables ?? []
      where variable.name.uppercased().hasSuffix("PORT") {
        if let port = Int(variable.value) { ports.insert(port) }
      }
    }
    for step in dockerfile(of: service)?.finalSteps ?? [] {
      if step.keyword == "EXPOSE" {
        ports.formUnion(step.words.compactMap { Int($0.cut(at: "/").before) })
      } else if ["CMD", "ENTRYPOINT"].contains(step.keyword) {
        for match in step.text.matches(of: /(?:--port[= ]|:)([0-9]{2,5})\b/) {
          if let port = Int(match.1) { ports.insert(port) }
        }
      }
    }
    return ports
  }

  /// Processes of one container, by `--workers` and its like.
  func workers(_ service: Service) -> (count: Int, spot: Spot)? {
    let pattern = /(?:--workers|-w)[= ]"?([0-9]+)/
    if let command = service.command, let match = command.value.firstMatch(of: pattern) {
      return Int(match.1).map { ($0, command.spot) }
    }
    let steps = dockerfile(of: service)?.finalSteps ?? []
    for step in steps.reversed() where ["CMD", "ENTRYPOINT"].contains(step.keyword) {
      if let match = step.text.firstMatch(of: pattern) {
        return Int(match.1).map { ($0, step.spot) }
      }
    }
    return nil
  }

  /// The edge: services that answer on the usual ports of the web.
  func edges(near path: String) -> [Service] {
    services(near: path).filter { service in
      service.ports.contains { $0.host == 80 || $0.host == 443 }
        && (service.product?.role == .edge || service.product == nil && isProxy(service))
    }
  }

  /// Whether a service of one's own is a proxy: by its name, or by the image that it is built of.
  private func isProxy(_ service: Service) -> Bool {
    let names = "\(service.name.value) \(service.imageName?.base ?? "")"
    if names.mentions("nginx", "proxy", "edge", "gateway", "traefik", "caddy", "haproxy", "ingress")
    {
      return true
    }
    let base = dockerfile(of: service)?.last.map { ImageName($0.base) }
    return base.flatMap(Product.of)?.role == .edge
  }

  /// Whether requests reach this service through a proxy of the deployment.
  func isProxied(_ service: Service) -> Bool { proxied.contains(service.name) }

  /// The names of the services that proxies forward to, each with its place.
  func forwardTargets() -> Set<Text> {
    var names: Set<Text> = []
    for file in nginxes {
      let targets =
        file.upstreams.flatMap { $0.servers.compactMap { $0.arguments.first } }
        + file.locations.compactMap { $0.location.forward?.arguments.first }
      let hosts = Set(targets.compactMap { HostPort($0)?.host })
      for host in hosts {
        if let found = service(host, near: file.path) { names.insert(found.name) }
      }
    }
    return names
  }

  /// Scripts of their own and the shell in workflows, each with the folder it starts in.
  var shells: [(script: Script, folder: String?, isWorkflow: Bool)] {
    scripts.map { ($0, nil, false) }
      + workflows.flatMap(\.jobs).flatMap(\.steps).compactMap { step in
        step.run.map { ($0, step.folder, true) }
      }
  }

  /// Every query with the words that name what holds it.
  var allQueries: [(query: MetricQuery, holder: String)] {
    queries.map { ($0, "the query") }
      + ruleFiles.flatMap { file in
        file.alerts.map { ($0.query, "alert '\($0.name.value)'") }
          + zip(file.recordings, file.queries).map { ($1, "recording '\($0.value)'") }
      }
      + dashboards.flatMap(\.panels).flatMap { panel in
        panel.queries.map { ($0, "panel '\(panel.title)'") }
      }
  }

  /// The alerts that a Prometheus near this path has.
  var alerts: [RuleFile.AlertRule] { ruleFiles.flatMap(\.alerts) }

  /// Metrics that the sources among the files declare.
  var declaredMetrics: [SourceFile.Metric] { sources.flatMap(\.metrics) }
}
