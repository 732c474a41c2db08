import Environments
import Foundation
import ServiceContract
import Slipway
import SlipwayEmitters
import SlipwayEvidence
import SlipwayModel
import SlipwayPipeline
import TestSupport
import Testing

/// The generated scripts of staging on a real engine, with tiny stand-in images: a first release,
/// one that does not hold, one that does, and the way back. (F3, F4, F6, S18-DEP-*, S18-RBK-*)
///
/// Only nodes, image lock and durations differ from what is generated.
struct EngineRehearsalTests {
  private static let name = "staging"
  private static let stack = "flowrex-staging"

  @Test(
    .covers("S17-PR-03", "S18-CL-DEP-01", "S18-CL-DEP-02", "S18-PR-02", "S18-PR-06", "C-53"),
    .timeLimit(.minutes(10)))
  func `a release, one that does not hold, one that does, and the way back`() async throws {
    try await withTemporaryFolder { folder in
      let declared = try Self.generate(at: .declared)
      let images = try Images(declared)
      try folder.write(images.list.joined(separator: "\n") + "\n", to: "images")
      async let ended = Tool.script(
        "engine",
        [
          "run", "--swarm", "--timeout", "540", "--",
          "\(packageRoot)/Tests/ScriptTests/rehearsals/engine.sh", packageRoot, folder.path,
          Self.name,
        ], timeout: .seconds(570))
      async let prepared: Void = prepare(folder, images)
      let output = try await ended
      try #require(output.status == 0, "\(output)")
      try await prepared

      let digests = try Digests(folder)
      let story = try Story(folder)
      try expectReleases(story, digests, images)
      #expect(try folder.read("said/edge").contains("maintenance\n"), story.text)
      try expectFacts(folder, story)
      try expectSilence(folder, story)
      // Jobs are removed, whatever became of them.
      #expect(!story["services"].contains("_job-"), story.text)
      #expect(story["status.out"].hasPrefix("release \(commit("1"))"), story.text)
    }
  }

