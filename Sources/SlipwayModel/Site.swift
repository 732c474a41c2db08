package import Slipway

/// The place where an environment runs, as far as it can differ from the specification.
///
/// A rehearsal runs the very same environment somewhere else: on one small machine, under other
/// names, with stand-in images. Nothing but these three things may differ. (design §4.9)
package struct Site: Sendable {
  /// Replaces the declared nodes.
  package var nodes: [Node]?
  /// Replaces the host names of the edge.
  package var names: PublicNames?
  /// Replaces the lock file.
  package var lock: ImageLock?
  /// Reservations are dropped to this share of their size, so that a small machine can hold them.
  package var reserves: Int

  /// The declared place itself.
  package static let declared = Site(nodes: nil, names: nil, lock: nil, reserves: 100)

  package init(nodes: [Node]?, names: PublicNames?, lock: ImageLock?, reserves: Int) {
    self.nodes = nodes
    self.names = names
    self.lock = lock
    self.reserves = reserves
  }
}
