import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// One service of a compose file, field by field.
extension StackEmitter {
  func service(_ service: ResolvedService) -> YAMLNode {
    let isSwarm = target == .swarm
    return .map(
      identity(service) + [
        environmentEntry(service),
        service.secrets.isEmpty ? nil : .entry("secrets", secretMounts(service)),
        isSwarm && !service.configs.isEmpty ? .entry("configs", configMounts(service)) : nil,
        mounts(service).isEmpty ? nil : .entry("volumes", .list(mounts(service))),
        .entry(
          "networks",
          .list(
            service.networks.map { .string($0, from: service.written(.networks)) },
            from: service.written(.networks))),
        service.publications.isEmpty ? nil : .entry("ports", publications(service)),
        exposed(service),
        service.health.map { .entry("healthcheck", health($0, service)) },
        startsAfter(service),
      ] + process(service) + [
        isSwarm ? nil : .entry("restart", "unless-stopped"),
        isSwarm || service.rebuildsOn.isEmpty ? nil : .entry("develop", develop(service)),
        service.labels.isEmpty
          ? nil
          : .entry("labels", .map(service.labels.map { .entry($0.key, .string($0.value)) })),
        .entry("logging", logging),
        .entry("deploy", deploy(service)),
      ], from: [service.origin])
  }

  private func identity(_ service: ResolvedService) -> [YAMLEntry?] {
    let words = { (field: ServiceField, words: [String]) -> YAMLNode in
      .list(words.map { .string(escaped($0), from: service.written(field)) })
    }
    var entries: [YAMLEntry?] = [.entry("image", image(service))]
    if case .checkout(_, let dockerfile) = service.image {
      entries.append(
        .entry(
          "build",
          .map([
            .entry("context", "../.."), .entry("dockerfile", .string(dockerfile)),
          ])))
    }
    if !service.entrypoint.isEmpty {
      entries.append(.entry("entrypoint", words(.entrypoint, service.entrypoint)))
    }
    if !service.command.isEmpty {
      entries.append(.entry("command", words(.command, service.command)))
    }
    return entries
  }

  /// What `docker compose watch` does when code changes. (S17-ENV-05)
  private func develop(_ service: ResolvedService) -> YAMLNode {
    let origins = service.written(.rebuildsOn)
    return .map([
      .entry(
        "watch",
        .list(
          service.rebuildsOn.map { path in
            .map([
              .entry("action", .string("rebuild", from: origins)),
              .entry("path", .string("../../\(path)", from: origins)),
            ])
          }, from: origins))
    ])
  }

  private func image(_ service: ResolvedService) -> YAMLNode {
    let origins = service.written(.image)
    switch service.image {
    case .locked(let image): return .string(image.reference, from: origins)
    case .unlocked(let name, let tag):
      // A developer's machine may take a tag; nothing else can, not even by accident. (F13)
      if target == .compose { return .string("\(name):\(tag)", from: origins) }
      let variable = name.split(separator: "/").last.map(String.init) ?? name
      return .string(
        "${SLIPWAY_UNLOCKED_\(wire(variable)):?run slipway lock}", from: origins)
    case .release(let variable):
      return .string("${\(variable):?written by the release record}", from: origins)
    case .checkout(let image, _): return .string("\(image):dev", from: origins)
    }
  }

  private func wire(_ name: String) -> String {
    name.map { "-.".contains($0) ? "_" : $0.uppercased() }.joined()
  }

  /// Both engines replace variables in the whole file; a doubled dollar is one. (F7)
  private func escaped(_ text: String) -> String { text.replacingBytes("$", with: "$$") }

