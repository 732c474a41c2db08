import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import Testing

/// An environment of one boring service, and one change for each of its fields.
enum Clean {
  static let service: ResolvedService = {
    var service = ResolvedService(
      name: "probe", image: .locked(image("1")), size: size(limit: 1, reserve: 0.5),
      placement: .anywhere, origin: Origin(file: "Probe.swift", line: 1))
    service.networks = ["front"]
    return service
  }()

  static func changed(_ field: ServiceField) -> ResolvedService {
    if field == .name {
      return ResolvedService(
        name: "renamed", image: service.image, size: service.size, placement: service.placement,
        origin: service.origin
      ).with { $0.networks = service.networks }
    }
    return service.with { change(field, of: &$0) }
  }

  static func change(_ field: ServiceField, of service: inout ResolvedService) {
    switch field {
    case .name: break
    case .image: service.image = .locked(image("2"))
    case .entrypoint: service.entrypoint = ["/other"]
    case .command: service.command = ["other"]
    case .environment: service.environment = [EnvironmentEntry("KEY", "value")]
    case .secrets: service.secrets = [secret()]
    case .configs: service.configs = [ConfigMount(folder: "probe", at: "/etc/probe")]
    case .volumes: service.volumes = [VolumeMount("data", at: "/data")]
    case .scratch: service.scratch = [ScratchMount("/tmp", .mebibytes(1))]
    case .networks: service.networks = ["watch"]
    case .publications:
      service.publications = [ResolvedPublication(host: 80, container: 80, reach: .everybody)]
    case .ports: service.ports = [Port("http", 80, reach: .edge)]
    case .health: service.health = health()
    case .size: service.size = size(limit: 2, reserve: 1)
    case .replicas: service.replicas = .count(3)
    case .placement: service.placement = .node("data-1")
    case .rolls: service.rolls = .stopFirst
    case .stopsWithin: service.stopsWithin = .seconds(42)
    case .stopSignal: service.stopSignal = "SIGQUIT"
    case .user: service.user = "7:7"
    case .isNamedAfterNode: service.isNamedAfterNode = true
    case .readOnly: service.readOnly = false
    case .capabilities: service.capabilities = ["CHOWN"]
    case .reaps: service.reaps = true
    case .openFilesMax: service.openFilesMax = 4_096
    case .startsAfter: service.startsAfter = ["probe"]
    case .hostFolders: service.hostFolders = [HostFolder("/proc", at: "/host/proc")]
    case .rebuildsOn: service.rebuildsOn = ["Sources"]
    case .labels: service.labels = [ContainerLabel("key", "value")]
    }
  }

  typealias Change = @Sendable (inout ResolvedService) -> Void

  /// Pairs of changes that differ in one part of a field.
  static let parts: [String: (Change, Change)] = [
    "secrets.path": ({ $0.secrets = [secret()] }, { $0.secrets = [secret(at: "/other")] }),
    "secrets.uid": ({ $0.secrets = [secret()] }, { $0.secrets = [secret(uid: 1)] }),
    "secrets.gid": ({ $0.secrets = [secret()] }, { $0.secrets = [secret(gid: 1)] }),
    "secrets.mode": ({ $0.secrets = [secret()] }, { $0.secrets = [secret(mode: 0o444)] }),
    "configs.path": (
      { $0.configs = [ConfigMount(folder: "probe", at: "/a")] },
      { $0.configs = [ConfigMount(folder: "probe", at: "/b")] }
    ),
    "volumes.path": (
      { $0.volumes = [VolumeMount("data", at: "/a")] },
      { $0.volumes = [VolumeMount("data", at: "/b")] }
    ),
    "volumes.readOnly": (
      { $0.volumes = [VolumeMount("data", at: "/a")] },
      { $0.volumes = [VolumeMount("data", at: "/a", readOnly: true)] }
    ),
    "scratch.size": (
      { $0.scratch = [ScratchMount("/tmp", .mebibytes(1))] },
      { $0.scratch = [ScratchMount("/tmp", .mebibytes(2))] }
    ),
    "publications.host": (
      { $0.publications = [.init(host: 1, container: 1, reach: .everybody)] },
      { $0.publications = [.init(host: 2, container: 1, reach: .everybody)] }
    ),
    "publications.container": (
      { $0.publications = [.init(host: 1, container: 1, reach: .everybody)] },
      { $0.publications = [.init(host: 1, container: 2, reach: .everybody)] }
    ),
    "publications.reach": (
      { $0.publications = [.init(host: 1, container: 1, reach: .everybody)] },
      { $0.publications = [.init(host: 1, container: 1, reach: .loopback)] }
    ),
    "health.command": ({ $0.health = health() }, { $0.health = health("other") }),
    "health.every": ({ $0.health = health() }, { $0.health = health(every: 9) }),
    "health.within": ({ $0.health = health() }, { $0.health = health(within: 9) }),
    "health.retries": ({ $0.health = health() }, { $0.health = health(retries: 9) }),
    "health.startingWithin": ({ $0.health = health() }, { $0.health = health(starting: 9) }),
    "size.limit.cpus": ({ $0.size = size() }, { $0.size = size(limit: 3) }),
    "size.limit.memory": ({ $0.size = size() }, { $0.size = size(limitMemory: 3) }),
    "size.reserve.cpus": ({ $0.size = size() }, { $0.size = size(reserve: 0.25) }),
    "size.reserve.memory": ({ $0.size = size() }, { $0.size = size(reserveMemory: 3) }),
    "replicas.everyNode": ({ $0.replicas = .count(1) }, { $0.replicas = .everyNode }),
    "hostFolders.path": (
      { $0.hostFolders = [HostFolder("/proc", at: "/a")] },
      { $0.hostFolders = [HostFolder("/proc", at: "/b")] }
    ),
    "rebuildsOn.path": ({ $0.rebuildsOn = ["a"] }, { $0.rebuildsOn = ["b"] }),
    "labels.value": (
      { $0.labels = [ContainerLabel("key", "a")] }, { $0.labels = [ContainerLabel("key", "b")] }
    ),
  ]

