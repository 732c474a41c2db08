/// Counts names among siblings, so that the tree and the reader give a repeated directive one path.
struct SiblingCounter {
  private var counts: [String: Int] = [:]

  /// The step of the next sibling of this name.
  mutating func next(_ name: String) -> PathStep {
    let occurrence = counts[name, default: 0]
    counts[name] = occurrence + 1
    return .nth(name, occurrence)
  }
}
