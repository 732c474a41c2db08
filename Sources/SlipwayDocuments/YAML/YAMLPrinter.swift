/// Writes a `YAMLNode` as one YAML document.
///
/// - Block style throughout, two spaces, sequences in the column of their key (libyaml's form).
/// - A string stands plain where readers of YAML 1.1 and 1.2 agree that it is that string, else in
///   double quotes, or in single quotes if it holds a quote or a backslash.
/// - Text of several lines is a literal block, unless the block could not keep it byte for byte.
/// - Nothing is folded, no anchors, no tags, no document markers.
struct YAMLPrinter {
  private let emitter: YAMLEmitter
  private let hasComments: Bool

  /// The document for this tree, ended by a line feed.
  ///
  /// - Throws: `PrintError` for a repeated key, NUL in a string or comment, nesting deeper than
  ///   `DocumentLimits.depth`, or a document larger than `DocumentLimits.bytes`.
  static func text(of root: YAMLNode) throws(PrintError) -> String {
    var census = YAMLCensus()
    try census.visit(root)
    let printer = YAMLPrinter(
      emitter: try YAMLEmitter(texts: census.texts), hasComments: !census.comments.isEmpty)
    try printer.emitter.begin()
    try printer.write(root)
    let text = try printer.emitter.end()
    return printer.hasComments ? try YAMLComments.insert(census.comments, into: text) : text
  }

  private func write(_ node: YAMLNode) throws(PrintError) {
    switch node.content {
    case .null:
      try emitter.scalar("null", .plain)
    case .bool(let value):
      try emitter.scalar(value ? "true" : "false", .plain)
    case .number(let number):
      try emitter.scalar(number.yamlText, .plain)
    case .string(let text):
      try emitter.scalar(text, YAMLScalarStyle(forValue: text))
    case .list(let elements):
      try emitter.beginList()
      for element in elements { try write(element) }
      try emitter.endList()
    case .map(let entries):
      try emitter.beginMap()
      for entry in entries {
        try emitter.scalar(entry.key, YAMLScalarStyle(forKey: entry.key))
        try write(entry.value)
      }
      try emitter.endMap()
    }
  }
}

/// What has to be known of a whole tree before its first byte is written; finding it out is also
/// where a tree is refused.
struct YAMLCensus {
  /// Every string of the tree.
  private(set) var texts: [String] = []
  /// The comments, each with the number of its mapping key in document order, counted from 0.
  private(set) var comments: [(key: Int, lines: [String])] = []
  private var keys = 0
  private var bytes = 0

  /// Visits a tree from its root.
  mutating func visit(_ root: YAMLNode) throws(PrintError) {
    var path = DocumentPath()
    try visit(root, at: &path)
  }

  /// Visits a node and all below it; `path` grows and shrinks on the way.
  private mutating func visit(
    _ node: YAMLNode, at path: inout DocumentPath
  ) throws(PrintError) {
    guard path.steps.count <= DocumentLimits.depth else {
      throw PrintError(at: path, "nested deeper than \(DocumentLimits.depth) levels")
    }
    switch node.content {
    case .null, .bool, .number: break
    case .string(let text): try add(text, at: path)
    case .list(let elements):
      for (index, element) in elements.enumerated() {
        path.steps.append(.index(index))
        try visit(element, at: &path)
        path.steps.removeLast()
      }
    case .map(let entries):
      var seen = SeenKeys()
      for entry in entries {
        path.steps.append(.key(entry.key))
        guard seen.insert(entry.key) else {
          throw PrintError(at: path, "the key stands twice in its mapping")
        }
        try add(entry.key, at: path)
        if let comment = entry.comment {
          comments.append((keys, try CommentText.lines(of: comment, at: path)))
        }
        keys += 1
        try visit(entry.value, at: &path)
        path.steps.removeLast()
      }
    }
  }

  private mutating func add(_ text: String, at path: DocumentPath) throws(PrintError) {
    guard !text.utf8.contains(0) else {
      throw PrintError(at: path, "a NUL character cannot be written")
    }
    bytes += text.utf8.count
    guard bytes <= DocumentLimits.bytes else {
      throw PrintError(at: path, "the document is larger than \(DocumentLimits.bytes) bytes")
    }
    texts.append(text)
  }
}

/// The keys of one mapping, compared by bytes: equality of `String` would also merge keys that only
/// look alike.
struct SeenKeys {
  /// Most mappings are small, and comparing is cheaper there than hashing.
  private static let few = 8
  private var first: [String] = []
  private var others: Set<[UInt8]> = []

  /// Whether the key is new.
  mutating func insert(_ key: String) -> Bool {
    if first.contains(where: { $0.utf8.elementsEqual(key.utf8) }) { return false }
    guard first.count >= Self.few else {
      first.append(key)
      return true
    }
    return others.insert(Array(key.utf8)).inserted
  }
}
