/// Puts comments above the mapping entries of a printed document; libyaml cannot emit any.
///
/// The printed text is scanned again and each key's line taken from libyaml itself. A comment line
/// before a line that begins with a key of a block mapping, in that line's own indentation, is
/// ignored by every reader: no scalar of ours is continued by a line so little indented.
enum YAMLComments {
  /// `text` with the comments, each given with the number of its key in document order.
  ///
  /// - Throws: `PrintError` if the printed text cannot be scanned, which would be a fault of ours.
  static func insert(
    _ comments: [(key: Int, lines: [String])], into text: String
  ) throws(PrintError) -> String {
    let keyLines: [Int]
    do {
      keyLines = try lines(ofKeysIn: text)
    } catch {
      throw PrintError(at: [], "the printed text cannot be read back: \(error)")
    }
    var above: [Int: [String]] = [:]
    for comment in comments {
      guard keyLines.indices.contains(comment.key) else {
        throw PrintError(at: [], "the printed text has fewer keys than the tree")
      }
      // An outer and an inner first key can share a line only in `- - a:`; the outer comes first.
      above[keyLines[comment.key], default: []] += comment.lines
    }
    var result: [Substring] = []
    for (index, line) in text.linesByFeed.enumerated() {
      let indent = line.prefix { $0 == " " }
      for comment in above[index + 1] ?? [] {
        result.append(Substring(indent + CommentText.line(comment)))
      }
      result.append(line)
    }
    return result.joined(separator: "\n")
  }

  /// The line of every mapping key, in document order.
  private static func lines(ofKeysIn text: String) throws(SyntaxError) -> [Int] {
    let stream = try YAMLEventStream(text)
    var found: [Int] = []
    // For each open collection, whether it is a mapping whose next child is a key.
    var open: [(isMap: Bool, expectsKey: Bool)] = []
    func child(at line: Int) {
      guard let top = open.last, top.isMap else { return }
      if top.expectsKey { found.append(line) }
      open[open.count - 1].expectsKey.toggle()
    }
    while let event = try stream.next() {
      switch event.kind {
      case .scalar, .alias:
        child(at: event.start.line)
      case .listStart:
        child(at: event.start.line)
        open.append((false, false))
      case .mapStart:
        child(at: event.start.line)
        open.append((true, true))
      case .listEnd, .mapEnd:
        open.removeLast()
      case .documentStart, .documentEnd:
        break
      }
    }
    return found
  }
}
