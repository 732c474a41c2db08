/// The engine that gives secrets to containers. Secrets are immutable: a new value has a new name.
/// (engine fact F6)
package protocol SecretEngine: Sendable {
  func secrets() async throws(EngineRefusal) -> [EngineSecret]
  /// - Parameter bytes: Reach the engine through standard input of its client. (engine fact F8)
  func create(
    _ name: String, _ bytes: [UInt8], labels: [String: String]
  ) async throws(EngineRefusal)
  func remove(_ name: String) async throws(EngineRefusal)
  /// The services of a stack.
  func services(of stack: String) async throws(EngineRefusal) -> [EngineReader]
  /// Begins to replace what a service mounts; returns before the containers have changed.
  func replace(
    in service: String, _ swaps: [SecretSwap]
  ) async throws(EngineRefusal)
}

/// Why the engine did not do something: a clause.
package struct EngineRefusal: Error, Sendable, Hashable {
  package let clause: String
  package init(_ clause: String) { self.clause = clause }
}

package struct EngineSecret: Sendable, Hashable {
  package let name: String
  package let labels: [String: String]
  package let created: PointInTime?
  package init(name: String, labels: [String: String], created: PointInTime?) {
    self.name = name
    self.labels = labels
    self.created = created
  }
}

/// A service and the secrets it mounts.
package struct EngineReader: Sendable, Hashable {
  package struct Mount: Sendable, Hashable {
    package let secret: String
    package let target: String
    package let uid: String
    package let gid: String
    /// Permission bits.
    package let mode: Int
    package init(secret: String, target: String, uid: String, gid: String, mode: Int) {
      self.secret = secret
      self.target = target
      self.uid = uid
      self.gid = gid
      self.mode = mode
    }
  }
  package enum State: Sendable, Hashable {
    case settled
    case rolling
    /// The engine went back by itself, or stopped half way: its own word.
    case tookBack(String)
  }
  /// Without the stack: `redis-cache`.
  package let name: String
  package let mounts: [Mount]
  package let state: State
  package init(name: String, mounts: [Mount], state: State) {
    self.name = name
    self.mounts = mounts
    self.state = state
  }
}

/// What a service mounts now, and the secret that takes its place.
package struct SecretSwap: Sendable, Hashable {
  package let mount: EngineReader.Mount
  package let new: String
  package init(_ mount: EngineReader.Mount, new: String) {
    self.mount = mount
    self.new = new
  }

  /// The way back.
  var reversed: SecretSwap {
    SecretSwap(
      EngineReader.Mount(
        secret: new, target: mount.target, uid: mount.uid, gid: mount.gid, mode: mount.mode),
      new: mount.secret)
  }
}
