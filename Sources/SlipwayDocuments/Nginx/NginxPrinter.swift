/// Writes directives as an nginx configuration: two spaces, one directive a line, an empty line
/// before a block that is not the first of its parent.
///
/// A simple directive wider than `columns` puts each argument behind the first on a line of its
/// own.
struct NginxPrinter {
  private static let columns = 100
  private var lines: [String] = []

  /// The text of these directives, ended by a line feed.
  ///
  /// - Throws: `PrintError` for an empty name, a word that nginx cannot read (NUL, or longer than
  ///   4,095 bytes), a raw block whose braces do not balance, or nesting deeper than
  ///   `DocumentLimits.depth`.
  static func text(of nodes: [NginxNode]) throws(PrintError) -> String {
    var printer = NginxPrinter()
    try printer.write(nodes, at: [], depth: 0)
    return printer.lines.isEmpty ? "" : printer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func write(
    _ nodes: [NginxNode], at path: DocumentPath, depth: Int
  ) throws(PrintError) {
    guard depth <= DocumentLimits.depth else {
      throw PrintError(at: path, "nested deeper than \(DocumentLimits.depth) levels")
    }
    let indent = String(repeating: "  ", count: depth)
    var steps = SiblingCounter()
    for (index, node) in nodes.enumerated() {
      if index > 0, beginsParagraph(nodes, index) { lines.append("") }
      switch node.content {
      case .comment(let text):
        for line in try CommentText.lines(of: text, at: path) {
          lines.append(indent + CommentText.line(line))
        }
      case .simple(let directive):
        let here = path.appending(steps.next(directive.name))
        write(try words(of: directive, at: here), indent: indent)
      case .block(let directive, let children):
        let here = path.appending(steps.next(directive.name))
        let opening = indent + (try words(of: directive, at: here)).joined(separator: " ")
        guard !children.isEmpty else {
          lines.append(opening + " {}")
          continue
        }
        lines.append(opening + " {")
        try write(children, at: here, depth: depth + 1)
        lines.append(indent + "}")
      case .raw(let directive, let text):
        let here = path.appending(steps.next(directive.name))
        try write(raw: text, of: directive, at: here, indent: indent)
      }
    }
  }

  /// A paragraph begins with a block, or with the comment above one.
  private func beginsParagraph(_ nodes: [NginxNode], _ index: Int) -> Bool {
    if case .comment = nodes[index - 1].content { return false }
    let follower = nodes[index...].first { node in
      if case .comment = node.content { false } else { true }
    }
    switch follower?.content {
    case .block, .raw: return true
    case .simple, .comment, nil: return false
    }
  }

  private func words(
    of directive: NginxDirective, at path: DocumentPath
  ) throws(PrintError) -> [String] {
    guard !directive.name.isEmpty else { throw PrintError(at: path, "a directive has no name") }
    var words: [String] = []
    for word in [directive.name] + directive.arguments {
      guard !word.utf8.contains(0) else {
        throw PrintError(at: path, "a NUL character cannot be written")
      }
      let written = NginxWord.written(word)
      guard written.utf8.count <= NginxWord.bytesMax else {
        throw PrintError(at: path, "nginx cannot read a word of \(written.utf8.count) bytes")
      }
      words.append(written)
    }
    return words
  }

  private mutating func write(_ words: [String], indent: String) {
    let line = indent + words.joined(separator: " ") + ";"
    guard line.unicodeScalars.count > Self.columns, words.count > 2 else {
      lines.append(line)
      return
    }
    lines.append(indent + words[0] + " " + words[1])
    for word in words[2...] { lines.append(indent + "    " + word) }
    lines[lines.count - 1] += ";"
  }

  private mutating func write(
    raw text: String, of directive: NginxDirective, at path: DocumentPath, indent: String
  ) throws(PrintError) {
    guard NginxRawBlock.isOpened(by: directive.name) else {
      throw PrintError(at: path, "nginx reads directives, not text, in this block")
    }
    guard !text.utf8.contains(0) else {
      throw PrintError(at: path, "a NUL character cannot be written")
    }
    let bytes = Array(text.utf8) + [UInt8(ascii: "}")]
    guard NginxRawBlock.end(in: bytes, from: 0) == bytes.count - 1 else {
      throw PrintError(at: path, "the braces of the text do not balance")
    }
    let opening = indent + (try words(of: directive, at: path)).joined(separator: " ")
    lines.append(opening + " {" + text + "}")
  }
}
