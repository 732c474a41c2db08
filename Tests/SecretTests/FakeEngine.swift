import SlipwayEvidence
import Synchronization

/// An engine in memory that keeps the real one's rules: secrets are immutable, what is mounted is
/// not removed, an update takes a while and may be taken back. It can refuse its n-th change.
final class FakeEngine: SecretEngine {
  struct World: Equatable {
    var secrets: [String: [UInt8]] = [:]
    var labels: [String: [String: String]] = [:]
    /// Service → secret by target.
    var mounts: [String: [String: String]] = [:]
    /// Updates that are not settled yet, and how often they are still asked about.
    var rolling: [String: Int] = [:]
    /// Services that go back by themselves, once.
    var sick: Set<String> = []
    var wentBack: Set<String> = []
    var changes = 0
    /// All that was done, in order.
    var log: [String] = []
  }

  private let state: Mutex<World>
  /// The change that is refused, counted from 1; or with `dies`, after which nothing answers.
  private let refuses: Int?
  private let dies: Bool

  init(_ world: World, refuses: Int? = nil, dies: Bool = false) {
    state = Mutex(world)
    self.refuses = refuses
    self.dies = dies
  }

  var world: World { state.withLock { $0 } }

  private func change(
    _ what: String, _ body: (inout World) throws(EngineRefusal) -> Void
  ) throws(EngineRefusal) {
    let result: Result<Void, EngineRefusal> = state.withLock { world in
      world.changes += 1
      if let refuses, world.changes == refuses || dies && world.changes > refuses {
        return .failure(EngineRefusal("no"))
      }
      do throws(EngineRefusal) {
        try body(&world)
        world.log.append(what)
        return .success(())
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }

  func secrets() async throws(EngineRefusal) -> [EngineSecret] {
    world.secrets.keys.sorted().map {
      EngineSecret(name: $0, labels: world.labels[$0] ?? [:], created: PointInTime(seconds: 0))
    }
  }

  func create(
    _ name: String, _ bytes: [UInt8], labels: [String: String]
  ) async throws(EngineRefusal) {
    try change("create \(name)") { world throws(EngineRefusal) in
      guard world.secrets[name] == nil else { throw EngineRefusal("AlreadyExists") }
      world.secrets[name] = bytes
      world.labels[name] = labels
    }
  }

  func remove(_ name: String) async throws(EngineRefusal) {
    try change("remove \(name)") { world throws(EngineRefusal) in
      guard !world.mounts.values.contains(where: { $0.values.contains(name) }) else {
        throw EngineRefusal("in use")
      }
      world.secrets[name] = nil
    }
  }

  func services(of stack: String) async throws(EngineRefusal) -> [EngineReader] {
    state.withLock { world in
      world.mounts.keys.sorted().map { name in
        var reading = EngineReader.State.settled
        if let left = world.rolling[name] {
          world.rolling[name] = left > 1 ? left - 1 : nil
          reading = .rolling
        } else if world.wentBack.remove(name) != nil {
          reading = .tookBack("rollback_completed")
        }
        let mounts = (world.mounts[name] ?? [:]).sorted { $0.key < $1.key }.map {
          EngineReader.Mount(secret: $0.value, target: $0.key, uid: "1", gid: "1", mode: 0o400)
        }
        return EngineReader(name: name, mounts: mounts, state: reading)
      }
    }
  }

  func replace(in service: String, _ swaps: [SecretSwap]) async throws(EngineRefusal) {
    let what =
      "\(service): " + swaps.map { "\($0.mount.secret) > \($0.new)" }.joined(separator: ", ")
    try change(what) { world throws(EngineRefusal) in
      for swap in swaps {
        guard world.secrets[swap.new] != nil else { throw EngineRefusal("no such secret") }
        guard world.mounts[service]?[swap.mount.target] == swap.mount.secret else {
          throw EngineRefusal("not mounted")
        }
      }
      guard world.sick.remove(service) == nil else {
        world.wentBack.insert(service)
        world.rolling[service] = 2
        return
      }
      for swap in swaps { world.mounts[service]?[swap.mount.target] = swap.new }
      world.rolling[service] = 2
    }
  }
}
