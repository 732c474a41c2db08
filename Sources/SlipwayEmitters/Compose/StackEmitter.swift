import ServiceContract
import Slipway
import SlipwayDocuments
package import SlipwayModel

/// Writes `docker-compose.yml`: for `docker compose` in development, for `docker stack deploy`
/// everywhere else. (S18-DC-*, engine facts F1 … F12)
package struct StackEmitter: Sendable {
  let environment: ResolvedEnvironment
  let target: StackTarget
  /// The generated files that containers read, already printed, by path.
  private let files: [StackFile]

  init(environment: ResolvedEnvironment, target: StackTarget, files: [PrintedArtefact]) {
    self.environment = environment
    self.target = target
    let mounted = environment.services.flatMap(\.configs).map {
      environment.folder + $0.folder + "/"
    }
    self.files = files.filter { file in mounted.contains { file.path.hasPrefix($0) } }
      .sorted { $0.path < $1.path }.map { StackFile($0, of: environment) }
  }

  package static func emit(
    _ environment: ResolvedEnvironment, files: [PrintedArtefact]
  ) -> Emission {
    let emitter = StackEmitter(
      environment: environment, target: .target(for: environment), files: files)
    var artefacts = [
      Artefact(
        path: environment.folder + "docker-compose.yml", document: .yaml(emitter.document))
    ]
    if emitter.target == .compose { artefacts += emitter.environmentFiles }
    return Emission(artefacts, findings: emitter.findings)
  }

  private var document: YAMLNode {
    .map([
      // A stack's name is an argument of the command, and the file may not have it. (F1)
      target == .compose ? .entry("name", .string(environment.stack)) : nil,
      .entry(
        "services",
        .map(environment.services.map { .entry($0.name, service($0)) })),
      .entry("networks", networks),
      environment.volumes.isEmpty ? nil : .entry("volumes", volumes),
      environment.secrets.isEmpty ? nil : .entry("secrets", secrets),
      target == .compose ? nil : configNodes.map { .entry("configs", $0) },
    ])
  }

  private var networks: YAMLNode {
    .map(
      environment.networks.map { network in
        var entries: [YAMLEntry?] = [
          target == .swarm ? .entry("driver", "overlay") : nil,
          network.isInternal ? .entry("internal", true) : nil,
        ]
        if target == .swarm, network.name == Net.watch {
          // `scripts/operations` joins it for as long as somebody looks.
          entries.append(.entry("attachable", true))
        }
        if target == .swarm, network.name == Net.front {
          // What the edge has decrypted must not cross machines in clear. (C-60)
          entries.append(.entry("driver_opts", .map([.entry("encrypted", "true")])))
        }
        return .entry(network.name, .map(entries, from: [environment.origin]))
      })
  }

  private var volumes: YAMLNode {
    .map(
      environment.volumes.map { volume in
        .entry(volume.name, .map(volume.memory.map(inMemory) ?? [], from: [volume.origin]))
      })
  }

  /// The engine's own driver mounts it once a machine, for all containers that use it.
  private func inMemory(_ memory: VolumeMemory) -> [YAMLEntry?] {
    let options = "size=\(memory.size.bytes),uid=\(memory.uid),gid=\(memory.gid),mode=0755"
    return [
      .entry("driver", "local"),
      .entry(
        "driver_opts",
        .map([.entry("type", "tmpfs"), .entry("device", "tmpfs"), .entry("o", .string(options))])),
    ]
  }

  private var secrets: YAMLNode {
    .map(
      environment.secrets.map { secret in
        let origins = [environment.specification.secrets.origin]
        switch target {
        case .compose:
          let path = "../../.slipway/\(environment.name)/secrets/\(secret.name)"
          return .entry(secret.name, .map([.entry("file", .string(path))], from: origins))
        case .swarm:
          let name = environment.engineName(of: secret)
          return .entry(
            secret.name,
            .map(
              [.entry("external", true), .entry("name", .string(name, from: origins))],
              from: origins))
        }
      })
  }

  private var configNodes: YAMLNode? {
    let configs = configs
    guard !configs.isEmpty else { return nil }
    return .map(
      configs.map { config in
        .entry(
          config.key,
          .map([
            .entry("file", .string("./" + config.file)), .entry("name", .string(config.name)),
          ]))
      })
  }

  /// Every file that some service mounts, once.
  var configs: [StackConfig] {
    var found: [StackConfig] = []
    for service in environment.services {
      for mount in service.configs {
        // Two files that would have one key are two entries, and the printer refuses them.
        for config in stackConfigs(in: mount)
        where !found.contains(where: { $0.key == config.key && $0.file == config.file }) {
          found.append(config)
        }
      }
    }
    return found
  }

  func stackConfigs(in mount: ConfigMount) -> [StackConfig] {
    let prefix = environment.folder + mount.folder + "/"
    let excepted = mount.except.map { prefix + $0 + "/" }
    return files.filter { file in
      file.path.hasPrefix(prefix) && !excepted.contains { file.path.hasPrefix($0) }
    }.map { file in
      StackConfig(
        key: file.key, file: file.relative, inside: String(file.path.dropFirst(prefix.count)),
        name: file.name, size: file.size)
    }
  }

  private var environmentFiles: [Artefact] {
    environment.services.filter { !$0.environment.isEmpty }.map { service in
      Artefact(
        path: environment.folder + "env/\(service.name).env",
        document: .dotenv(
          service.environment.map { .variable($0.key, $0.value, from: $0.origins) }))
    }
  }
}

/// A generated file that some container mounts: an engine's config is named after its bytes.
private struct StackFile {
  let path: String
  /// Under the environment's folder.
  let relative: String
  let key: String
  let name: String
  let size: Int

  init(_ file: PrintedArtefact, of environment: ResolvedEnvironment) {
    path = file.path
    relative = String(file.path.dropFirst(environment.folder.count))
    // The path is part of the digest: two files with the same text stay two configs.
    let digest = SHA256.hex(relative + "\n" + file.text).prefix(12)
    let short = relative.split(separator: "/").last.map(String.init) ?? relative
    key = relative.map { "/.".contains($0) ? "-" : String($0) }.joined()
    name = "\(environment.stack)_\(short)_\(digest)"
    size = file.text.utf8.count
  }
}

/// A generated file as an engine's config.
struct StackConfig: Hashable {
  let key: String
  /// Under the environment's folder.
  let file: String
  /// Under the mounted folder.
  let inside: String
  let name: String
  let size: Int
}

extension ResolvedEnvironment {
  /// `shop-prod_jwt-signing-key_v3`: new beside old, never changed in place. (F6)
  package func engineName(of secret: ResolvedSecret) -> String {
    "\(stack)_\(secret.name)_v\(secret.version)"
  }
}
