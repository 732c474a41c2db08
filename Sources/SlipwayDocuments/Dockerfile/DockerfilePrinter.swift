/// Writes instructions as a Dockerfile: keywords in capitals, one continued line a piece, an empty
/// line before each stage but the first.
struct DockerfilePrinter {
  private var lines: [String] = []
  private var escape: UInt8 = UInt8(ascii: "\\")
  // Parser directives count only before everything else, and so a comment up there must not look
  // like one.
  private var takesDirectives = true
  private var directives: Set<String> = []

  /// The text of these instructions, ended by a line feed.
  ///
  /// - Throws: `PrintError` for an unknown keyword, arguments in a form that the keyword does not
  ///   take, and text that the builder would read as something else: a control character, a line
  ///   that continues by accident, a shell command that is a JSON array.
  static func text(of instructions: [DockerfileInstruction]) throws(PrintError) -> String {
    var printer = DockerfilePrinter()
    var steps = SiblingCounter()
    var hasStage = false
    for (index, instruction) in instructions.enumerated() {
      if hasStage, beginsStage(instructions, index) { printer.lines.append("") }
      switch instruction.content {
      case .parserDirective(let name, let value):
        let path: DocumentPath = [steps.next("# " + name)]
        try printer.write(directive: name, value, at: path)
      case .comment(let text):
        for line in try CommentText.lines(of: text, at: [.nth("#", index)]) {
          try printer.write(comment: line, at: [steps.next("#")])
        }
      case .instruction(let keyword, let flags, let arguments):
        let path: DocumentPath = [steps.next(keyword)]
        printer.takesDirectives = false
        hasStage = hasStage || keyword == "FROM"
        var writer = DockerfileWriter(escape: printer.escape, path: path)
        try writer.write(keyword, flags, arguments, isNested: false)
        printer.lines += writer.lines
      }
    }
    return printer.lines.isEmpty ? "" : printer.lines.joined(separator: "\n") + "\n"
  }

  private mutating func write(
    directive name: String, _ value: String, at path: DocumentPath
  ) throws(PrintError) {
    guard takesDirectives else {
      throw PrintError(at: path, "a parser directive must precede comments and instructions")
    }
    let line = "# \(name)=\(value)"
    let read = DockerfileGrammar.parserDirective(line.dropFirst(2))
    guard let read, read.name == name, read.value == value, value.isOneDockerfileLine else {
      throw PrintError(at: path, "this is no parser directive")
    }
    guard directives.insert(name).inserted else {
      throw PrintError(at: path, "the parser directive stands twice")
    }
    if name == "escape" {
      guard value == "\\" || value == "`", let byte = value.utf8.first else {
        throw PrintError(at: path, "only a backslash or a backtick can be the escape")
      }
      escape = byte
    }
    lines.append(line)
  }

  private mutating func write(comment text: String, at path: DocumentPath) throws(PrintError) {
    guard !takesDirectives || DockerfileGrammar.parserDirective(text[...]) == nil else {
      throw PrintError(at: path, "the builder would take the comment for a parser directive")
    }
    takesDirectives = false
    lines.append(CommentText.line(text))
  }

  /// A stage begins with `FROM`, or with the comment above one.
  private static func beginsStage(_ all: [DockerfileInstruction], _ index: Int) -> Bool {
    if case .comment = all[index - 1].content { return false }
    let follower = all[index...].first { instruction in
      if case .comment = instruction.content { false } else { true }
    }
    guard case .instruction("FROM", _, _)? = follower?.content else { return false }
    return true
  }
}

extension String {
  /// Whether the text can stand on one line of a Dockerfile: no control character but tab.
  var isOneDockerfileLine: Bool {
    utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
  }
}
