/// Reads Dockerfiles as BuildKit's parser does
/// (https://github.com/moby/buildkit/blob/master/frontend/dockerfile/parser/parser.go),
/// and keeps comments. Variables are not expanded.
package struct DockerfileReader {
  private var cursor: ByteCursor
  private var escape: UInt8 = UInt8(ascii: "\\")
  private var takesDirectives = true
  private var directives: Set<String> = []
  private var found: [LocatedInstruction] = []

  /// The file in these bytes.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func read(bytes: [UInt8]) throws(SyntaxError) -> LocatedDockerfile {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var reader = DockerfileReader(
      cursor: try ByteCursor(hasMark ? Array(bytes.dropFirst(3)) : bytes))
    while !reader.cursor.isAtEnd {
      guard reader.found.count < DocumentLimits.nodes else {
        throw reader.cursor.fault("more than \(DocumentLimits.nodes) instructions")
      }
      try reader.next()
    }
    return LocatedDockerfile(reader.found)
  }

  /// The file in this text.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func read(_ text: String) throws(SyntaxError) -> LocatedDockerfile {
    try read(bytes: Array(text.utf8))
  }

  private init(cursor: ByteCursor) { self.cursor = cursor }

  /// Takes one line without its end.
  private mutating func takeLine() -> ArraySlice<UInt8> {
    var line = cursor.take { $0 != 0x0A }
    cursor.take()
    while line.last == 0x0D { line = line.dropLast() }
    return line
  }

  private mutating func next() throws(SyntaxError) {
    cursor.take(while: \.isSpaceInLine)
    let start = cursor.position
    if cursor.next == UInt8(ascii: "#") {
      let text = takeLine().dropFirst()
      return try comment(text, start)
    }
    takesDirectives = false
    if cursor.next == 0x0A || cursor.isAtEnd {
      cursor.take()
      return
    }
    var line = DockerfileLine(escape: escape, start: start)
    var lastLine = start.line
    var continues = line.append(takeLine())
    while continues, !cursor.isAtEnd {
      lastLine = cursor.position.line
      let more = takeLine()
      // Comments and empty lines do not end a continuation.
      let text = more.trimmed
      if text.isEmpty || text.first == UInt8(ascii: "#") { continue }
      continues = line.append(more)
    }
    guard !line.bytes[...].trimmed.isEmpty else { return }
    var parsed = try line.instruction()
    if !parsed.marks.isEmpty { lastLine = try heredocs(of: &parsed, start) }
    found.append(parsed.located(lastLine: lastLine))
  }

  private mutating func comment(
    _ bytes: ArraySlice<UInt8>, _ start: Position
  ) throws(SyntaxError) {
    // One blank belongs to the mark; others are the author's.
    let body = bytes.first == 0x20 ? bytes.dropFirst() : bytes
    let text = String(decoding: body, as: UTF8.self)
    var keyword = "#"
    var value = text
    if takesDirectives, let directive = DockerfileGrammar.parserDirective(text[...]) {
      guard directives.insert(directive.name).inserted else {
        throw SyntaxError(at: start, "the parser directive '\(directive.name)' stands twice")
      }
      if directive.name == "escape" {
        guard directive.value == "\\" || directive.value == "`",
          let byte = directive.value.utf8.first
        else { throw SyntaxError(at: start, "only '\\' or '`' can be the escape") }
        escape = byte
      }
      keyword = "# " + directive.name
      value = directive.value
    } else {
      takesDirectives = false
    }
    found.append(
      LocatedInstruction(
        keyword: keyword, flags: [], arguments: .shell([value]), start: start,
        lastLine: start.line))
  }

  /// Takes the here-documents that an instruction announces.
  ///
  /// - Returns: the line of the last one's end.
  private mutating func heredocs(
    of parsed: inout DockerfileLine.Parsed, _ start: Position
  ) throws(SyntaxError) -> Int {
    var documents: [LocatedHeredoc] = []
    var lastLine = start.line
    for mark in parsed.marks {
      var text: [UInt8] = []
      var ends = false
      while !ends, !cursor.isAtEnd {
        lastLine = cursor.position.line
        var line = cursor.take { $0 != 0x0A }
        if mark.cutsTabs { line = line.drop { $0 == 0x09 } }
        let end = cursor.take()
        ends = String(decoding: line, as: UTF8.self).trimmingCarriageReturns == mark.name
        if !ends { text += line + (end.map { [$0] } ?? []) }
      }
      guard ends else {
        throw SyntaxError(at: start, "the here-document '\(mark.name)' does not end")
      }
      documents.append(
        LocatedHeredoc(
          name: mark.name, expandsVariables: mark.expandsVariables,
          text: String(decoding: text, as: UTF8.self)))
    }
    parsed.add(documents)
    return lastLine
  }
}
