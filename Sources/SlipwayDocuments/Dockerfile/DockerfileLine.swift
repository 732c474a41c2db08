/// One line of a Dockerfile after continuation: its bytes, and where the lines were joined.
struct DockerfileLine {
  private(set) var bytes: [UInt8] = []
  private var joints: [Int] = []
  private let escape: UInt8
  private let start: Position

  /// An empty line that starts at `start`, in a file with this escape character.
  init(escape: UInt8, start: Position) {
    self.escape = escape
    self.start = start
  }

  /// Adds a physical line.
  ///
  /// - Returns: whether it ends with the escape, not itself escaped, and so goes on.
  mutating func append(_ line: ArraySlice<UInt8>) -> Bool {
    var text = line
    while let last = text.last, last.isBlank { text = text.dropLast() }
    let continues = text.last == escape && text.dropLast().last != escape
    bytes += continues ? text.dropLast() : line
    if continues { joints.append(bytes.count) }
    return continues
  }

  /// An instruction before its here-documents are taken.
  struct Parsed {
    fileprivate(set) var keyword: String
    fileprivate(set) var flags: [LocatedFlag] = []
    fileprivate(set) var arguments: LocatedInstruction.Arguments
    fileprivate(set) var inner: [Parsed] = []
    fileprivate(set) var marks: [DockerfileHeredocMark] = []
    fileprivate let start: Position

    /// Adds the texts of the here-documents that `marks` announce.
    mutating func add(_ documents: [LocatedHeredoc]) {
      if !inner.isEmpty {
        inner[0].add(documents)
      } else if case .words(let words) = arguments {
        let announced = Set(marks.map(\.word))
        arguments = .heredocs(words.filter { !announced.contains($0) }, documents)
      }
    }

    /// The instruction that ends on this line.
    func located(lastLine: Int) -> LocatedInstruction {
      let arguments = inner.first.map { .nested($0.located(lastLine: lastLine)) } ?? arguments
      return LocatedInstruction(
        keyword: keyword, flags: flags, arguments: arguments, start: start, lastLine: lastLine)
    }
  }

  /// The instruction on the line.
  ///
  /// - Throws: `SyntaxError` for an unknown keyword, or arguments that it does not take.
  func instruction() throws(SyntaxError) -> Parsed { try instruction(from: 0, depth: 0) }

  private func fault(_ message: String) -> SyntaxError { SyntaxError(at: start, message) }

  private func text(_ range: Range<Int>) -> String { String(trimming: bytes[range]) }

  private func instruction(from first: Int, depth: Int) throws(SyntaxError) -> Parsed {
    var index = skipSpaces(first)
    let keywordStart = index
    while index < bytes.count, !bytes[index].isSpaceInLine { index += 1 }
    let keyword = text(keywordStart..<index).uppercased()
    guard let form = DockerfileGrammar.form(of: keyword) else {
      throw fault("the builder does not know the keyword \(keyword.quotedForMessage)")
    }
    var parsed = Parsed(keyword: keyword, arguments: .words([]), start: start)
    parsed.flags = takeFlags(&index)
    let rest = text(index..<bytes.count)
    guard !rest.isEmpty else { throw fault("'\(keyword)' has no arguments") }
    if form == .health || form == .instruction {
      try nest(into: &parsed, form, rest, from: index, depth: depth)
      return parsed
    }
    parsed.arguments = try arguments(form, rest, from: index, keyword)
    if DockerfileGrammar.takesHeredocs(keyword) {
      if case .exec = parsed.arguments { return parsed }
      parsed.marks = DockerfileHeredocMark.all(in: rest)
      if !parsed.marks.isEmpty {
        parsed.arguments = .words(
          DockerfileWords.split(rest, escape: UInt8(ascii: "\\"), joinsHeredocs: true))
      }
    }
    return parsed
  }

  private func nest(
    into parsed: inout Parsed, _ form: DockerfileGrammar.Form, _ rest: String, from index: Int,
    depth: Int
  ) throws(SyntaxError) {
    if form == .health, rest.uppercased() == "NONE" {
      parsed.arguments = .words(["NONE"])
      return
    }
    // One level holds another: `ONBUILD HEALTHCHECK … CMD …`.
    guard depth < 2 else { throw fault("'\(parsed.keyword)' cannot hold this instruction") }
    let inner = try instruction(from: index, depth: depth + 1)
    let fits =
      form == .health
      ? inner.keyword == "CMD" && inner.flags.isEmpty
      : !["ONBUILD", "FROM", "MAINTAINER"].contains(inner.keyword)
    guard fits else { throw fault("'\(parsed.keyword)' cannot hold '\(inner.keyword)'") }
    parsed.inner = [inner]
    parsed.marks = inner.marks
  }

  // MARK: Arguments

