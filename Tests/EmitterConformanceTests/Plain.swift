import SlipwayDocuments

/// A tree without places, origins and comments: what two readers of one text must agree on.
indirect enum Plain: Hashable {
  case null
  case bool(Bool)
  case number(String)
  case string(String)
  case list([Plain])
  case map([String], [Plain])
}

extension Plain {
  init(_ value: LocatedValue) {
    switch value.content {
    case .null: self = .null
    case .bool(let bool): self = .bool(bool)
    case .number(let text): self = .number(text)
    case .string(let text): self = .string(text)
    case .list(let elements): self = .list(elements.map { Plain($0) })
    case .map(let members):
      self = .map(members.map(\.key), members.map { Plain($0.value) })
    }
  }

  init(_ node: YAMLNode) {
    switch node.content {
    case .null: self = .null
    case .bool(let bool): self = .bool(bool)
    case .number(let number): self = .number(number.text)
    case .string(let text): self = .string(text)
    case .list(let elements): self = .list(elements.map { Plain($0) })
    case .map(let entries):
      self = .map(entries.map(\.key), entries.map { Plain($0.value) })
    }
  }

  init(_ node: JSONNode) {
    switch node.content {
    case .null: self = .null
    case .bool(let bool): self = .bool(bool)
    case .number(let number): self = .number(number.text)
    case .string(let text): self = .string(text)
    case .list(let elements): self = .list(elements.map { Plain($0) })
    case .map(let entries):
      self = .map(entries.map(\.key), entries.map { Plain($0.value) })
    }
  }

  /// A directive with what is in its block; `nil` for a comment.
  init?(_ node: NginxNode) {
    switch node.content {
    case .comment: return nil
    case .simple(let directive): self = .map([directive.name] + directive.arguments, [])
    case .raw(let directive, let text):
      self = .map([directive.name] + directive.arguments, [.string(text)])
    case .block(let directive, let children):
      self = .map(
        [directive.name] + directive.arguments, [.list(children.compactMap { Plain($0) })])
    }
  }

  init?(_ node: LocatedNginxNode) {
    let words = node.words.map(\.text)
    switch node.content {
    case .comment: return nil
    case .simple: self = .map(words, [])
    case .raw(let text): self = .map(words, [.string(text)])
    case .block(let children): self = .map(words, [.list(children.compactMap { Plain($0) })])
    }
  }
}
