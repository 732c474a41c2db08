import Fixtures
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// Each field of a service is emitted, converted or refused by each engine. (design §5)
struct FieldTests {
  @Test func `the list of fields is complete`() {
    let stored = Mirror(reflecting: Clean.service).children.compactMap(\.label)
    let bookkeeping: Set = ["origin", "origins"]
    #expect(
      stored.filter { !bookkeeping.contains($0) }.sorted()
        == ServiceField.allCases.map(\.rawValue).sorted())
  }

  @Test(.covers("C-64"), arguments: ServiceField.allCases, StackTarget.allCases)
  func `a changed field changes what its treatment names`(
    _ field: ServiceField, _ target: StackTarget
  ) throws {
    let clean = try Clean.print(Clean.service, for: target)
    let changed = try Clean.print(Clean.changed(field), for: target)
    let keys = try Clean.differences(clean, changed)
    switch field.treatment(on: target) {
    case .emitted(let key, let other):
      let named = [key] + (other.map { [$0] } ?? [])
      for key in named {
        #expect(keys.contains { $0.isAt(key) }, "'\(field)' is dropped without a word: \(keys)")
      }
      #expect(keys.allSatisfy { key in named.contains { key.isAt($0) } }, "\(keys)")
    case .converted(let key, let because):
      try #require(!keys.isEmpty, "'\(field)' is dropped without a word")
      #expect(keys.allSatisfy { $0.isAt(key) }, "\(keys)")
      #expect(!because.isEmpty)
    case .lost(let insteadOf, let because):
      #expect(clean == changed, "\(keys)")
      #expect(!insteadOf.isEmpty && !because.isEmpty)
    }
  }

  /// The parts of a field that one of the engines has no word for.
  static let unsaid: [StackTarget: Set<String>] = [
    // Files of the machine are mounted as they are, with the machine's owners. (F8)
    .compose: ["secrets.uid", "secrets.gid", "secrets.mode", "replicas.everyNode"],
    // Refused by a finding instead; see below.
    .swarm: ["publications.reach", "rebuildsOn.path"],
  ]

  @Test(arguments: Clean.parts.keys.sorted(), StackTarget.allCases)
  func `a changed part of a field changes the file`(_ part: String, _ target: StackTarget) throws {
    let (before, after) = try #require(Clean.parts[part])
    var (first, second) = (Clean.service, Clean.service)
    before(&first)
    after(&second)
    let same = try Clean.print(first, for: target) == Clean.print(second, for: target)
    #expect(same == Self.unsaid[target]?.contains(part))
  }

  @Test func `what a developer's file says of an environment is in a file of its own`() throws {
    var service = Clean.service
    service.environment = [EnvironmentEntry("A", "1")]
    let one = try Clean.print(service, for: .compose)
    service.environment = [EnvironmentEntry("A", "2")]
    let two = try Clean.print(service, for: .compose)
    #expect(one[Clean.compose(.compose)] == two[Clean.compose(.compose)])
    #expect(one["generated/dev/env/probe.env"]?.hasSuffix("\nA=1\n") == true)
    #expect(two["generated/dev/env/probe.env"]?.hasSuffix("\nA=2\n") == true)
  }

  @Test(arguments: StackTarget.allCases)
  func `every key of a service belongs to a field or stands for all services`(
    _ target: StackTarget
  ) throws {
    var full = Clean.service
    for field in ServiceField.allCases where field != .name {
      Clean.change(field, of: &full)
    }
    let printed = try Clean.print(full, for: target)
    let root = try YAMLReader.read(try #require(printed[Clean.compose(target)])).root
    let service = try #require(root["services"]?["probe"])
    let fields = ServiceField.allCases.compactMap { field -> String? in
      switch field.treatment(on: target) {
      case .emitted(let key, _), .converted(let key, _):
        key.split(separator: ".").first.map(String.init)
      case .lost: nil
      }
    }
    let constants: Set =
      target == .compose
      ? ["cap_drop", "security_opt", "restart", "logging", "deploy"]
      : ["cap_drop", "logging", "deploy"]
    #expect(Set(service.keys) == Set(fields).subtracting(["services"]).union(constants))
    let deploy: Set =
      target == .compose
      ? ["replicas", "resources"]
      : [
        "replicas", "endpoint_mode", "placement", "resources", "update_config",
        "rollback_config", "restart_policy",
      ]
    #expect(Set(service["deploy"]?.keys ?? []) == deploy)
  }
}

