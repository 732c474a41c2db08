/// A comment above an entry of a mapping in a printed document; libyaml cannot emit any.
///
/// A comment line before a line that begins with a key of a block mapping, in that line's own
/// indentation, is ignored by every reader: no scalar of ours is continued by a line so little
/// indented.
struct YAMLComment {
  /// The line that the comment stands above, counted from 1 without any comments.
  let line: Int
  let lines: [String]

  /// `text` with the comments, which are in the order of their lines.
  ///
  /// - Parameter lines: How many lines the text must have: the lines of the comments were counted
  ///   in the same walk.
  /// - Throws: `PrintError` if the text has another number of lines: a fault of ours.
  static func insert(
    _ comments: [YAMLComment], into text: String, lines: Int
  ) throws(PrintError) -> String {
    let bytes = Array(text.utf8)
    guard bytes.count(where: { $0 == 0x0A }) == lines else {
      throw PrintError(at: [], "the printed text has other lines than the tree")
    }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + comments.count * 80)
    var rest = bytes[...]
    var line = 1
    for comment in comments {
      while line < comment.line, let feed = rest.firstIndex(of: 0x0A) {
        result += rest[...feed]
        rest = rest[(feed + 1)...]
        line += 1
      }
      let indent = rest.prefix { $0 == 0x20 }
      for written in comment.lines {
        result += indent
        result += CommentText.line(written).utf8
        result.append(0x0A)
      }
    }
    return String(decoding: result + rest, as: UTF8.self)
  }
}
