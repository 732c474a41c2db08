package import SlipwayDiagnostics

/// A document that has no tree: a shell script, a runbook, a page in Markdown or HTML.
package struct TextDocument: Hashable, Sendable {
  /// How the text writes a comment, and so its header.
  package enum CommentStyle: Hashable, Sendable {
    /// `# text`: shell, Python, INI, Makefile.
    case hash
    /// `-- text`: SQL, Lua.
    case dashes
    /// `<!-- text -->`: Markdown, HTML.
    case markup
    /// The format has no comments, so the document has no header.
    case none
  }

  /// The lines, without their line feeds.
  package var lines: [TextLine]
  /// How the text writes a comment.
  package var comments: CommentStyle

  /// A document of these lines.
  package init(_ lines: [TextLine], comments: CommentStyle) {
    self.lines = lines
    self.comments = comments
  }

  /// A document from text that is already whole, such as a rendered template; every line has these
  /// origins. A line feed at the end does not begin another line.
  package init(_ text: String, comments: CommentStyle, from origins: [Origin] = []) {
    var pieces = text.linesByFeed
    if pieces.last?.isEmpty == true { pieces.removeLast() }
    self.init(pieces.map { TextLine(String($0), from: origins) }, comments: comments)
  }

  /// The same document with the header where its syntax wants it.
  ///
  /// - Throws: `PrintError` if the header cannot be a comment of this style.
  func headed(by header: Header?) throws(PrintError) -> TextDocument {
    guard let header, comments != .none else { return self }
    let sentence = try header.checkedSentence()
    var copy = self
    let line: String
    switch comments {
    case .hash: line = CommentText.line(sentence)
    case .dashes: line = CommentText.line(sentence, marker: "--")
    case .markup:
      // `--` may not stand inside a comment of HTML before its last version, nor of XML.
      guard !sentence.contains("--"), !sentence.contains(">") else {
        throw PrintError(at: [], "the header would end the comment it stands in")
      }
      line = "<!-- \(sentence) -->"
    case .none: return self
    }
    let first = lines.first?.text ?? ""
    let isSpecial = first.hasPrefix("#!") || first.hasPrefix("<!DOCTYPE")
    copy.lines.insert(TextLine(line), at: isSpecial ? 1 : 0)
    return copy
  }

  /// The lines, each ended by a line feed.
  ///
  /// - Throws: `PrintError` for a line feed or NUL inside a line.
  func printed() throws(PrintError) -> String {
    var text = ""
    for (index, line) in lines.enumerated() {
      guard line.text.withBytes({ bytes in bytes.allSatisfy { $0 != 0x0A && $0 != 0 } }) else {
        throw PrintError(at: [.index(index)], "a line holds a line feed or NUL")
      }
      text += line.text
      text += "\n"
    }
    return text
  }
}

/// One line of a text document.
package struct TextLine: Hashable, Sendable, ExpressibleByStringInterpolation {
  /// The line without its line feed.
  package var text: String
  /// Where the line was written: a sorted set, empty for what the generator itself decided.
  package private(set) var origins: [Origin]

  /// A line with these origins.
  package init(_ text: String, from origins: [Origin] = []) {
    self.text = text
    self.origins = origins.normalised
  }

  package init(stringLiteral value: String) { self.init(value) }
}
