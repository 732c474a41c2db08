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
    try census.visit(root, at: [], depth: 0)
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

  /// Visits a node and all below it.
  mutating func visit(
    _ node: YAMLNode, at path: DocumentPath, depth: Int
  ) throws(PrintError) {
    guard depth <= DocumentLimits.depth else {
      throw PrintError(at: path, "nested deeper than \(DocumentLimits.depth) levels")
    }
    switch node.content {
    case .null, .bool, .number: break
    case .string(let text): try add(text, at: path)
    case .list(let elements):
      for (index, element) in elements.enumerated() {
        try visit(element, at: path.appending(.index(index)), depth: depth + 1)
      }
    case .map(let entries):
      var seen: Set<[UInt8]> = []
      for entry in entries {
        let here = path.appending(.key(entry.key))
        // By bytes: equality of `String` would also merge keys that only look alike.
        guard seen.insert(Array(entry.key.utf8)).inserted else {
          throw PrintError(at: here, "the key stands twice in its mapping")
        }
        try add(entry.key, at: here)
        if let comment = entry.comment {
          comments.append((keys, try CommentText.lines(of: comment, at: here)))
        }
        keys += 1
        try visit(entry.value, at: here, depth: depth + 1)
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