  /// Swarm reads the variables of a container as templates, too: `{{.Node.Hostname}}`.
  private func literal(_ text: String) -> String {
    escaped(text).replacingBytes("{{", with: #"{{"{{"}}"#)
  }

  private func environmentEntry(_ service: ResolvedService) -> YAMLEntry? {
    guard !service.environment.isEmpty else { return nil }
    if target == .compose {
      return .entry(
        "env_file",
        .list([
          .map([
            .entry("path", .string("./env/\(service.name).env")), .entry("required", true),
          ])
        ]))
    }
    return .entry(
      "environment",
      .map(
        service.environment.map {
          .entry($0.key, .string(literal($0.value), from: $0.origins))
        }, from: service.written(.environment)))
  }

  private func secretMounts(_ service: ResolvedService) -> YAMLNode {
    let origins = service.written(.secrets)
    return .list(
      service.secrets.map { mount in
        var entries: [YAMLEntry?] = [
          .entry("source", .string(mount.secret.name)), .entry("target", .string(mount.path)),
        ]
        // Compose mounts a file of the machine as it is, and says that it ignores these. (F8)
        if target == .swarm {
          entries += [
            .entry("uid", .string(String(mount.uid))), .entry("gid", .string(String(mount.gid))),
            // Readers of YAML disagree about octal numbers, people do not read others.
            .entry("mode", .integer(mount.mode), comment: "0\(String(mount.mode, radix: 8))"),
          ]
        }
        return .map(entries, from: origins)
      }, from: origins)
  }

  private func configMounts(_ service: ResolvedService) -> YAMLNode {
    .list(
      service.configs.flatMap { mount in
        stackConfigs(in: mount).map { config in
          YAMLNode.map(
            [
              .entry("source", .string(config.key)),
              .entry("target", .string("\(mount.path)/\(config.inside)")),
            ], from: service.written(.configs))
        }
      }, from: service.written(.configs))
  }

  private func mounts(_ service: ResolvedService) -> [YAMLNode] {
    var nodes: [YAMLNode] = []
    if target == .compose {
      nodes += service.configs.map { bind("./\($0.folder)", $0.path, service, .configs) }
    }
    nodes += service.volumes.map { mount in
      .map(
        [
          .entry("type", "volume"), .entry("source", .string(mount.volume)),
          .entry("target", .string(mount.path)),
          mount.readOnly ? .entry("read_only", true) : nil,
        ], from: service.written(.volumes))
    }
    nodes += service.hostFolders.map { bind($0.source, $0.path, service, .hostFolders) }
    nodes += service.scratch.map { mount in
      .map(
        [
          .entry("type", "tmpfs"), .entry("target", .string(mount.path)),
          .entry("tmpfs", .map([.entry("size", .integer(mount.size.bytes))])),
        ], from: service.written(.scratch))
    }
    return nodes
  }

  private func bind(
    _ source: String, _ path: String, _ service: ResolvedService, _ field: ServiceField
  ) -> YAMLNode {
    .map(
      [
        .entry("type", "bind"), .entry("source", .string(source)),
        .entry("target", .string(path)), .entry("read_only", true),
        // A folder that is missing is a mistake, not something to make up.
        target == .compose
          ? .entry("bind", .map([.entry("create_host_path", false)])) : nil,
      ], from: service.written(field))
  }

  private func publications(_ service: ResolvedService) -> YAMLNode {
    let origins = service.written(.publications)
    return .list(
      service.publications.map { publication in
        .map(
          [
            .entry("target", .integer(publication.container)),
            // `published` is text to Compose and a number to a stack; both read digits.
            target == .compose
              ? .entry("published", .string(String(publication.host)))
              : .entry("published", .integer(publication.host)),
            .entry("protocol", "tcp"),
            target == .compose && publication.reach == .loopback
              ? .entry("host_ip", "127.0.0.1") : nil,
            target == .swarm ? .entry("mode", "host") : nil,
          ], from: origins)
      }, from: origins)
  }

  private func exposed(_ service: ResolvedService) -> YAMLEntry? {
    guard target == .compose, !service.ports.isEmpty else { return nil }
    let origins = service.written(.ports)
    return .entry(
      "expose", .list(service.ports.map { .string(String($0.number), from: origins) }))
  }

  private func health(_ check: HealthCheck, _ service: ResolvedService) -> YAMLNode {
    let origins = service.written(.health)
    return .map(
      [
        .entry(
          "test",
          .list(["CMD"] + check.command.map { .string(escaped($0), from: origins) })),
        .entry("interval", .string(time(check.every), from: origins)),
        .entry("timeout", .string(time(check.within), from: origins)),
        .entry("retries", .integer(check.retries, from: origins)),
        .entry("start_period", .string(time(check.startingWithin), from: origins)),
      ], from: origins)
  }

  private func startsAfter(_ service: ResolvedService) -> YAMLEntry? {
    guard target == .compose, !service.startsAfter.isEmpty else { return nil }
    return .entry(
      "depends_on",
      .map(
        service.startsAfter.map { name in
          let healthy = environment.service(name)?.health != nil
          return .entry(
            name,
            .map([.entry("condition", healthy ? "service_healthy" : "service_started")]))
        }, from: service.written(.startsAfter)))
  }

  private func process(_ service: ResolvedService) -> [YAMLEntry?] {
    [
      service.user.map { .entry("user", .string($0, from: service.written(.user))) },
      // A template of the engine's, filled in for each task.
      service.isNamedAfterNode && target == .swarm
        ? .entry(
          "hostname", .string("{{.Node.Hostname}}", from: service.written(.isNamedAfterNode)))
        : nil,
      .entry("read_only", .bool(service.readOnly, from: service.written(.readOnly))),
      .entry("cap_drop", .list(["ALL"])),
      service.capabilities.isEmpty
        ? nil
        : .entry(
          "cap_add",
          .list(
            service.capabilities.map { .string($0, from: service.written(.capabilities)) })),
      // A stack cannot say it; the machines' own configuration does. (F2)
      target == .compose ? .entry("security_opt", .list(["no-new-privileges:true"])) : nil,
      service.reaps ? .entry("init", .bool(true, from: service.written(.reaps))) : nil,
      service.openFilesMax.map {
        .entry(
          "ulimits",
          .map([
            .entry(
              "nofile",
              .map([
                .entry("soft", .integer($0, from: service.written(.openFilesMax))),
                .entry("hard", .integer($0, from: service.written(.openFilesMax))),
              ]))
          ]))
      },
      .entry(
        "stop_grace_period",
        .string(time(service.stopsWithin), from: service.written(.stopsWithin))),
      service.stopSignal.map {
        .entry("stop_signal", .string($0, from: service.written(.stopSignal)))
      },
    ]
  }

  /// Docker's own rotation: the disk of a machine cannot fill. (S18-DC-09)
  private var logging: YAMLNode {
    .map([
      .entry("driver", "json-file"),
      .entry("options", .map([.entry("max-size", "10m"), .entry("max-file", "3")])),
    ])
  }

  func time(_ duration: Duration) -> String {
    let milliseconds = duration.wholeMilliseconds
    return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
  }
}

extension String {
  /// Compares bytes: a dollar with a combining mark after it is one character and no dollar, but
  /// engines see the dollar.
  fileprivate func replacingBytes(_ old: String, with new: String) -> String {
    let isThere = withBytes { bytes in old.utf8.first.map { bytes.contains($0) } ?? false }
    guard isThere else { return self }
    return String(
      decoding: Array(utf8).replacing(Array(old.utf8), with: Array(new.utf8)), as: UTF8.self)
  }
}