extension String {
  /// Whether this key is that one, or below it.
  fileprivate func isAt(_ key: String) -> Bool { self == key || hasPrefix(key + ".") }
}

/// What an engine cannot do is refused, with the line that asks for it.
struct RefusalTests {
  @Test func `a stack does not open a port that was meant for this machine`() {
    var service = Clean.service
    service.rolls = .stopFirst
    service.publications = [ResolvedPublication(host: 5432, container: 5432, reach: .loopback)]
    let findings = Clean.emit(service, for: .swarm).findings
    #expect(findings.map(\.rule) == ["ports/stay-as-narrow-as-written"])
    #expect(findings.first?.severity == .error)
    #expect(
      findings.first?.message
        == "port 5432 of 'probe' would answer everybody, not this machine")
    #expect(Clean.emit(service, for: .compose).findings.isEmpty)
  }

  @Test(.covers("S17-ENV-05")) func `a stack does not follow the code of a working tree`() {
    var service = Clean.service
    service.rebuildsOn = ["Sources", "Package.swift"]
    let findings = Clean.emit(service, for: .swarm).findings
    #expect(findings.map(\.rule) == ["reload/stays-in-development"])
    #expect(findings.first?.message == "'probe' would be replaced when Sources changes")
    #expect(Clean.emit(service, for: .compose).findings.isEmpty)
  }

  @Test func `a port of the node is freed before it is taken`() {
    var service = Clean.service
    service.rolls = .startFirst
    service.publications = [ResolvedPublication(host: 80, container: 80, reach: .everybody)]
    let findings = Clean.emit(service, for: .swarm).findings
    #expect(findings.map(\.rule) == ["rolls/free-the-port-first"])
    #expect(
      findings.first?.message
        == "'probe' has a port of the node and would start before it stops")
    service.rolls = .stopFirst
    #expect(Clean.emit(service, for: .swarm).findings.isEmpty)
  }

  @Test func `names and files that do not fit the engine are refused`() {
    let name = String(repeating: "LONG_", count: 11) + "KEY"
    let key = SecretKey(name, atLeast: 0, rotate: .days(1), "Too long.")
    var service = Clean.service
    let secret = ResolvedSecret(key, version: 1)
    service.secrets = [SecretMount(secret, at: "/run/secrets/long", uid: 0, gid: 0)]
    let long = Clean.emit(service, for: .swarm) { $0.secrets = [secret] }
    #expect(long.findings.map(\.rule) == ["secrets/fit-the-engine"])

    service = Clean.service
    service.configs = [ConfigMount(folder: "large", at: "/etc/large")]
    let large = PrintedArtefact(
      path: "generated/prod/large/file", text: String(repeating: "x", count: 512_001),
      isExecutable: false)
    let files = Clean.emit(service, for: .swarm, files: [large])
    #expect(files.findings.map(\.rule) == ["configs/fit-the-engine"])
  }

  @Test(arguments: StackTarget.allCases)
  func `a mounted folder without files is refused`(_ target: StackTarget) {
    var service = Clean.service
    service.configs = [ConfigMount(folder: "empty", at: "/etc/empty")]
    let findings = Clean.emit(service, for: target).findings
    #expect(findings.map(\.rule) == ["mounts/have-files"])
  }

  @Test func `an image without a digest warns, once, where it would be deployed`() {
    var service = Clean.service
    service.image = .unlocked(name: "docker.io/library/probe", tag: "1")
    let findings = Clean.emit(service, for: .swarm).findings
    #expect(findings.map(\.rule) == ["supply/unlocked-image"])
    #expect(findings.map(\.severity) == [.warning])
    #expect(Clean.emit(service, for: .compose).findings.isEmpty)
  }
}
