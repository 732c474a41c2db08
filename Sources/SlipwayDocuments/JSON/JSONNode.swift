package import SlipwayDiagnostics

/// A value of a JSON document that is about to be printed.
///
/// Built like `YAMLNode`: literals for the generator's own values, factories with `from:` for those
/// of a specification.
package struct JSONNode: Hashable, Sendable {
  /// What a value holds.
  package enum Content: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, exactly as its author wrote it.
    case number(ExactNumber)
    /// Text.
    case string(String)
    /// An array.
    case list([JSONNode])
    /// An object in the order of its members. A repeated name is refused when the value is printed.
    case map([JSONEntry])
  }

  /// What the value holds.
  package var content: Content
  /// Where the value was written: a sorted set, empty for what the generator itself decided.
  package private(set) var origins: [Origin]

  /// A value with this content; `origins` are sorted and made unique.
  package init(_ content: Content, from origins: [Origin] = []) {
    self.content = content
    self.origins = origins.normalised
  }

  /// A `null` value.
  package static func null(from origins: [Origin] = []) -> JSONNode {
    JSONNode(.null, from: origins)
  }

  /// A boolean.
  package static func bool(_ value: Bool, from origins: [Origin] = []) -> JSONNode {
    JSONNode(.bool(value), from: origins)
  }

  /// A whole number.
  package static func integer(_ value: Int, from origins: [Origin] = []) -> JSONNode {
    JSONNode(.number(ExactNumber(value)), from: origins)
  }

  /// A number that keeps the digits it is given.
  package static func number(_ value: ExactNumber, from origins: [Origin] = []) -> JSONNode {
    JSONNode(.number(value), from: origins)
  }

  /// Text. Every string reads back as the same string; printing refuses NUL.
  package static func string(_ value: String, from origins: [Origin] = []) -> JSONNode {
    JSONNode(.string(value), from: origins)
  }

  /// An array.
  package static func list(_ elements: [JSONNode], from origins: [Origin] = []) -> JSONNode {
    JSONNode(.list(elements), from: origins)
  }

  /// An object; an absent member is left out, so that optional names read in place.
  package static func map(_ entries: [JSONEntry?], from origins: [Origin] = []) -> JSONNode {
    JSONNode(.map(entries.compactMap { $0 }), from: origins)
  }

  /// An object from a literal with its order kept.
  package static func map(
    _ pairs: KeyValuePairs<String, JSONNode>, from origins: [Origin] = []
  ) -> JSONNode {
    JSONNode(.map(pairs.map { JSONEntry($0.key, $0.value) }), from: origins)
  }

  /// The same value with these origins in addition to its own.
  package func adding(from origins: [Origin]) -> JSONNode {
    var copy = self
    copy.origins = self.origins.merged(with: origins)
    return copy
  }
}

/// One member of an object.
package struct JSONEntry: Hashable, Sendable {
  /// The name.
  package var key: String
  /// The value; its origins are those of the member.
  package var value: JSONNode

  /// A member of an object.
  package init(_ key: String, _ value: JSONNode) {
    self.key = key
    self.value = value
  }

  /// A member, spelled for use inside `.map([…])`.
  package static func entry(_ key: String, _ value: JSONNode) -> JSONEntry {
    JSONEntry(key, value)
  }
}

extension JSONNode: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self.init(.string(value)) }
}

extension JSONNode: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self.init(.number(ExactNumber(value))) }
}

extension JSONNode: ExpressibleByBooleanLiteral {
  package init(booleanLiteral value: Bool) { self.init(.bool(value)) }
}

extension JSONNode: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: JSONNode...) { self.init(.list(elements)) }
}

extension JSONNode: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONNode)...) {
    self.init(.map(elements.map { JSONEntry($0.0, $0.1) }))
  }
}
