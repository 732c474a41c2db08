/// Writes one instruction.
struct DockerfileWriter {
  private(set) var lines: [String] = []
  private let escape: UInt8
  private let path: DocumentPath

  private var escapeText: String { String(decoding: [escape], as: UTF8.self) }

  /// A writer for the instruction at `path`, in a file with this escape character.
  init(escape: UInt8, path: DocumentPath) {
    self.escape = escape
    self.path = path
  }

  /// Writes a keyword with all that follows it.
  mutating func write(
    _ keyword: String, _ flags: [DockerfileFlag], _ arguments: DockerfileArguments,
    isNested: Bool
  ) throws(PrintError) {
    guard let form = DockerfileGrammar.form(of: keyword) else {
      throw fault("the builder does not know the keyword '\(keyword)'")
    }
    guard DockerfileWriter.accepts(form, arguments, keyword) else {
      throw fault("'\(keyword)' does not take arguments of this form")
    }
    if lines.isEmpty { lines.append("") }
    append(keyword)
    for flag in flags { append(try written(flag)) }
    switch arguments {
    case .shell(let pieces): try write(shell: pieces, of: keyword)
    case .exec(let words): append(try json(words))
    case .words(let words): append(try written(words, of: keyword))
    case .pairs(let pairs): try write(pairs)
    case .heredocs(let words, let documents): try write(words, documents, of: keyword)
    case .nested(let inner):
      guard case .instruction(let keyword, let flags, let arguments) = inner.content,
        !isNested || keyword == "CMD", keyword != "ONBUILD", keyword != "FROM",
        form != .health || (keyword == "CMD" && flags.isEmpty)
      else { throw fault("'\(keyword)' cannot hold this instruction") }
      try write(keyword, flags, arguments, isNested: true)
    }
  }

  /// Whether a keyword of this form takes these arguments.
  private static func accepts(
    _ form: DockerfileGrammar.Form, _ arguments: DockerfileArguments, _ keyword: String
  ) -> Bool {
    switch (form, arguments) {
    case (.execOrShell, .exec), (.execOrWords, .exec), (.execOrWords, .words): true
    // `SHELL` has an exec form only.
    case (.execOrShell, .shell): keyword != "SHELL"
    case (.words, .words), (.namesOrPairs, .words), (.health, .words): true
    case (.namesOrPairs, .pairs), (.pairs, .pairs), (.line, .shell): true
    case (_, .heredocs): DockerfileGrammar.takesHeredocs(keyword)
    case (.health, .nested), (.instruction, .nested): true
    default: false
    }
  }

  private func fault(_ message: String) -> PrintError { PrintError(at: path, message) }

  private mutating func append(_ word: String) {
    let last = lines.count - 1
    lines[last] += lines[last].isEmpty ? word : " " + word
  }

  // MARK: Shell form

  private mutating func write(shell pieces: [String], of keyword: String) throws(PrintError) {
    guard !pieces.isEmpty else { throw fault("'\(keyword)' has nothing to run") }
    for (index, piece) in pieces.enumerated() {
      guard let first = piece.unicodeScalars.first, let last = piece.unicodeScalars.last,
        !first.properties.isWhitespace, !last.properties.isWhitespace, piece.isOneDockerfileLine
      else { throw fault("a piece is empty, begins or ends with a blank, or holds a control") }
      guard piece.utf8.last != escape else { throw fault("a piece ends with the escape") }
      guard index == 0 || first != "#" else {
        throw fault("the builder would drop a continued line that begins with '#'")
      }
    }
    let line = pieces.joined(separator: " ")
    guard !line.hasPrefix("--") else { throw fault("the builder would read a flag") }
    try refuseArray(line)
    if DockerfileGrammar.takesHeredocs(keyword),
      !DockerfileHeredocMark.all(in: line).isEmpty
    {
      throw fault("the builder would read a here-document")
    }
    append(pieces[0])
    for piece in pieces.dropFirst() {
      lines[lines.count - 1] += " " + escapeText
      lines.append("  " + piece)
    }
  }

  /// Refuses text that the builder would take for the exec form, or for a broken one.
  private func refuseArray(_ line: String) throws(PrintError) {
    guard line.hasPrefix("["), (try? JSONReader.read(line)) != nil else { return }
    throw fault("the builder would read the text as a JSON array")
  }

  // MARK: Words and flags

  private func json(_ words: [String]) throws(PrintError) -> String {
    var quoted: [String] = []
    for word in words {
      guard !word.utf8.contains(0) else { throw fault("a NUL character cannot be written") }
      // A value of one line: the printer of JSON ends it with a line feed.
      let text = try JSONPrinter.text(of: .string(word))
      quoted.append(String(text.dropLast()))
    }
    return "[" + quoted.joined(separator: ", ") + "]"
  }

