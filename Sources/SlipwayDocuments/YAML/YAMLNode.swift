package import SlipwayDiagnostics

/// A node of a YAML document that is about to be printed.
///
/// Built from literals where a value is the generator's own, and from factories with `from:` where
/// it comes from a specification:
///
/// ```swift
/// let service: YAMLNode = .map([
///   .entry("image", .string(image, from: [origin.at("image")])),
///   .entry("restart", "unless-stopped"),
///   limits.map { .entry("deploy", $0) },
/// ], from: [origin])
/// ```
package struct YAMLNode: Hashable, Sendable {
  /// What a node holds.
  package enum Content: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number, exactly as its author wrote it.
    case number(ExactNumber)
    /// Text; the printer chooses plain, quoted or literal style.
    case string(String)
    /// A sequence.
    case list([YAMLNode])
    /// A mapping in the order of its entries. A repeated key is refused when the node is printed.
    case map([YAMLEntry])
  }

  /// What the node holds.
  package var content: Content
  /// Where the node was written: a sorted set, empty for what the generator itself decided.
  package private(set) var origins: [Origin]

  /// A node with this content; `origins` are sorted and made unique.
  package init(_ content: Content, from origins: [Origin] = []) {
    self.content = content
    self.origins = origins.normalised
  }

  /// A `null` node.
  package static func null(from origins: [Origin] = []) -> YAMLNode {
    YAMLNode(.null, from: origins)
  }

  /// A boolean node.
  package static func bool(_ value: Bool, from origins: [Origin] = []) -> YAMLNode {
    YAMLNode(.bool(value), from: origins)
  }

  /// A whole-number node.
  package static func integer(_ value: Int, from origins: [Origin] = []) -> YAMLNode {
    YAMLNode(.number(ExactNumber(value)), from: origins)
  }

  /// A number node that keeps the digits it is given.
  package static func number(_ value: ExactNumber, from origins: [Origin] = []) -> YAMLNode {
    YAMLNode(.number(value), from: origins)
  }

  /// A text node. Every string reads back as the same string; printing refuses NUL.
  package static func string(_ value: String, from origins: [Origin] = []) -> YAMLNode {
    YAMLNode(.string(value), from: origins)
  }

  /// A sequence node.
  package static func list(_ elements: [YAMLNode], from origins: [Origin] = []) -> YAMLNode {
    YAMLNode(.list(elements), from: origins)
  }

  /// A mapping node; an absent entry is left out, so that optional keys read in place.
  package static func map(_ entries: [YAMLEntry?], from origins: [Origin] = []) -> YAMLNode {
    YAMLNode(.map(entries.compactMap { $0 }), from: origins)
  }

  /// A mapping node from a literal with its order kept: `.map(["image": "redis"], from: origins)`.
  package static func map(
    _ pairs: KeyValuePairs<String, YAMLNode>, from origins: [Origin] = []
  ) -> YAMLNode {
    YAMLNode(.map(pairs.map { YAMLEntry($0.key, $0.value) }), from: origins)
  }

  /// The same node with these origins in addition to its own.
  package func adding(from origins: [Origin]) -> YAMLNode {
    var copy = self
    copy.origins = self.origins.merged(with: origins)
    return copy
  }
}

/// One key of a mapping with its value.
package struct YAMLEntry: Hashable, Sendable {
  /// The key; always text, and quoted where a reader would take it for something else (`"on":`).
  package var key: String
  /// The value; its origins are those of the entry.
  package var value: YAMLNode
  /// Lines of comment above the entry, cut at line feeds; `nil` for none.
  package var comment: String?

  /// An entry, with a comment above it if one is given.
  package init(_ key: String, _ value: YAMLNode, comment: String? = nil) {
    self.key = key
    self.value = value
    self.comment = comment
  }

  /// An entry, spelled for use inside `.map([…])`.
  package static func entry(
    _ key: String, _ value: YAMLNode, comment: String? = nil
  ) -> YAMLEntry {
    YAMLEntry(key, value, comment: comment)
  }
}

extension YAMLNode: ExpressibleByStringInterpolation {
  package init(stringLiteral value: String) { self.init(.string(value)) }
}

extension YAMLNode: ExpressibleByIntegerLiteral {
  package init(integerLiteral value: Int) { self.init(.number(ExactNumber(value))) }
}

extension YAMLNode: ExpressibleByBooleanLiteral {
  package init(booleanLiteral value: Bool) { self.init(.bool(value)) }
}

extension YAMLNode: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: YAMLNode...) { self.init(.list(elements)) }
}

extension YAMLNode: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, YAMLNode)...) {
    self.init(.map(elements.map { YAMLEntry($0.0, $0.1) }))
  }
}
