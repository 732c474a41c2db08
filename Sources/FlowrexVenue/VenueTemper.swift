/// How often the simulated venue does what real ones do, in a thousand. (issue: partial fills,
/// refusals, late fills after cancel)
package struct VenueTemper: Hashable, Sendable {
  /// Orders that it refuses for no reason of ours.
  package var refusals = 0
  /// Orders that it fills in two parts.
  package var partials = 0
  /// Cancellations that a trade was quicker than: its fill is told after the cancellation.
  package var lateFills = 0

  package init(refusals: Int = 0, partials: Int = 0, lateFills: Int = 0) {
    self.refusals = refusals
    self.partials = partials
    self.lateFills = lateFills
  }

  package static let calm = VenueTemper()
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same seed gives the same numbers, everywhere.
package struct SplitMix: Hashable, Sendable {
  /// A generator with this seed goes on from here.
  package private(set) var state: UInt64

  package init(seed: UInt64) { state = seed }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// 0 up to, and without, `bound`, which is above zero.
  package mutating func below(_ bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// True so often in a thousand.
  package mutating func happens(_ perMille: Int) -> Bool { below(1_000) < perMille }
}
