package import SlipwayDiagnostics

extension [Origin] {
  /// The same origins as a sorted set: each once, in the order of `Origin`.
  ///
  /// Every node of every tree keeps its origins in this form, so that merging defaults in another
  /// order changes nothing.
  package var normalised: [Origin] {
    count < 2 ? self : Set(self).sorted()
  }

  /// The sorted union of both sets of origins.
  package func merged(with others: [Origin]) -> [Origin] {
    others.isEmpty ? normalised : (self + others).normalised
  }
}
