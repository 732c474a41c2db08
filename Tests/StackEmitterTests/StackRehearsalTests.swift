import Foundation
import ServiceContract
import Slipway
import SlipwayEmitters
import SlipwayModel
import TestSupport
import Testing

/// Production on a real Swarm of one node, with stand-in images: it comes up, stays as it is when
/// nothing has changed, rolls to a new release, and rolls back from a sick one.
struct StackRehearsalTests {
  @Test(.covers("S18-PR-02", "S18-CL-DEP-01", "S18-HS-01", "C-53"), .timeLimit(.minutes(5)))
  func `production deploys, settles, rolls and rolls back`() async throws {
    let specimen = try Specimen.declared("prod")
    let declared = try specimen.generate()
    let plan = try Plan(declared, of: specimen.project)
    try await withTemporaryFolder { folder in
      let rehearsal = Rehearsal(specimen: specimen, folder: folder, script: "stack.sh")
      try folder.write(plan.images.joined(separator: "\n") + "\n", to: "images")
      let arguments = [
        declared.environment.stack, folder.path(of: "site/\(declared.composePath)"),
      ]
      let output = try await rehearsal.run(
        ["--swarm"], arguments: arguments, atMost: .seconds(260)
      ) {
        try await prepare(rehearsal, plan)
      }
      try #require(output.status == 0, "\(output)")
      let made = try Self.generate(rehearsal)
      try expectDeployed(rehearsal, made)
      try expectArrived(rehearsal, made)
      try expectUnchanged(rehearsal, made)
      try expectRolled(rehearsal, made, plan)
    }
  }

  /// Writes the files of this engine, and everything else that `stack.sh` waits for.
  private func prepare(_ rehearsal: Rehearsal, _ plan: Plan) async throws {
    let images = StandIns(digests: try await rehearsal.awaited("digests"))
    let folder = rehearsal.folder
    let made = try Self.generate(rehearsal)
    for file in made.files { try folder.write(file.text, to: "site/\(file.path)") }
    func write(_ lines: [String], _ name: String) throws {
      try folder.write(lines.joined(separator: "\n") + "\n", to: name)
    }
    try write(try plan.release(1, of: images), "first")
    try write(try plan.release(2, of: images), "second")
    try write(made.environment.secrets.map(made.environment.engineName), "secrets")
    try write(NodeKind.allCases.map(\.rawValue), "labels")
    try write(made.mountFolders, "mounts")
    try write([], "ready")
  }

  /// The environment at a site that differs in nodes, lock and reserves, and in nothing else.
  static func generate(_ rehearsal: Rehearsal) throws -> Generated {
    let images = StandIns(digests: try rehearsal.folder.read("digests"))
    let host = try Host(try rehearsal.folder.read("host"))
    let site = Site(nodes: [host.site], names: nil, lock: images.lock, reserves: 1)
    return try rehearsal.specimen.generate(at: site)
  }

