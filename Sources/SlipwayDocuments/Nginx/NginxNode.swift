package import SlipwayDiagnostics

/// A directive or comment of an nginx configuration that is about to be printed.
///
/// ```swift
/// .block("location", "/api/", children: [
///   .directive("proxy_pass", "http://backend", from: [route.origin]),
/// ])
/// ```
package struct NginxNode: Hashable, Sendable {
  /// What a node holds.
  package enum Content: Hashable, Sendable {
    /// A directive that ends at a semicolon: `listen 443 ssl;`.
    case simple(NginxDirective)
    /// A directive that holds others between braces: `server { … }`.
    case block(NginxDirective, [NginxNode])
    /// A directive whose braces hold another language, kept as it is: `content_by_lua_block { … }`.
    case raw(NginxDirective, String)
    /// Lines of comment, cut at line feeds.
    case comment(String)
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

  /// A simple directive. Arguments are what nginx shall see; the printer quotes and escapes them.
  /// A `$name` in an argument is a variable to nginx, which has no escape for it.
  package static func directive(
    _ name: String, _ arguments: String..., from origins: [Origin] = []
  ) -> NginxNode {
    NginxNode(.simple(NginxDirective(name, arguments)), from: origins)
  }

  /// A simple directive with arguments from a list.
  package static func directive(
    _ name: String, _ arguments: [String], from origins: [Origin] = []
  ) -> NginxNode {
    NginxNode(.simple(NginxDirective(name, arguments)), from: origins)
  }

  /// A directive with a block.
  package static func block(
    _ name: String, _ arguments: String..., children: [NginxNode], from origins: [Origin] = []
  ) -> NginxNode {
    NginxNode(.block(NginxDirective(name, arguments), children), from: origins)
  }

  /// A directive whose block is text of another language; its braces must balance.
  package static func raw(
    _ name: String, _ arguments: [String] = [], text: String, from origins: [Origin] = []
  ) -> NginxNode {
    NginxNode(.raw(NginxDirective(name, arguments), text), from: origins)
  }

  /// Lines of comment.
  package static func comment(_ text: String, from origins: [Origin] = []) -> NginxNode {
    NginxNode(.comment(text), from: origins)
  }

  /// The same node with these origins in addition to its own.
  package func adding(from origins: [Origin]) -> NginxNode {
    var copy = self
    copy.origins = self.origins.merged(with: origins)
    return copy
  }
}

/// The name and the arguments of a directive.
package struct NginxDirective: Hashable, Sendable {
  /// The first word: `listen`. In a `map` or `geo` block this is any string.
  package var name: String
  /// The other words, as nginx sees them after quotes and escapes.
  package var arguments: [String]

  /// A directive of these words.
  package init(_ name: String, _ arguments: [String] = []) {
    self.name = name
    self.arguments = arguments
  }
}
