/// Writes a `YAMLNode` as one YAML document.
///
/// - Block style throughout, two spaces, sequences in the column of their key (libyaml's form).
/// - A string stands plain where readers of YAML 1.1 and 1.2 agree that it is that string, else in
///   double quotes, or in single quotes if it holds a quote or a backslash.
/// - Text of several lines is a literal block, unless the block could not keep it byte for byte.
/// - Nothing is folded, no anchors, no tags, no document markers.
struct YAMLPrinter {
  private let emitter: YAMLEmitter
  /// The comments, each with the line of its key, counted from 1.
  private var comments: [YAMLComment] = []

  /// The document for this tree, ended by a line feed.
  ///
  /// - Throws: `PrintError` for a repeated key, NUL in a string or comment, nesting deeper than
  ///   `DocumentLimits.depth`, or a document larger than `DocumentLimits.bytes`.
  static func text(of root: YAMLNode) throws(PrintError) -> String {
    var census = YAMLCensus()
    try census.visit(root, depth: 0)
    var printer = YAMLPrinter(emitter: try YAMLEmitter(texts: census.texts))
    try printer.emitter.begin()
    let end = try printer.write(root, at: 1)
    let text = try printer.emitter.end()
    guard !printer.comments.isEmpty else { return text }
    return try YAMLComment.insert(printer.comments, into: text, lines: end - 1)
  }

  /// Writes a node whose text begins on a line.
  ///
  /// libyaml holds events back and does not say where it is, so the lines are counted along: its
  /// block style gives each scalar, key and element a line, and a block one for each of its own.
  ///
  /// - Returns: the line behind the node.
  private mutating func write(_ node: YAMLNode, at line: Int) throws(PrintError) -> Int {
    switch node.content {
    case .null: try emitter.scalar("null", .plain)
    case .bool(let value): try emitter.scalar(value ? "true" : "false", .plain)
    case .number(let number): try emitter.scalar(number.yamlText, .plain)
    case .string(let text):
      let style = YAMLScalarStyle(forValue: text)
      try emitter.scalar(text, style)
      return line + (style == .literal ? 1 + YAMLPrinter.linesInBlock(text) : 1)
    case .list(let elements):
      try emitter.beginList()
      var next = line
      for element in elements { next = try write(element, at: next) }
      try emitter.endList()
      return elements.isEmpty ? line + 1 : next
    case .map(let entries):
      try emitter.beginMap()
      var next = line
      for entry in entries { next = try write(entry, at: next) }
      try emitter.endMap()
      return entries.isEmpty ? line + 1 : next
    }
    return line + 1
  }

  private mutating func write(_ entry: YAMLEntry, at line: Int) throws(PrintError) -> Int {
    if let comment = entry.comment {
      comments.append(YAMLComment(line: line, lines: try CommentText.lines(of: comment, at: [])))
    }
    let isSimple = try emitter.scalar(entry.key, YAMLScalarStyle(forKey: entry.key))
    return try write(entry.value, at: isSimple && !entry.value.hasChildren ? line : line + 1)
  }

  /// A line feed at the end of a block ends its last line.
  private static func linesInBlock(_ text: String) -> Int {
    text.withBytes { bytes in
      bytes.count { $0 == 0x0A } + (bytes.last == 0x0A ? 0 : 1)
    }
  }
}

extension YAMLNode {
  /// Whether lines of its own follow the line of its key.
  fileprivate var hasChildren: Bool {
    switch content {
    case .null, .bool, .number, .string: false
    case .list(let elements): !elements.isEmpty
    case .map(let entries): !entries.isEmpty
    }
  }
}

/// What has to be known of a whole tree before its first byte is written; finding it out is also
/// where a tree is refused.
struct YAMLCensus {
  /// The strings of the tree that stand-ins are concerned with.
  private(set) var texts: [String] = []
  private var bytes = 0

  /// Visits a node and all below it.
  mutating func visit(_ node: YAMLNode, depth: Int) throws(PrintError) {
    guard depth <= DocumentLimits.depth else {
      throw PrintError(at: [], "nested deeper than \(DocumentLimits.depth) levels")
    }
    switch node.content {
    case .null, .bool, .number: break
    case .string(let text): try add(text)
    case .list(let elements):
      for (index, element) in elements.enumerated() {
        do throws(PrintError) {
          try visit(element, depth: depth + 1)
        } catch {
          throw error.inside(.index(index))
        }
      }
    case .map(let entries):
      var seen = SeenKeys()
      for entry in entries {
        do throws(PrintError) {
          guard seen.insert(entry.key) else {
            throw PrintError(at: [], "the key stands twice in its mapping")
          }
          try add(entry.key)
          if let comment = entry.comment { _ = try CommentText.lines(of: comment, at: []) }
          try visit(entry.value, depth: depth + 1)
        } catch {
          throw error.inside(.key(entry.key))
        }
      }
    }
  }

  private mutating func add(_ text: String) throws(PrintError) {
    let (hasNUL, isConcerned) = text.withBytes { bytes in
      // One walk for both: almost every string is short, plain text.
      bytes.reduce(into: (false, false)) { found, byte in
        if byte == 0 { found.0 = true }
        if YAMLStandIns.concerns(byte) { found.1 = true }
      }
    }
    guard !hasNUL else { throw PrintError(at: [], "a NUL character cannot be written") }
    bytes += text.utf8.count
    guard bytes <= DocumentLimits.bytes else {
      throw PrintError(at: [], "the document is larger than \(DocumentLimits.bytes) bytes")
    }
    if isConcerned { texts.append(text) }
  }
}

/// The keys of one mapping, compared by bytes: equality of `String` would also merge keys that only
/// look alike.
struct SeenKeys {
  /// Most mappings are small, and comparing is cheaper there than hashing.
  private static let few = 8
  private var first: [String] = []
  private var others: Set<ByteText> = []

  /// Whether the key is new.
  mutating func insert(_ key: String) -> Bool {
    if first.contains(where: { $0.isIdentical(to: key) }) { return false }
    guard first.count >= Self.few else {
      // All at once: an array that grows with each key costs more than looking for it.
      if first.isEmpty { first.reserveCapacity(Self.few) }
      first.append(key)
      return true
    }
    return others.insert(ByteText(text: key)).inserted
  }
}