  private func expectDeployed(_ rehearsal: Rehearsal, _ made: Generated) throws {
    // "Ignoring unsupported options" would stand here. (F2)
    let errors = try rehearsal.said("deploy-1-errors")
    try #require(errors.isEmpty, "\(errors)")
    #expect(try rehearsal.said("deploy-1-status") == "0\n")
    let words = try rehearsal.lines("deploy-1")
    #expect(words.allSatisfy { $0.hasPrefix("Creating ") }, "\(words)")
    let created = words.filter { $0.hasPrefix("Creating service ") }
    #expect(created.count == made.environment.services.count)

    let tasks = try rehearsal.records(EngineTask.self, "tasks-1").filter { !$0.lostARace }
    for service in made.environment.services {
      let own = tasks.filter { $0.belongs(to: service, of: made.environment) }
      let expected = if case .count(let count) = service.replicas { count } else { 1 }
      #expect(own.count == expected, "'\(service.name)' has failed tasks: \(own)")
      #expect(own.allSatisfy { $0.CurrentState.hasPrefix("Running ") }, "\(own)")
      #expect(own.allSatisfy { $0.Error.isEmpty && $0.Image.contains("@sha256:") }, "\(own)")
    }
    let containers = try rehearsal.records(EngineContainer.self, "containers-1")
    #expect(containers.count == tasks.count)
    for container in containers {
      let service = try #require(
        made.environment.services.first {
          container.Names.hasPrefix("\(made.environment.stack)_\($0.name).")
        })
      let isHealthy = container.Status.hasSuffix("(healthy)")
      #expect(isHealthy == (service.health != nil), "\(container)")
    }
  }

  /// Every generated file is in the containers byte for byte, every secret with its owner. (F8)
  private func expectArrived(_ rehearsal: Rehearsal, _ made: Generated) throws {
    let secrets = made.environment.services.flatMap { service in
      service.secrets.map {
        let mode = String($0.mode, radix: 8)
        return "\(service.name) secret \($0.uid):\($0.gid):\(mode) \($0.path)"
      }
    }
    #expect(!secrets.isEmpty)
    let arrived = try rehearsal.lines("arrived")
    #expect(
      arrived.sorted() == (secrets + made.mountedFiles(on: .swarm)).sorted(),
      "\(Set(arrived).symmetricDifference(secrets + made.mountedFiles(on: .swarm)))")
    let networks = try rehearsal.json([EngineNetwork].self, "networks")
    #expect(networks.count == made.environment.networks.count)
    for network in made.environment.networks {
      let name = "\(made.environment.stack)_\(network.name)"
      let own = try #require(networks.first { $0.Name == name })
      #expect(own.Driver == "overlay")
      #expect(own.Internal == network.isInternal)
      #expect((own.Options["encrypted"] == "true") == (network.name == Net.front))
    }
  }

  private func expectUnchanged(_ rehearsal: Rehearsal, _ made: Generated) throws {
    #expect(try rehearsal.said("deploy-2-status") == "0\n")
    #expect(try rehearsal.said("deploy-2-errors").isEmpty)
    let words = try rehearsal.lines("deploy-2")
    #expect(words.count == made.environment.services.count)
    #expect(words.allSatisfy { $0.hasPrefix("Updating service ") }, "\(words)")
    let before = try rehearsal.records(EngineTask.self, "tasks-1").map(\.ID).sorted()
    let after = try rehearsal.records(EngineTask.self, "tasks-2").map(\.ID).sorted()
    #expect(before == after)
  }

  private func expectRolled(_ rehearsal: Rehearsal, _ made: Generated, _ plan: Plan) throws {
    // The engine calls a deploy that is rolled back a success: verdicts are read elsewhere. (F3)
    #expect(try rehearsal.said("deploy-3-status") == "0\n")
    #expect(try rehearsal.said("deploy-3-errors").isEmpty)
    let services = try rehearsal.json([EngineService].self, "services-3")
    let tasks = try rehearsal.records(EngineTask.self, "tasks-3")
    let fewest = try fewestRunning(rehearsal)
    let images = StandIns(digests: try rehearsal.folder.read("digests"))
    for service in made.environment.services {
      guard case .release(let variable) = service.image else { continue }
      let name = "\(made.environment.stack)_\(service.name)"
      let state = try #require(services.first { $0.Spec.Name == name }).UpdateStatus?.State
      let running = tasks.filter {
        $0.belongs(to: service, of: made.environment) && $0.DesiredState == "Running"
      }
      #expect(running.allSatisfy { $0.CurrentState.hasPrefix("Running ") })
      let count = if case .count(let count) = service.replicas { count } else { 1 }
      #expect(running.count == count)
      switch variable {
      case plan.rolled: #expect(state == "completed", "\(name)")
      case plan.sick: #expect(state == "rollback_completed", "\(name)")
      default: #expect(state == nil || state == "completed", "\(name)")
      }
      let release = variable == plan.rolled ? 2 : 1
      let reference = try images.reference(plan.repository(variable), "\(release)")
      #expect(running.allSatisfy { $0.Image == reference }, "\(running)")
      #expect(fewest[name] ?? 0 >= count, "'\(service.name)' was short of replicas")
    }
  }

  /// The fewest tasks of each service that ran at any second of the roll.
  private func fewestRunning(_ rehearsal: Rehearsal) throws -> [String: Int] {
    var fewest: [String: Int] = [:]
    for line in try rehearsal.lines("running") {
      let words = line.split(whereSeparator: { " /".contains($0) })
      guard words.count >= 3, let running = Int(words[1]) else { continue }
      let name = String(words[0])
      fewest[name] = min(fewest[name] ?? running, running)
    }
    return fewest
  }
}

/// Two releases: in the second the backend is new and another component is sick.
struct Plan: Sendable {
  /// Every image, in the form that `images.sh` reads.
  let images: [String]
  let rolled: String
  let sick: String
  let variables: [String]
  let registry: String

  init(_ made: Generated, of project: Project) throws {
    let backend = try #require(made.environment.service("backend"))
    guard case .release(let rolled) = backend.image else { throw NoRelease() }
    self.rolled = rolled
    registry = project.registry
    variables = made.releaseVariables
    let others = made.environment.services.compactMap { service -> String? in
      guard case .release(let variable) = service.image, variable != rolled,
        service.rolls == .startFirst
      else { return nil }
      return variable
    }
    sick = try #require(others.first)
    let repositories = variables.map { "\(project.registry)/\($0.lowercased())" }
    images =
      made.thirdPartyImages + repositories.map { "\($0):1" }
      + ["\(project.registry)/\(rolled.lowercased()):2"]
      + ["sick \(project.registry)/\(sick.lowercased()):2"]
  }

  struct NoRelease: Error {}

  func repository(_ variable: String) -> String { "\(registry)/\(variable.lowercased())" }

  /// `NAME=VALUE` lines.
  func release(_ number: Int, of images: StandIns) throws -> [String] {
    try variables.map { variable in
      let changes = variable == rolled || variable == sick
      let tag = changes ? "\(number)" : "1"
      return "\(variable)=\(try images.reference(repository(variable), tag))"
    }
  }
}

// What the engine's client prints, with its own names.

struct EngineTask: Decodable {
  let ID: String
  let Name: String
  let Image: String
  let DesiredState: String
  let CurrentState: String
  let Error: String

  func belongs(to service: ResolvedService, of environment: ResolvedEnvironment) -> Bool {
    Name.hasPrefix("\(environment.stack)_\(service.name).")
  }

  /// The engine makes the folder of secrets read-only while a process that it starts for another
  /// container still holds it open: its own race, and it starts the task again at once. What we
  /// wrote has no part in it.
  var lostARace: Bool {
    DesiredState == "Shutdown" && Error.contains("unable to remount dir as readonly")
      && Error.contains("/mounts/secrets") && Error.contains("device or resource busy")
  }
}

struct EngineContainer: Decodable {
  let Names: String
  let Status: String
}

struct EngineService: Decodable {
  struct Specification: Decodable { let Name: String }
  struct Status: Decodable { let State: String? }
  let Spec: Specification
  let UpdateStatus: Status?
}

struct EngineNetwork: Decodable {
  let Name: String
  let Driver: String
  let Internal: Bool
  let Options: [String: String]
}
