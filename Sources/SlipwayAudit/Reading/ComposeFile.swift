import SlipwayDocuments

/// A Compose file: services and what they share.
struct ComposeFile: Sendable {
  let path: String
  let services: [Service]
  let networks: [Text]
  let volumes: [Text]
  let secrets: [Text]
  let configs: [Text]
  /// The obsolete `version`.
  let version: Text?
  /// Every `${…}` of the file, with the key it stands under.
  let interpolations: [Interpolated]

  struct Interpolated: Sendable {
    let variable: Interpolation
    let spot: Spot
    /// The keys down to it: `services`, `web`, `image`.
    let keys: [String]
    let text: String
  }

  var serviceNames: [Text] { services.map(\.name) }

  /// The folder of the file, with a slash at its end, or nothing.
  var folder: String { Paths.folder(path) }

  init(_ path: String, _ root: LocatedValue, _ notes: inout [Note]) {
    self.path = path
    let known: Set = [
      "services", "networks", "volumes", "secrets", "configs", "version", "name", "include",
    ]
    for member in root.map ?? []
    where !known.contains(member.key) && !member.key.hasPrefix("x-") {
      notes.append(Note("'\(member.key)' of a Compose file", Spot(path, member.keyStart)))
    }
    if let include = root.member("include") {
      notes.append(Note("'include' is not followed", Spot(path, include.keyStart)))
    }
    func names(_ key: String) -> [Text] {
      (root[key]?.map ?? []).map { Text($0.key, Spot(path, $0.keyStart)) }
    }
    networks = names("networks")
    volumes = names("volumes")
    secrets = names("secrets")
    configs = names("configs")
    version = root.member("version").map {
      Text($0.value.scalarText ?? "", Spot(path, $0.keyStart))
    }
    services = (root["services"]?.map ?? []).map { Service($0, path, &notes) }
    var found: [Interpolated] = []
    Self.collect(root, path, [], nil, &found)
    interpolations = found
  }

  private static func collect(
    _ value: LocatedValue, _ path: String, _ keys: [String], _ start: Position?,
    _ found: inout [Interpolated]
  ) {
    guard !value.isAlias else { return }
    switch value.content {
    case .string(let text):
      found += Interpolation.all(in: text).map {
        Interpolated(variable: $0, spot: Spot(path, value.start), keys: keys, text: text)
      }
    case .list(let elements):
      for element in elements { collect(element, path, keys, nil, &found) }
    case .map(let members):
      for member in members where !member.isMerged {
        collect(member.value, path, keys + [member.key], member.keyStart, &found)
      }
    default: break
    }
  }
}

/// A service of a Compose file.
struct Service: Sendable {
  let name: Text
  let file: String
  /// Keys with the places where they stand.
  let keys: [String: Spot]
  let image: Text?
  let buildContext: Text?
  let buildFile: String?
  let containerName: Text?
  let ports: [PublishedPort]
  /// Ports that the service says it listens on, and those of its probe.
  let expose: [Int]
  let environment: [EnvironmentEntry]
  let envFiles: [Text]
  let mounts: [Mount]
  let dependencies: [Dependency]
  let probe: Probe?
  let command: Text?
  let networks: [Text]
  let networkMode: String?
  let secrets: [Text]
  let configs: [Text]
  let replicas: Int
  let memory: Text?
  let cpus: Text?
  let isReadOnly: Bool
  let user: String?
  let dropsCapabilities: Bool
  let cannotGain: Bool
  let isPrivileged: Bool

  struct Dependency: Sendable {
    let name: Text
    /// `nil` in the short form.
    let condition: String?
  }

  /// The name of the image, if the service has one.
  var imageName: ImageName? { image.map { ImageName($0.value) } }
  var product: Product? { imageName.flatMap(Product.of) }
  /// Whether the image comes from other people: a product, or a name with an owner.
  var isOurs: Bool { buildContext != nil || product == nil }

  func variable(_ name: String) -> EnvironmentEntry? { environment.first { $0.name == name } }
}

/// `HOST:CONTAINER` of a service.
struct PublishedPort: Hashable, Sendable {
  let text: Text
  /// The address of the host; empty for all of them.
  let address: String
  /// The first port on the host; `nil` if the engine chooses.
  let host: Int?
  let isRange: Bool
  let container: Int?

  var isPublic: Bool {
    !address.hasPrefix("127.") && address != "::1" && address != "[::1]" && address != "localhost"
  }
}

/// A variable that a service is given.
struct EnvironmentEntry: Hashable, Sendable {
  let name: String
  /// `nil` if it is taken from around Compose.
  let value: String?
  let spot: Spot
}

/// A folder, file or volume in a container.
struct Mount: Hashable, Sendable {
  let source: Text?
  let target: String
  let isReadOnly: Bool
  /// `volume`, `bind`, `tmpfs`.
  let type: String
}

/// A health check.
struct Probe: Hashable, Sendable {
  let text: Text
  /// Where the check begins.
  let spot: Spot
  let isDisabled: Bool
}

extension Probe {
  /// The ports of URLs in it that mean the container itself.
  var ports: [Int] {
    text.value.matches(of: /(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):([0-9]{2,5})/)
      .compactMap { Int($0.1) }
  }
}
