import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// What an engine would refuse, keep waiting for ever, or start without.
extension StackEmitter {
  var findings: [Finding] {
    unlockedImages + emptyMounts + largeConfigs + longSecretNames + widenedPorts + hangingRolls
      + reloads
  }

  private var unlockedImages: [Finding] {
    var seen: [ImageReference] = []
    return environment.services.compactMap { service in
      guard case .unlocked(let name, let tag) = service.image, !seen.contains(service.image),
        environment.stage.isDeployed
      else { return nil }
      seen.append(service.image)
      return Finding(
        rule: "supply/unlocked-image", severity: .warning,
        message: "image '\(name):\(tag)' has no digest in the lock file and cannot be deployed",
        written: [service.written(.image).first ?? service.origin],
        label: "used by '\(service.name)'",
        why: "a tag can be moved to other content after it was reviewed (C-30)",
        fix: "run `slipway lock --add \(name):\(tag)` where the registry can be reached, and "
          + "commit the lock file")
    }
  }

  private var reloads: [Finding] {
    guard target == .swarm else { return [] }
    return environment.services.filter { !$0.rebuildsOn.isEmpty }.map { service in
      Finding(
        rule: "reload/stays-in-development",
        message: "'\(service.name)' would be replaced when \(service.rebuildsOn[0]) changes",
        written: service.written(.rebuildsOn), label: "asked for here",
        why: "what is deployed comes from a release record, and from nothing else (S17-ENV-05)",
        fix: "delete `source:`")
    }
  }

  private var emptyMounts: [Finding] {
    environment.services.flatMap { service in
      service.configs.filter { stackConfigs(in: $0).isEmpty }.map { mount in
        Finding(
          rule: "mounts/have-files",
          message:
            "'\(service.name)' would mount '\(mount.folder)', for which nothing is generated",
          written: [service.origin],
          why: "the container would start without its configuration",
          fix: "generate the file, or take the mount away from the part")
      }
    }
  }

  private var largeConfigs: [Finding] {
    guard target == .swarm else { return [] }
    return configs.filter { $0.size > 500 << 10 || $0.name.utf8.count > 64 }.map { config in
      Finding(
        rule: "configs/fit-the-engine",
        message: "config '\(config.name)' is too large or has too long a name for the engine",
        written: [environment.origin], lands: Landing(path: environment.folder + config.file),
        why: "Swarm refuses configs above 500 KiB and names above 64 characters",
        fix: "split the file, or shorten the names of the project and the environment")
    }
  }

  private var longSecretNames: [Finding] {
    guard target == .swarm else { return [] }
    let names = environment.secrets.map(environment.engineName)
    return names.filter { $0.utf8.count > 64 }.map { name in
      Finding(
        rule: "secrets/fit-the-engine",
        message: "secret '\(name)' has too long a name for the engine",
        written: [environment.specification.secrets.origin],
        why: "Swarm refuses names above 64 characters",
        fix: "shorten the names of the project, the environment or the secret")
    }
  }

  /// A stack cannot bind a port to one address: what was for this machine would be for everybody.
  private var widenedPorts: [Finding] {
    guard target == .swarm else { return [] }
    return environment.services.flatMap { service in
      service.publications.filter { $0.reach == .loopback }.map { publication in
        Finding(
          rule: "ports/stay-as-narrow-as-written",
          message: "port \(publication.host) of '\(service.name)' would answer everybody, "
            + "not this machine",
          written: service.written(.publications),
          why: "a stack binds a published port to every address of the node",
          fix: "publish it in development only, and reach it through the edge elsewhere")
      }
    }
  }

  /// The new task would wait for the old one's port for ever. (F5)
  private var hangingRolls: [Finding] {
    guard target == .swarm else { return [] }
    return environment.services.filter { !$0.publications.isEmpty && $0.rolls == .startFirst }
      .map { service in
        Finding(
          rule: "rolls/free-the-port-first",
          message: "'\(service.name)' has a port of the node and would start before it stops",
          written: service.written(.rolls) + service.written(.publications),
          why: "the new container waits for ever for the port that the old one holds",
          fix: "let it stop first, or take the port away")
      }
  }
}