  private func arguments(
    _ form: DockerfileGrammar.Form, _ rest: String, from index: Int, _ keyword: String
  ) throws(SyntaxError) -> LocatedInstruction.Arguments {
    switch form {
    case .execOrShell: try array(rest) ?? .shell(pieces(from: index))
    case .execOrWords: try array(rest) ?? .words(plainWords(rest))
    case .words: .words(plainWords(rest))
    case .line: .shell(pieces(from: index))
    case .pairs: try pairs(rest, from: index, keyword)
    case .namesOrPairs: try names(rest)
    case .health, .instruction: throw fault("'\(keyword)' holds another instruction")
    }
  }

  /// The JSON array that the text is, or `nil` if it is none.
  private func array(_ rest: String) throws(SyntaxError) -> LocatedInstruction.Arguments? {
    guard rest.hasPrefix("["), let document = try? JSONReader.read(rest),
      let elements = document.root.list
    else { return nil }
    var words: [String] = []
    for element in elements {
      guard let word = element.string else {
        throw fault("the elements of an exec form must be strings")
      }
      words.append(word)
    }
    return .exec(words)
  }

  private func plainWords(_ rest: String) -> [String] {
    rest.utf8.split(whereSeparator: \.isSpaceInLine).map { String(Substring($0)) }
  }

  /// The text from here on, cut where lines were joined.
  private func pieces(from index: Int) -> [String] {
    var cuts = joints.filter { $0 > index }
    cuts.append(bytes.count)
    var from = index
    var pieces: [String] = []
    for cut in cuts {
      let piece = text(from..<cut)
      if !piece.isEmpty { pieces.append(piece) }
      from = cut
    }
    return pieces
  }

  private func names(_ rest: String) throws(SyntaxError) -> LocatedInstruction.Arguments {
    let words = DockerfileWords.split(rest, escape: escape)
    let values = words.compactMap(pair)
    return values.count == words.count ? .pairs(values) : .words(words)
  }

  private func pairs(
    _ rest: String, from index: Int, _ keyword: String
  ) throws(SyntaxError) -> LocatedInstruction.Arguments {
    let words = DockerfileWords.split(rest, escape: escape)
    if let first = words.first, !first.utf8.contains(UInt8(ascii: "=")) {
      // The old form: a name, and all behind it the value.
      let bytes = Array(rest.utf8)
      let name = bytes.prefix { !$0.isSpaceInLine }
      guard name.count < bytes.count else { throw fault("'\(keyword)' needs a name and a value") }
      let value = DockerfileValue(String(trimming: bytes[name.count...]), escape: escape)
      return .pairs([
        LocatedPair(
          name: String(decoding: name, as: UTF8.self), value: value.text,
          holdsVariables: value.holdsVariables)
      ])
    }
    let values = words.compactMap(pair)
    guard values.count == words.count else { throw fault("a value of '\(keyword)' has no name") }
    return .pairs(values)
  }

  private func pair(_ word: String) -> LocatedPair? {
    let bytes = Array(word.utf8)
    guard let equals = bytes.firstIndex(of: UInt8(ascii: "=")), equals > 0 else { return nil }
    let value = DockerfileValue(
      String(decoding: bytes[(equals + 1)...], as: UTF8.self), escape: escape)
    return LocatedPair(
      name: String(decoding: bytes[..<equals], as: UTF8.self), value: value.text,
      holdsVariables: value.holdsVariables)
  }

  // MARK: Flags

  private func skipSpaces(_ index: Int) -> Int {
    var index = index
    while index < bytes.count, bytes[index].isSpaceInLine { index += 1 }
    return index
  }

  /// Takes the words that begin with two dashes, by `extractBuilderFlags` of BuildKit.
  private func takeFlags(_ index: inout Int) -> [LocatedFlag] {
    var flags: [LocatedFlag] = []
    index = skipSpaces(index)
    while bytes[index...].starts(with: "--".utf8) {
      var word: [UInt8] = []
      var quote: UInt8?
      while index < bytes.count, quote != nil || !bytes[index].isSpaceInLine {
        let byte = bytes[index]
        index += 1
        if byte == escape {
          if index < bytes.count { word.append(bytes[index]) }
          index = min(index + 1, bytes.count)
        } else if byte == quote {
          quote = nil
        } else if quote == nil, byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
          quote = byte
        } else {
          word.append(byte)
        }
      }
      index = skipSpaces(index)
      // Two dashes alone end the flags.
      guard word.count > 2 else { return flags }
      let parts = word.dropFirst(2).split(
        separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
      flags.append(
        LocatedFlag(
          name: String(decoding: parts[0], as: UTF8.self),
          value: parts.count > 1 ? String(decoding: parts[1], as: UTF8.self) : nil))
    }
    return flags
  }
}
