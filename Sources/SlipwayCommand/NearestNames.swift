/// Names that somebody may have meant.
enum NearestNames {
  /// At most this many: more are no suggestion but a list.
  private static let most = 3

  /// The known names that are closest to a word, the closest first.
  static func of(_ word: String, among names: [String]) -> [String] {
    ranked(word, among: names).prefix(most).map(\.name)
  }

  /// The name that the word is most likely a slip of, if one is close enough: one letter in three.
  static func slip(_ word: String, among names: [String]) -> String? {
    guard let best = ranked(word, among: names).first,
      best.distance <= max(1, word.utf8.count / 3)
    else { return nil }
    return best.name
  }

  private static func ranked(
    _ word: String, among names: [String]
  ) -> [(name: String, distance: Int)] {
    names.map { ($0, distance(word, to: $0)) }
      .sorted { ($0.distance, $0.name) < ($1.distance, $1.name) }
  }

  /// How many letters must change; only the part behind the area counts where no area is typed,
  /// and one that holds the word is closer than any slip.
  private static func distance(_ word: String, to name: String) -> Int {
    guard !word.contains("/"), let slash = name.firstIndex(of: "/") else {
      return edits(Array(word.utf8), Array(name.utf8))
    }
    let promise = name[name.index(after: slash)...]
    let part = edits(Array(word.utf8), Array(promise.utf8))
    return !word.isEmpty && name.contains(word) ? min(1, part) : part
  }

  /// Letters that are written, left out, changed or swapped with their neighbour. (optimal string
  /// alignment)
  private static func edits(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var last = Array(0...right.count)
    for (row, letter) in left.enumerated() {
      var next = [row + 1]
      for (column, other) in right.enumerated() {
        var least = min(
          last[column + 1] + 1, next[column] + 1, last[column] + (letter == other ? 0 : 1))
        if row > 0, column > 0, letter == right[column - 1], left[row - 1] == other {
          least = min(least, before[column - 1] + 1)
        }
        next.append(least)
      }
      (before, last) = (last, next)
    }
    return last[right.count]
  }
}
