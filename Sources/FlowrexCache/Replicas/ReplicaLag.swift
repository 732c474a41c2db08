package import Ledger

/// How far copies of a database are behind, by places in the primary's log; a pure value. No clock
/// of a server is compared with another's, and no message of a copy is believed that says nothing
/// of the primary. (S18-ARCH-05, engine fact F17)
package struct ReplicaLag: Hashable, Sendable {
  private struct Sample: Hashable {
    let place: Int64
    let at: Timestamp
  }

  private static let most = 64
  /// What the primary had written, the oldest first.
  private var samples: [Sample] = []

  package init() {}

  /// Everything that was committed before a moment lies before a place.
  package mutating func wrote(upTo place: Int64, at now: Timestamp) {
    // A primary that was restored begins at an earlier place.
    if let last = samples.last, place < last.place { samples = [] }
    samples.append(Sample(place: place, at: now))
    if samples.count > Self.most { samples.removeFirst(samples.count - Self.most) }
  }

  /// The last moment up to which a copy has everything; `nil` when that is not known.
  package func complete(upTo place: Int64) -> Timestamp? {
    samples.last { $0.place <= place }?.at
  }
}
