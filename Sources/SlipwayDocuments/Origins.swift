package import SlipwayDiagnostics

extension [Origin] {
  /// The same origins as a sorted set: each once, in the order of `Origin`.
  ///
  /// Every node of every tree keeps its origins in this form, so that merging defaults in another
  /// order changes nothing.
  package var normalised: [Origin] {
    switch count {
    case 0, 1: return self
    case 2...Self.few:
      // Most values have two or three; comparing them is cheaper than hashing their paths.
      var sorted: [Origin] = []
      sorted.reserveCapacity(count)
      for origin in self where !sorted.contains(origin) {
        sorted.insert(origin, at: sorted.firstIndex { origin < $0 } ?? sorted.endIndex)
      }
      return sorted
    default: return Set(self).sorted()
    }
  }

  private static var few: Int { 8 }

  /// The sorted union of both sets of origins.
  package func merged(with others: [Origin]) -> [Origin] {
    others.isEmpty ? normalised : (self + others).normalised
  }
}
