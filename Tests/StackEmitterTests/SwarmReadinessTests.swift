import ServiceContract
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import SlipwayPipeline
import TestSupport
import Testing

/// Stack files hold nothing that Swarm drops without a word, and nothing of a machine. (F2, F6)
struct SwarmReadinessTests {
  static let stacks = JudgeTests.deployed

  /// What `docker stack deploy` ignores, or what belongs to a developer's machine.
  static let foreign: Set = [
    "build", "cgroup_parent", "cgroupns_mode", "container_name", "depends_on", "devices",
    "domainname", "env_file", "expose", "external_links", "ipc", "links", "mac_address",
    "network_mode", "pid", "privileged", "restart", "security_opt", "shm_size", "tmpfs",
    "userns_mode",
  ]

  @Test(.covers("C-29", "S18-PR-05"), arguments: stacks)
  func `a stack has no key that Swarm would drop`(_ specimen: Specimen) throws {
    let made = try specimen.generate()
    let root = try made.compose()
    let services = try #require(root["services"]?.map)
    #expect(services.count == made.environment.services.count)
    for service in services {
      #expect(Self.foreign.intersection(service.value.keys).isEmpty, "\(service.key)")
    }
    #expect(Set(root.keys) == ["services", "networks", "volumes", "secrets", "configs"])
  }

  @Test(arguments: stacks)
  func `only the node exporter sees the machine`(_ specimen: Specimen) throws {
    let services = try #require(try specimen.generate().compose()["services"]?.map)
    var binds: [String] = []
    for service in services {
      for volume in service.value["volumes"]?.list ?? [] {
        let type = try #require(volume["type"]?.string, "\(service.key) mounts in the short form")
        guard type == "bind" else { continue }
        binds.append(service.key)
        #expect(volume["source"]?.string == "/")
        #expect(volume["read_only"]?.bool == true)
      }
    }
    #expect(binds == ["node-exporter"])
  }

  /// A memory file system over a folder of the image has that folder's owner and mode, and a
  /// stack cannot say another: what is not root writes to `/tmp` or to a folder of its own.
  @Test(arguments: stacks)
  func `no memory file system hides a folder that only root may write`(
    _ specimen: Specimen
  ) throws {
    let ofRoot: Set = ["/run", "/var/run", "/var/cache/nginx", "/var/lib", "/etc", "/opt"]
    for service in try specimen.generate().environment.services {
      #expect(ofRoot.isDisjoint(with: service.scratch.map(\.path)), "\(service.name)")
    }
  }

  @Test(.covers("S18-HS-09", "S18-CL-CON-07", "S04-ENV-05"), arguments: stacks)
  func `a port of a node is taken by one task that stops first`(_ specimen: Specimen) throws {
    let services = try #require(try specimen.generate().compose()["services"]?.map)
    for service in services {
      let deploy = try #require(service.value["deploy"])
      for port in service.value["ports"]?.list ?? [] {
        #expect(port["mode"]?.string == "host")
        #expect(deploy["mode"]?.string == "global")
        #expect(deploy["update_config"]?["order"]?.string == "stop-first")
        #expect(deploy["rollback_config"]?["order"]?.string == "stop-first")
      }
      #expect(deploy["endpoint_mode"]?.string == "dnsrr")
      #expect(deploy["update_config"]?["failure_action"]?.string == "rollback")
      #expect(deploy["restart_policy"]?["condition"]?.string == "any")
      #expect(deploy["resources"]?["limits"]?.keys == ["cpus", "memory"])
      #expect(service.value["logging"]?["options"]?.keys == ["max-size", "max-file"])
    }
  }

  @Test(arguments: stacks)
  func `a secret's name ends in its version`(_ specimen: Specimen) throws {
    let made = try specimen.generate()
    let secrets = try #require(try made.compose()["secrets"]?.map)
    #expect(secrets.map(\.key) == made.environment.secrets.map(\.name))
    for (secret, declared) in zip(secrets, made.environment.secrets) {
      let name = try #require(secret.value["name"]?.string)
      #expect(name == "\(made.environment.stack)_\(declared.name)_v\(declared.version)")
      #expect(secret.value["external"]?.bool == true)
      #expect(secret.value.keys == ["external", "name"])
    }
  }

