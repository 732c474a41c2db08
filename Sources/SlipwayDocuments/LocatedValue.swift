/// A value that was read from YAML or JSON, with its place.
package struct LocatedValue: Hashable, Sendable {
  /// What the value holds.
  package enum Content: Hashable, Sendable {
    /// `null`, `~`, or nothing at all.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number as it is written.
    case number(String)
    /// Text.
    case string(String)
    /// A sequence or array.
    case list([LocatedValue])
    /// A mapping or object.
    case map([LocatedMember])
  }

  /// What the value holds.
  package var content: Content
  /// Where the value starts.
  package var start: Position
  /// The last line that the value covers.
  package var lastLine: Int
  /// The tag that the text gives the value, if any: `!reset`, `tag:yaml.org,2002:str`.
  package var tag: String?
  /// Whether the text has an alias here; the content then stands where the anchor is.
  package var isAlias: Bool

  /// A value at this place.
  init(
    _ content: Content, start: Position, lastLine: Int, tag: String? = nil, isAlias: Bool = false
  ) {
    self.content = content
    self.start = start
    self.lastLine = lastLine
    self.tag = tag
    self.isAlias = isAlias
  }

  /// The value of this key of a mapping; `nil` for other values and other keys.
  package subscript(key: String) -> LocatedValue? {
    member(key)?.value
  }

  /// The element with this index of a sequence; `nil` for other values and other indices.
  package subscript(index: Int) -> LocatedValue? {
    guard case .list(let elements) = content, elements.indices.contains(index) else { return nil }
    return elements[index]
  }

  /// The entry of a mapping with this key.
  package func member(_ key: String) -> LocatedMember? {
    guard case .map(let members) = content else { return nil }
    // By bytes: equality of `String` would also find keys that only look alike.
    return members.first { $0.key.isIdentical(to: key) }
  }

  /// The value at this path below this one, or `nil` if there is none.
  package func node(at path: DocumentPath) -> LocatedValue? {
    var node: LocatedValue? = self
    for step in path.steps {
      switch step {
      case .key(let key): node = node?[key]
      case .index(let index): node = node?[index]
      case .nth: return nil
      }
    }
    return node
  }

  /// The text of a string; `nil` for other values.
  package var string: String? {
    if case .string(let text) = content { text } else { nil }
  }

  /// The elements of a sequence; `nil` for other values.
  package var list: [LocatedValue]? {
    if case .list(let elements) = content { elements } else { nil }
  }

  /// The entries of a mapping; `nil` for other values.
  package var map: [LocatedMember]? {
    if case .map(let members) = content { members } else { nil }
  }

  /// The value of a boolean; `nil` for other values.
  package var bool: Bool? {
    if case .bool(let value) = content { value } else { nil }
  }

  /// The value of a whole number that fits, in base 2, 8, 10 or 16 with underscores as YAML writes
  /// them; `nil` for other values.
  package var integer: Int? {
    if case .number(let text) = content { YAMLResolution.integer(text) } else { nil }
  }

  /// The text of a scalar as a person would read it: `8080`, `true`, `null`, or a string itself;
  /// `nil` for sequences and mappings.
  package var scalarText: String? {
    switch content {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .number(let text), .string(let text): text
    case .list, .map: nil
    }
  }
}

/// One entry of a mapping that was read.
package struct LocatedMember: Hashable, Sendable {
  /// The key. A key that is not text, such as `8080:` in YAML, is kept as it is written.
  package var key: String
  /// Where the key starts.
  package var keyStart: Position
  /// The value.
  package var value: LocatedValue
  /// Whether the entry came through a merge key (`<<`); it then stands where the anchor is.
  package var isMerged: Bool

  /// An entry at this place.
  init(key: String, keyStart: Position, value: LocatedValue, isMerged: Bool = false) {
    self.key = key
    self.keyStart = keyStart
    self.value = value
    self.isMerged = isMerged
  }
}

/// A document that was read from YAML or JSON.
package struct LocatedDocument: Hashable, LocatedTree {
  /// The outermost value.
  package let root: LocatedValue

  /// A document with this root.
  init(_ root: LocatedValue) { self.root = root }

  /// Made anew each time: rules, which read every file, ask for values and not for lines. Whoever
  /// asks for many lines keeps it.
  package var locations: LocationIndex {
    var index = LocationIndex()
    LocatedDocument.visit(root, at: [], start: root.start, parent: nil, &index)
    return index
  }

  /// The value at this path, or `nil` if there is none.
  package func node(at path: DocumentPath) -> LocatedValue? { root.node(at: path) }

  private static func visit(
    _ value: LocatedValue, at path: DocumentPath, start: Position, parent: Int?,
    _ index: inout LocationIndex
  ) {
    let number = index.add(path, parent: parent, start: start)
    defer { index.close(number, lastLine: value.lastLine) }
    // What an alias or a merge key brings in belongs to the lines of its anchor.
    guard !value.isAlias else { return }
    switch value.content {
    case .null, .bool, .number, .string: break
    case .list(let elements):
      for (position, element) in elements.enumerated() {
        let child = path.appending(.index(position))
        visit(element, at: child, start: element.start, parent: number, &index)
      }
    case .map(let members):
      for member in members where !member.isMerged {
        let child = path.appending(.key(member.key))
        visit(member.value, at: child, start: member.keyStart, parent: number, &index)
      }
    }
  }
}
