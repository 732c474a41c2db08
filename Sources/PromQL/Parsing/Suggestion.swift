/// Finds what a misspelt name may have meant.
enum Suggestion {
  /// The nearest function, when it is near enough to be a slip.
  static func function(like name: String) -> String? {
    let wanted = Array(name.lowercased().utf8.prefix(64))
    let nearest = Function.allCases
      .map { (function: $0, distance: distance(wanted, Array($0.name.utf8))) }
      .min { $0.distance < $1.distance }
    guard let nearest, nearest.distance <= max(1, wanted.count / 4) else { return nil }
    return "did you mean '\(nearest.function.name)'?"
  }

  /// Insertions, deletions and replacements between two names.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var row = Array(0...right.count)
    for (line, byte) in left.enumerated() {
      var diagonal = row[0]
      row[0] = line + 1
      for (column, other) in right.enumerated() {
        let replaced = diagonal + (byte == other ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
