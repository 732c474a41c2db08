/// Writes directives as an nginx configuration: two spaces, one directive a line, an empty line
/// before a block that is not the first of its parent.
///
/// A simple directive wider than `columns` puts each argument behind the first on a line of its
/// own.
struct NginxPrinter {
  private static let columns = 100
  private var text = ""

  /// The text of these directives, ended by a line feed.
  ///
  /// - Throws: `PrintError` for an empty name, a word that nginx cannot read (NUL, or longer than
  ///   4,095 bytes), a raw block whose braces do not balance, or nesting deeper than
  ///   `DocumentLimits.depth`.
  static func text(of nodes: [NginxNode]) throws(PrintError) -> String {
    var printer = NginxPrinter()
    try printer.write(nodes, depth: 0)
    return printer.text
  }

  private mutating func line(_ line: String) {
    text += line
    text += "\n"
  }

  private mutating func write(_ nodes: [NginxNode], depth: Int) throws(PrintError) {
    guard depth <= DocumentLimits.depth else {
      throw PrintError(at: [], "nested deeper than \(DocumentLimits.depth) levels")
    }
    let indent = String(repeating: "  ", count: depth)
    for (index, node) in nodes.enumerated() {
      if index > 0, beginsParagraph(nodes, index) { line("") }
      do throws(PrintError) {
        try write(node, depth: depth, indent: indent)
      } catch {
        throw Self.step(to: index, of: nodes).map(error.inside) ?? error
      }
    }
  }

  /// The step to a node among its siblings; a comment is no step.
  private static func step(to index: Int, of nodes: [NginxNode]) -> PathStep? {
    var steps = SiblingCounter()
    return nodes[...index].map { node in node.name.map { steps.next($0) } }.last ?? nil
  }

  private mutating func write(
    _ node: NginxNode, depth: Int, indent: String
  ) throws(PrintError) {
    switch node.content {
    case .comment(let text):
      for comment in try CommentText.lines(of: text, at: []) {
        line(indent + CommentText.line(comment))
      }
    case .simple(let directive):
      write(try words(of: directive), indent: indent)
    case .block(let directive, let children):
      let opening = indent + (try words(of: directive)).joined(separator: " ")
      guard !children.isEmpty else { return line(opening + " {}") }
      line(opening + " {")
      try write(children, depth: depth + 1)
      line(indent + "}")
    case .raw(let directive, let text):
      try write(raw: text, of: directive, indent: indent)
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

  private func words(of directive: NginxDirective) throws(PrintError) -> [String] {
    guard !directive.name.isEmpty else { throw PrintError(at: [], "a directive has no name") }
    var words: [String] = []
    words.reserveCapacity(directive.arguments.count + 1)
    words.append(try Self.word(directive.name))
    for argument in directive.arguments { words.append(try Self.word(argument)) }
    return words
  }

  private static func word(_ word: String) throws(PrintError) -> String {
    guard !word.withBytes({ $0.contains(0) }) else {
      throw PrintError(at: [], "a NUL character cannot be written")
    }
    let written = NginxWord.written(word)
    guard written.utf8.count <= NginxWord.bytesMax else {
      throw PrintError(at: [], "nginx cannot read a word of \(written.utf8.count) bytes")
    }
    return written
  }

  private mutating func write(_ words: [String], indent: String) {
    // A character is at least one byte, so most lines need not be counted.
    let bytes = words.reduce(indent.utf8.count + words.count) { $0 + $1.utf8.count }
    guard bytes > Self.columns, words.count > 2,
      words.reduce(indent.utf8.count + words.count, { $0 + $1.unicodeScalars.count })
        > Self.columns
    else {
      text += indent
      for (index, word) in words.enumerated() {
        if index > 0 { text += " " }
        text += word
      }
      text += ";\n"
      return
    }
    line(indent + words[0] + " " + words[1])
    for word in words[2...].dropLast() { line(indent + "    " + word) }
    line(indent + "    " + words[words.count - 1] + ";")
  }

  private mutating func write(
    raw text: String, of directive: NginxDirective, indent: String
  ) throws(PrintError) {
    guard NginxRawBlock.isOpened(by: directive.name) else {
      throw PrintError(at: [], "nginx reads directives, not text, in this block")
    }
    guard !text.utf8.contains(0) else {
      throw PrintError(at: [], "a NUL character cannot be written")
    }
    let bytes = Array(text.utf8) + [UInt8(ascii: "}")]
    guard NginxRawBlock.end(in: bytes, from: 0) == bytes.count - 1 else {
      throw PrintError(at: [], "the braces of the text do not balance")
    }
    let opening = indent + (try words(of: directive)).joined(separator: " ")
    line(opening + " {" + text + "}")
  }
}

extension NginxNode {
  /// The name of the directive; `nil` for a comment.
  fileprivate var name: String? {
    switch content {
    case .simple(let directive), .block(let directive, _), .raw(let directive, _): directive.name
    case .comment: nil
    }
  }
}