  private func written(_ words: [String], of keyword: String) throws(PrintError) -> String {
    guard let first = words.first, let last = words.last else {
      throw fault("'\(keyword)' has no arguments")
    }
    for word in words {
      guard !word.isEmpty, word.isOneDockerfileLine,
        !word.unicodeScalars.contains(where: \.properties.isWhitespace)
      else { throw fault("a word is empty or holds a blank or a control character") }
    }
    guard !first.hasPrefix("--"), last.utf8.last != escape else {
      throw fault("a word would be read as a flag or as a continuation")
    }
    let line = words.joined(separator: " ")
    try refuseArray(line)
    let isAmbiguous =
      switch keyword {
      // Values of `ARG` are pairs; the printer quotes those.
      case "ARG": !words.allSatisfy { !$0.contains { "=\"'\\`".contains($0) } }
      case "HEALTHCHECK": words != ["NONE"]
      case _ where DockerfileGrammar.takesHeredocs(keyword):
        !DockerfileHeredocMark.all(in: line).isEmpty
      default: false
      }
    guard !isAmbiguous else { throw fault("'\(keyword)' would read these words as another form") }
    return line
  }

  private func written(_ flag: DockerfileFlag) throws(PrintError) -> String {
    let name = flag.name.utf8
    guard !name.isEmpty, name.allSatisfy({ $0.isASCIILetter || $0 == UInt8(ascii: "-") }) else {
      throw fault("a flag has no name, or one with other characters than letters")
    }
    guard let value = flag.value else { return "--" + flag.name }
    // The builder reads flags byte by byte, and what is not ASCII would change.
    guard value.isOneDockerfileLine, value.utf8.allSatisfy({ $0 < 0x80 }) else {
      throw fault("the value of '--\(flag.name)' holds a control or a character outside ASCII")
    }
    let needsQuotes = value.utf8.contains {
      $0.isBlank || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "'") || $0 == escape
    }
    return "--\(flag.name)=" + (needsQuotes ? quoted(value, keepingDollars: true) : value)
  }

  // MARK: Pairs

  private mutating func write(_ pairs: [DockerfilePair]) throws(PrintError) {
    guard !pairs.isEmpty else { throw fault("no names with values are given") }
    for (index, pair) in pairs.enumerated() {
      let name = Array(pair.name.utf8)
      let isName = name.allSatisfy {
        $0.isASCIILetter || $0.isASCIIDigit || "_.-/".utf8.contains($0)
      }
      guard !name.isEmpty, isName, !pair.name.hasPrefix("--"), pair.value.isOneDockerfileLine else {
        throw fault("a name has other characters than a variable, or a value holds a control")
      }
      let isBare = pair.value.utf8.allSatisfy {
        $0.isASCIILetter || $0.isASCIIDigit || "_./:@%+,=-".utf8.contains($0)
      }
      if index > 0 {
        lines[lines.count - 1] += " " + escapeText
        lines.append("   ")
      }
      let value = isBare ? pair.value : quoted(pair.value, keepingDollars: pair.expandsVariables)
      append(pair.name + "=" + value)
    }
  }

  private func quoted(_ value: String, keepingDollars: Bool) -> String {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in value.utf8 {
      let isDollar = byte == UInt8(ascii: "$") && !keepingDollars
      if isDollar || byte == UInt8(ascii: "\"") || byte == escape { result.append(escape) }
      result.append(byte)
    }
    return String(decoding: result + [UInt8(ascii: "\"")], as: UTF8.self)
  }

  // MARK: Here-documents

  private mutating func write(
    _ words: [String], _ documents: [DockerfileHeredoc], of keyword: String
  ) throws(PrintError) {
    guard !documents.isEmpty else { throw fault("no here-document is given") }
    let marks = documents.map { document in
      document.expandsVariables ? "<<" + document.name : "<<'" + document.name + "'"
    }
    if !words.isEmpty { _ = try written(words, of: keyword) }
    // A command comes before its input, files before their destination.
    for word in keyword == "RUN" ? words + marks : marks + words { append(word) }
    for document in documents {
      let isName = document.name.utf8.allSatisfy {
        $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_")
      }
      guard isName, !document.name.isEmpty else {
        throw fault("the name of a here-document is letters, digits and underscores")
      }
      guard !document.text.utf8.contains(0),
        document.text.isEmpty
          || document.text.utf8.last == 0x0A
      else { throw fault("a here-document holds NUL, or does not end its last line") }
      var pieces = document.text.linesByFeed.map(String.init)
      pieces.removeLast()
      // The builder ignores a carriage return before the end of the line it compares.
      let ends = pieces.contains { $0.trimmingCarriageReturns == document.name }
      guard !ends else { throw fault("a line of the here-document would end it") }
      lines += pieces + [document.name]
    }
  }
}

extension String {
  /// The string without carriage returns at its end.
  var trimmingCarriageReturns: String {
    var bytes = Array(utf8)
    while bytes.last == 0x0D { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}