  private func expectReleases(_ story: Story, _ digests: Digests, _ images: Images) throws {
    #expect(try story.verdict("first") == "deployed at cleaning", story.text)
    #expect(try story.verdict("sick") == "rolled-back at roll", story.text)
    #expect(story["sick.err"].contains("the engine took back: \(Self.stack)_console "), story.text)
    #expect(story["sick.err"].contains("going back to 111111111111"))
    #expect(try story.verdict("second") == "deployed at cleaning", story.text)
    #expect(story["maintenance.status"] == "0\n", story.text)
    #expect(try story.verdict("rollback") == "rolled-back at record", story.text)
    for (name, release) in [("first", 1), ("sick", 1), ("second", 2), ("rollback", 1)] {
      let running = story["\(name).images"].split(separator: "\n").map(String.init)
      for variable in images.variables {
        let tag = variable == images.rolled ? release : 1
        let wanted = try digests.reference(images.repository(variable), "\(tag)")
        let own = running.filter { $0.hasPrefix(images.repository(variable) + "@") }
        #expect(!own.isEmpty && own.allSatisfy { $0 == wanted }, "\(name): \(own)")
      }
    }
    let orders = story.order.filter { !$0.hasPrefix("ask ") }
    #expect(
      orders == [
        "gate staging firstRelease",
        // No authority answers here; what runs is not taken back for want of a certificate.
        "tell [Flowrex staging] failure: no certificate yet: mend what the authority said, "
          + "then certificate issue",
        "tell [Flowrex staging] success: 111111111111 runs",
        "gate staging release",
        "tell [Flowrex staging] rollback: 222222222222 did not hold at 'roll'; "
          + "the release before it runs again",
        "tell [Flowrex staging] failure: deployment ended at 'roll': rolled-back",
        "gate staging release", "tell [Flowrex staging] success: 333333333333 runs",
        "tell [Flowrex staging] success: maintenance is on", "gate staging rollback",
        "tell [Flowrex staging] rollback: 111111111111 runs again",
      ], story.text)
  }

  /// What the engine itself says, through the readers of the gate.
  private func expectFacts(_ folder: TemporaryFolder, _ story: Story) throws {
    func read<Value>(
      _ name: String, _ read: ([UInt8]) throws(ReadingFailure) -> Evidence<Value>
    ) throws -> Value {
      try read(Array(folder.read("facts/\(name).json").utf8)).value
    }
    let host = try folder.read("host").split(separator: " ").map(String.init)
    let nodes = try read("nodes", NodeFact.read)
    let node = try #require(nodes.first, story.text)
    #expect(nodes.count == 1 && node.name == host[0] && node.isManager, story.text)
    #expect(node.isReady && node.isActive && node.platform == "linux/amd64")
    #expect(node.milliCPUs == Int(host[1]).map { $0 * 1000 })
    #expect(String(node.memory.bytes) == host[2].trimmingCharacters(in: .newlines))
    #expect(Set(node.labels) == Set(NodeKind.allCases.map(\.rawValue)))
    // This engine was not told to keep privileges, and each of its containers says so. (F2)
    #expect(!node.keepsPrivileges)
    let replicas = try read("replicas", ReplicaFact.read)
    let backend = replicas.filter { $0.service == "backend" }
    #expect(!backend.isEmpty, story.text)
    #expect(backend.allSatisfy { $0.isHealthy && $0.build == commit("3") }, "\(backend)")
    #expect(Set(replicas.map(\.node)) == [host[0]])
    let watching = replicas.filter { $0.service == "prometheus" }
    #expect(watching.count == 1 && watching[0].build == nil)
    let targets = try read("targets", TargetFact.read)
    #expect(targets.map(\.job) == ["prometheus"], story.text)
    #expect(try read("migrations", SchemaFact.read).applied == "0042")
    // No edge has a certificate yet.
    #expect(story["facts.status"] == "1\n", story.text)
    let unproven = story["facts.err"].split(separator: "\n").filter { $0.contains("UNPROVEN") }
    #expect(unproven.count == 1 && unproven[0].contains("the certificates of the edge nodes"))
    let rehearsal = try Rehearsal.read(
      Array(
        folder.read("state/rehearsals/rollback-333333333333-to-111111111111.json").utf8))
    #expect(rehearsal.value.steps == ["rolled-back", "answered"])
    #expect(rehearsal.commit == commit("3") && rehearsal.value.to == commit("1"))
    let first = try Rehearsal.read(
      Array(folder.read("state/rehearsals/firstRelease-111111111111.json").utf8))
    #expect(first.value.steps == ["migrated-empty", "answered", "backup-verified"])
  }

  /// No value of a secret is in what was said, kept, or given to the engine in the open.
  private func expectSilence(_ folder: TemporaryFolder, _ story: Story) throws {
    #expect(!story.text.rawValue.contains("canary-"))
    #expect(!story["inspected"].contains("canary-"))
    #expect(story["inspected"].contains("/run/secrets/"))
    for (path, text) in try Snapshot(of: folder, "state").texts where path != "state/webhook" {
      #expect(!text.contains("canary-"), "\(path)")
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path(of: "tmp")) == [])
  }

  private func prepare(_ folder: TemporaryFolder, _ images: Images) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while !FileManager.default.fileExists(atPath: folder.path(of: "digests")) {
      try #require(ContinuousClock.now < end, "the engine made no images")
      try await Task.sleep(for: .milliseconds(100))
    }
    let digests = try Digests(folder)
    let words = try folder.read("host").split(whereSeparator: \.isWhitespace).map(String.init)
    try #require(words.count == 3)
    let cpus = try #require(ExactDecimal(text: words[1]))
    let bytes = try #require(Int(words[2]))
    let node = Node(
      words[0], role: .manager, kinds: NodeKind.allCases,
      size: .cpus(cpus, memory: .mebibytes(bytes >> 20)))
    let made = try Self.generate(
      at: Site(nodes: [node], names: nil, lock: digests.lock, reserves: 1))
    for file in made.files {
      try folder.write(Self.hurried(file), to: "site/\(file.path)", executable: file.isExecutable)
    }
    func write(_ lines: [String], _ name: String) throws {
      try folder.write(lines.map { $0 + "\n" }.joined(), to: name)
    }
    try write(made.environment.secrets.map(made.environment.engineName), "secrets")
    try write(NodeKind.allCases.map(\.rawValue), "labels")
    let releases: [(name: String, letter: Character, tags: (String) -> String)] = [
      ("first", "1", { _ in "1" }),
      ("sick", "2", { $0 == images.sick ? "sick" : $0 == images.rolled ? "2" : "1" }),
      ("second", "3", { $0 == images.rolled ? "2" : "1" }),
    ]
    for release in releases {
      let lines = try images.variables.map {
        "\"\($0)\": \"\(try digests.reference(images.repository($0), release.tags($0)))\""
      }
      try folder.write(
        """
        {"commit": "\(commit(release.letter))", "created": "2026-01-01T00:00:00Z",
        "images": {\(lines.joined(separator: ", "))}}
        """, to: "\(release.name).json")
    }
    try write([], "ready")
  }

  private func commit(_ letter: Character) -> String { String(repeating: letter, count: 40) }

  /// The stack's file with shorter waits: probes each second, verdicts after five.
  private static func hurried(_ file: PrintedArtefact) -> String {
    guard file.path.hasSuffix("docker-compose.yml") else { return file.text }
    return file.text.replacing(/\binterval: \d+s/, with: "interval: 1s")
      .replacing("monitor: 30s", with: "monitor: 5s").replacing(" delay: 5s", with: " delay: 0s")
  }

  struct Made {
    let environment: ResolvedEnvironment
    let files: [PrintedArtefact]
  }

  /// Staging's files, as `slipway generate` makes them.
  static func generate(at site: Site) throws -> Made {
    let path = "\(packageRoot)/environments/Lock.json"
    let lock = try ImageLock.read(String(contentsOfFile: path, encoding: .utf8), path: path).get()
    let generator = Generator(
      project: Environments.project, lock: lock,
      inputs: EmitterInputs(templates: try templates()))
    let specification = try #require(Environments.all.first { $0.value.name == name })
    let generation = generator.generate([specification], at: site, isWhole: false)
    try #require(!generation.isRefused, "\(generation.findings)")
    let environment = try #require(generation.parts.first?.environment)
    return Made(environment: environment, files: generation.files.map(\.printed))
  }

  private static func templates() throws -> [String: String] {
    let root = URL(fileURLWithPath: "\(packageRoot)/templates").resolvingSymlinksInPath().path
    let paths = FileManager.default.enumerator(atPath: root)
    var templates: [String: String] = [:]
    while let path = paths?.nextObject() as? String {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: "\(root)/\(path)", isDirectory: &isFolder)
      guard !isFolder.boolValue else { continue }
      templates[path] = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
    }
    return templates
  }
}