  /// All files of the environment, by path.
  static func print(
    _ service: ResolvedService, for target: StackTarget
  ) throws -> [String: String] {
    let header = Header(source: "Probe.swift", command: "make generate")
    return try Dictionary(
      uniqueKeysWithValues: emit(service, for: target).artefacts.map {
        ($0.path, try $0.document.print(header: header))
      })
  }

  static func emit(
    _ service: ResolvedService, for target: StackTarget, files: [PrintedArtefact] = [],
    changing change: (inout ResolvedEnvironment) -> Void = { _ in }
  ) -> Emission {
    guard var environment = environment(target) else { return Emission() }
    environment.services = [service]
    environment.secrets = []
    environment.volumes = []
    change(&environment)
    let own = PrintedArtefact(
      path: environment.folder + "probe/file.conf", text: "x\n", isExecutable: false)
    return StackEmitter.emit(environment, files: [own] + files)
  }

  /// The environment that the service stands in: the shop's, of the stage that the engine runs.
  private static func environment(_ target: StackTarget) -> ResolvedEnvironment? {
    let specification =
      switch target {
      case .compose: AnyEnvironment(ShopEnvironments.development)
      case .swarm: AnyEnvironment(ShopEnvironments.production)
      }
    return Resolver.resolve(specification, of: .shop, lock: ImageLock()).environment
  }

  static func compose(_ target: StackTarget) -> String {
    "generated/\(target == .compose ? "dev" : "prod")/docker-compose.yml"
  }

  /// The keys of a service under which two files differ: `deploy.replicas`; `services` if it has
  /// another name.
  static func differences(
    _ first: [String: String], _ second: [String: String]
  ) throws -> [String] {
    let services = try [first, second].map { files in
      let file = try #require(files.first { $0.key.hasSuffix("/docker-compose.yml") })
      return try #require(try YAMLReader.read(file.value).root["services"])
    }
    guard services[0].keys == services[1].keys else { return ["services"] }
    let (old, new) = (services[0]["probe"], services[1]["probe"])
    return differences(old, new, below: "")
  }

  private static func differences(
    _ first: LocatedValue?, _ second: LocatedValue?, below path: String
  ) -> [String] {
    if let first, let second, first.map != nil, second.map != nil {
      let keys = first.keys + second.keys.filter { !first.keys.contains($0) }
      return keys.flatMap { key in
        differences(first[key], second[key], below: path.isEmpty ? key : "\(path).\(key)")
      }
    }
    return text(first) == text(second) ? [] : [path]
  }

  /// A value without its place.
  private static func text(_ value: LocatedValue?) -> String? {
    guard let value else { return nil }
    if let map = value.map {
      return "{" + map.map { "\($0.key): \(text($0.value) ?? "")" }.joined(separator: ", ") + "}"
    }
    if let list = value.list { return "[" + list.map { text($0) ?? "" }.joined(separator: ", ") }
    return value.scalarText.map { "\"\($0)\"" } ?? "null"
  }

  private static func image(_ tag: String) -> LockedImage {
    LockedImage(
      name: "docker.io/library/probe", tag: tag, digest: "sha256:\(SHA256.hex(tag))",
      platforms: ["linux/amd64"])
  }

  private static func secret(
    at path: String = "/run/secrets/key", uid: Int = 0, gid: Int = 0, mode: Int = 0o400
  ) -> SecretMount {
    SecretMount(
      ResolvedSecret(.redisPassword, version: 1), at: path, uid: uid, gid: gid, mode: mode)
  }

  private static func health(
    _ word: String = "probe", every: Int = 10, within: Int = 5, retries: Int = 3,
    starting: Int = 40
  ) -> HealthCheck {
    .command(
      word, every: .seconds(every), within: .seconds(within), retries: retries,
      startingWithin: .seconds(starting))
  }

  private static func size(
    limit: ExactDecimal = 1, limitMemory: Int = 2, reserve: ExactDecimal = 0.5,
    reserveMemory: Int = 1
  ) -> Size {
    Size(
      limit: .cpus(limit, memory: .gibibytes(limitMemory)),
      reserve: .cpus(reserve, memory: .gibibytes(reserveMemory)))
  }
}

extension ResolvedService {
  func with(_ change: (inout ResolvedService) -> Void) -> ResolvedService {
    var copy = self
    change(&copy)
    return copy
  }
}