  @Test func `a rotated secret gets another name beside the old one`() throws {
    let key = SecretKey("REDIS_PASSWORD", atLeast: 128, rotate: .days(90), "Both servers.")
    let names = try [1, 3].map { version in
      let secret = ResolvedSecret(key, version: version)
      let service = Clean.service.with {
        $0.secrets = [SecretMount(secret, at: "/run/secrets/redis-password", uid: 1, gid: 1)]
      }
      let emission = Clean.emit(service, for: .swarm) { $0.secrets = [secret] }
      let text = try #require(emission.artefacts.first).document.print(header: nil)
      return try YAMLReader.read(text).root["secrets"]?["redis-password"]?["name"]?.string
    }
    #expect(names == ["shop-prod_redis-password_v1", "shop-prod_redis-password_v3"])
  }
}

/// A generated file is a config that is named after its content. (F6)
struct ConfigTests {
  @Test(arguments: SwarmReadinessTests.stacks)
  func `a config's name ends in twelve digits of its content`(_ specimen: Specimen) throws {
    let made = try specimen.generate()
    let configs = try #require(try made.compose()["configs"]?.map)
    #expect(!configs.isEmpty)
    for config in configs {
      let name = try #require(config.value["name"]?.string)
      let file = try #require(config.value["file"]?.string)
      let relative = String(file.dropFirst(2))
      let text = try made.text(made.environment.folder + relative)
      #expect(name.suffix(13) == "_" + SHA256.hex(relative + "\n" + text).prefix(12))
      #expect(name.hasPrefix(made.environment.stack + "_"))
      #expect(name.utf8.count <= 64)
    }
    #expect(Set(configs.compactMap { $0.value["name"]?.string }).count == configs.count)
  }

  @Test(arguments: SwarmReadinessTests.stacks)
  func `what is for people and checks is no config`(_ specimen: Specimen) throws {
    let made = try specimen.generate()
    let tests = "\(made.environment.folder)prometheus/tests/"
    #expect(made.files.contains { $0.path.hasPrefix(tests) })
    let configs = try #require(try made.compose()["configs"]?.map)
    let files = configs.compactMap { $0.value["file"]?.string }
    #expect(!files.contains { $0.hasPrefix("./prometheus/tests/") })
  }

  @Test(arguments: SwarmReadinessTests.stacks)
  func `a changed file renames its config and touches the services that mount it`(
    _ specimen: Specimen
  ) throws {
    let made = try specimen.generate()
    let path = made.environment.folder + "prometheus/prometheus.yml"
    let changed = Generated(
      environment: made.environment,
      files: try restacked(
        made.files.map { file in
          guard file.path == path else { return file }
          return PrintedArtefact(path: path, text: file.text + "# changed\n", isExecutable: false)
        }, of: made))
    let (before, after) = (try made.compose(), try changed.compose())
    let old = try #require(before["configs"]?.map)
    let new = try #require(after["configs"]?.map)
    #expect(old.map(\.key) == new.map(\.key))
    let renamed = zip(old, new).filter {
      $0.value["name"]?.string != $1.value["name"]?.string
    }.map(\.0.key)
    #expect(renamed.count == 1)
    let mounting = try #require(before["services"]?.map).filter { service in
      (service.value["configs"]?.list ?? []).contains { $0["source"]?.string == renamed.first }
    }.map(\.key)
    #expect(mounting == ["prometheus"])
    // Below the header nothing else of the stack file has changed.
    let lines = try [made, changed].map {
      try $0.text($0.composePath).split(separator: "\n").dropFirst()
    }
    #expect(lines[0].count == lines[1].count)
    #expect(zip(lines[0], lines[1]).filter { $0 != $1 }.count == 1)
  }

  /// The same files with the stack file made again.
  private func restacked(
    _ files: [PrintedArtefact], of made: Generated
  ) throws -> [PrintedArtefact] {
    let others = files.filter { $0.path != made.composePath }
    let emission = StackEmitter.emit(made.environment, files: others)
    let header = Header(source: "environments", command: "make generate")
    return try others
      + emission.artefacts.map {
        PrintedArtefact(
          path: $0.path, text: try $0.document.print(header: header), isExecutable: false)
      }
  }
}