/// The images that a rehearsal wants, in the form that `images.sh` reads.
private struct Images: Sendable {
  let list: [String]
  let variables: [String]
  let rolled = "FLOWREX_BACKEND_IMAGE"
  let sick = "FLOWREX_CONSOLE_IMAGE"
  private let registry: String

  init(_ made: EngineRehearsalTests.Made) throws {
    let registry = made.environment.project.registry
    var others: [String] = []
    var variables: [String] = []
    for service in made.environment.services {
      switch service.image {
      case .locked(let locked): others.append("\(locked.name):\(locked.tag)")
      case .release(let variable): variables.append(variable)
      default: Issue.record("'\(service.name)' has no image that can be deployed")
      }
    }
    self.registry = registry
    self.variables = Set(variables).sorted()
    let own = self.variables.map { "\(registry)/\($0.lowercased()):1" }
    try #require(self.variables.contains(rolled) && self.variables.contains(sick))
    list =
      Set(others).sorted() + own
      + ["\(registry)/\(rolled.lowercased()):2", "sick \(registry)/\(sick.lowercased()):sick"]
  }

  func repository(_ variable: String) -> String { "\(registry)/\(variable.lowercased())" }
}

/// What the engine knows the images by.
private struct Digests {
  let lock: ImageLock

  init(_ folder: TemporaryFolder) throws {
    lock = ImageLock(
      images: try folder.read("digests").split(separator: "\n").compactMap { line in
        guard let at = line.firstIndex(of: "@"), let colon = line[..<at].lastIndex(of: ":")
        else { return nil }
        return LockedImage(
          name: String(line[..<colon]), tag: String(line[line.index(after: colon)..<at]),
          digest: String(line[line.index(after: at)...]), platforms: ["linux/amd64"])
      })
  }

  func reference(_ name: String, _ tag: String) throws -> String {
    let image = try #require(
      lock.images.first { $0.name == name && $0.tag == tag }, "no image \(name):\(tag)")
    return "\(name)@\(image.digest)"
  }
}

/// What scripts and engine said, by name of the file.
private struct Story {
  private let texts: [String: String]
  let order: [String]

  init(_ folder: TemporaryFolder) throws {
    var texts: [String: String] = [:]
    for (path, text) in try Snapshot(of: folder, "said").texts {
      texts[String(path.dropFirst("said/".count))] = text
    }
    self.texts = texts
    order = try folder.read("world/order").split(separator: "\n").map(String.init)
  }

  subscript(_ name: String) -> String { texts[name] ?? "" }

  func verdict(_ name: String) throws -> String {
    let report = try JSONDecoder().decode(
      Manager.Report.self, from: Data(self[name + ".out"].utf8))
    return "\(report.verdict) at \(report.step)"
  }

  /// All but the engine's own long answers.
  var text: Comment {
    let shown = texts.filter { $0.key != "inspected" }.sorted { $0.key < $1.key }
    return Comment(
      rawValue: shown.map { "=== \($0.key)\n\($0.value)" }.joined(separator: "\n")
        + "\n=== order\n" + order.joined(separator: "\n"))
  }
}
