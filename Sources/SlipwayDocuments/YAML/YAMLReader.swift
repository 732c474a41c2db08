/// Reads YAML into located values, over libyaml's parser.
///
/// - Aliases are replaced by what they name and merge keys (`<<`) by the entries they bring; both
///   count against `DocumentLimits`, so that no file can grow on the way.
/// - Plain scalars mean what `YAMLResolution` says. A tag of the core schema decides instead of the
///   form of its scalar; every other tag is kept beside the value.
/// - Keys are text, as they are written; a key that stands twice in its mapping is refused.
/// - Positions are libyaml's, which also ends lines at a lone carriage return, NEL, LS and PS.
package struct YAMLReader {
  private struct Anchor {
    var value: LocatedValue
    var nodes: Int
    var height: Int
  }

  private struct Built {
    var value: LocatedValue
    var nodes = 1
    var height = 0
  }

  private let stream: YAMLEventStream
  private var anchors: [String: Anchor] = [:]
  private var openAnchors: Set<String> = []
  private var nodes = 0

  /// All documents in these bytes; none for an empty file.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func readAll(bytes: [UInt8]) throws(SyntaxError) -> [LocatedDocument] {
    var reader = YAMLReader(stream: try YAMLEventStream(bytes: bytes))
    var documents: [LocatedDocument] = []
    while let event = try reader.stream.next() {
      switch event.kind {
      case .documentStart:
        reader.anchors = [:]
        documents.append(LocatedDocument(try reader.nextNode(depth: 0).value))
      default: continue
      }
    }
    return documents
  }

  /// The only document in these bytes.
  ///
  /// - Throws: `SyntaxError` at the first fault, for what exceeds `DocumentLimits`, and if there is
  ///   no document or more than one.
  package static func read(bytes: [UInt8]) throws(SyntaxError) -> LocatedDocument {
    let documents = try readAll(bytes: bytes)
    guard let first = documents.first else {
      throw SyntaxError(at: Position(line: 1, column: 1), "the file is empty")
    }
    guard documents.count == 1 else {
      throw SyntaxError(at: documents[1].root.start, "the file has more than one document")
    }
    return first
  }

  /// The only document in this text.
  ///
  /// - Throws: `SyntaxError` as `read(bytes:)` does.
  package static func read(_ text: String) throws(SyntaxError) -> LocatedDocument {
    try read(bytes: Array(text.utf8))
  }

  private init(stream: YAMLEventStream) { self.stream = stream }

  private mutating func nextNode(depth: Int) throws(SyntaxError) -> Built {
    guard let event = try stream.next() else {
      throw SyntaxError(at: Position(line: 1, column: 1), "the document ends too early")
    }
    return try node(event, depth: depth)
  }

  private mutating func node(_ event: YAMLEvent, depth: Int) throws(SyntaxError) -> Built {
    guard depth <= DocumentLimits.depth else { throw tooDeep(event.start) }
    try count(1, at: event.start)
    if case .alias(let name) = event.kind {
      return try alias(name, event, depth: depth)
    }
    // A redefined anchor counts from here, also inside its own node.
    if let anchor = event.anchor {
      anchors[anchor] = nil
      openAnchors.insert(anchor)
    }
    var built: Built
    switch event.kind {
    case .scalar(let text, let isPlain): built = Built(value: try scalar(text, isPlain, event))
    case .listStart: built = try list(event, depth: depth)
    case .mapStart: built = try map(event, depth: depth)
    default: throw SyntaxError(at: event.start, "expected a value")
    }
    built.value.tag = event.tag
    if let anchor = event.anchor {
      openAnchors.remove(anchor)
      anchors[anchor] = Anchor(value: built.value, nodes: built.nodes, height: built.height)
    }
    return built
  }

  private mutating func count(_ more: Int, at position: Position) throws(SyntaxError) {
    nodes += more
    guard nodes <= DocumentLimits.nodes else {
      throw SyntaxError(at: position, "more than \(DocumentLimits.nodes) values")
    }
  }

  private func tooDeep(_ position: Position) -> SyntaxError {
    SyntaxError(at: position, "nested deeper than \(DocumentLimits.depth) levels")
  }

  private mutating func alias(
    _ name: String, _ event: YAMLEvent, depth: Int
  ) throws(SyntaxError) -> Built {
    guard !openAnchors.contains(name) else {
      throw SyntaxError(at: event.start, "the alias '*\(name)' stands inside its own anchor")
    }
    guard let anchor = anchors[name] else {
      throw SyntaxError(at: event.start, "no anchor '&\(name)' before this alias")
    }
    guard depth + anchor.height <= DocumentLimits.depth else { throw tooDeep(event.start) }
    try count(anchor.nodes, at: event.start)
    var value = anchor.value
    value.isAlias = true
    value.start = event.start
    value.lastLine = event.end.line
    return Built(value: value, nodes: anchor.nodes, height: anchor.height)
  }

  // MARK: Scalars

  private func scalar(
    _ text: String, _ isPlain: Bool, _ event: YAMLEvent
  ) throws(SyntaxError) -> LocatedValue {
    // A block scalar ends where the next line begins.
    let endsBefore = event.end.column == 1 && event.end.line > event.start.line
    let lastLine = event.end.line - (endsBefore ? 1 : 0)
    guard let tag = event.tag else {
      return LocatedValue(
        isPlain ? YAMLResolution.content(of: text) : .string(text), start: event.start,
        lastLine: lastLine)
    }
    let plain = YAMLResolution.content(of: text)
    let content: LocatedValue.Content
    switch (tag, plain) {
    case ("!", _), ("tag:yaml.org,2002:str", _), ("tag:yaml.org,2002:binary", _):
      content = .string(text)
    case ("tag:yaml.org,2002:null", .null), ("tag:yaml.org,2002:bool", .bool),
      ("tag:yaml.org,2002:int", .number), ("tag:yaml.org,2002:float", .number):
      content = plain
    case ("tag:yaml.org,2002:null", _), ("tag:yaml.org,2002:bool", _),
      ("tag:yaml.org,2002:int", _), ("tag:yaml.org,2002:float", _):
      throw SyntaxError(at: event.start, "\(text.quotedForMessage) does not fit its tag")
    default: content = isPlain ? plain : .string(text)
    }
    return LocatedValue(content, start: event.start, lastLine: lastLine)
  }

  // MARK: Collections

  private mutating func list(_ start: YAMLEvent, depth: Int) throws(SyntaxError) -> Built {
    var elements: [LocatedValue] = []
    var built = Built(value: LocatedValue(.null, start: start.start, lastLine: start.end.line))
    while let event = try stream.next() {
      if case .listEnd = event.kind {
        finish(&built, at: event)
        built.value.content = .list(elements)
        return built
      }
      let element = try node(event, depth: depth + 1)
      adopt(element, into: &built)
      elements.append(element.value)
    }
    throw SyntaxError(at: start.start, "the sequence does not end")
  }

  private mutating func map(_ start: YAMLEvent, depth: Int) throws(SyntaxError) -> Built {
    var members: [LocatedMember] = []
    var merged: [LocatedMember] = []
    var seen = SeenKeys()
    var built = Built(value: LocatedValue(.null, start: start.start, lastLine: start.end.line))
    while let event = try stream.next() {
      if case .mapEnd = event.kind {
        finish(&built, at: event)
        for member in merged where seen.insert(member.key) {
          members.append(member)
        }
        built.value.content = .map(members)
        return built
      }
      let key = try key(event, depth: depth)
      let value = try nextNode(depth: depth + 1)
      adopt(value, into: &built)
      if key.isMerge {
        guard merged.isEmpty else {
          throw SyntaxError(at: event.start, "a mapping has one merge key; give it a sequence")
        }
        merged = try self.merged(value.value, at: event.start)
        continue
      }
      guard seen.insert(key.text) else {
        throw SyntaxError(
          at: event.start, "the key \(key.text.quotedForMessage) stands twice in its mapping")
      }
      members.append(LocatedMember(key: key.text, keyStart: event.start, value: value.value))
    }
    throw SyntaxError(at: start.start, "the mapping does not end")
  }

  private func adopt(_ child: Built, into parent: inout Built) {
    parent.nodes += child.nodes
    parent.height = max(parent.height, child.height + 1)
    parent.value.lastLine = max(parent.value.lastLine, child.value.lastLine)
  }

  /// A collection in brackets ends at its bracket; one in block style with its last child, since
  /// libyaml only notices its end at the next token.
  private func finish(_ built: inout Built, at end: YAMLEvent) {
    if end.start != end.end { built.value.lastLine = end.end.line }
  }

  private mutating func key(
    _ event: YAMLEvent, depth: Int
  ) throws(SyntaxError) -> (text: String, isMerge: Bool) {
    if case .scalar("<<", isPlain: true) = event.kind, event.tag == nil { return ("<<", true) }
    // Almost every key; what it would mean as a value does not matter.
    if case .scalar(let text, _) = event.kind, event.tag == nil, event.anchor == nil {
      guard depth < DocumentLimits.depth else { throw tooDeep(event.start) }
      try count(1, at: event.start)
      return (text, false)
    }
    guard let text = try node(event, depth: depth + 1).value.keyText(event) else {
      throw SyntaxError(at: event.start, "a key must be text")
    }
    return (text, false)
  }

  /// The entries that a merge key brings in: those of a mapping, or of several, the first of which
  /// wins.
  private mutating func merged(
    _ value: LocatedValue, at position: Position
  ) throws(SyntaxError) -> [LocatedMember] {
    var result: [LocatedMember] = []
    for source in value.list ?? [value] {
      guard let members = source.map else {
        throw SyntaxError(at: position, "a merge key takes a mapping or a sequence of mappings")
      }
      for var member in members {
        member.isMerged = true
        result.append(member)
      }
    }
    return result
  }
}

extension LocatedValue {
  /// The text of a scalar key as it is written, or `nil` for a collection.
  fileprivate func keyText(_ event: YAMLEvent) -> String? {
    if case .scalar(let text, _) = event.kind { return text }
    return scalarText
  }
}
