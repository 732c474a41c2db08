package import SlipwayDiagnostics

/// A variable or a comment of an `env_file` that is about to be printed.
package struct DotenvEntry: Hashable, Sendable {
  /// What an entry holds.
  package enum Content: Hashable, Sendable {
    /// A variable with the very value that the container shall see.
    case variable(key: String, value: String)
    /// Lines of comment, cut at line feeds.
    case comment(String)
  }

  /// What the entry holds.
  package var content: Content
  /// Where the entry was written: a sorted set, empty for what the generator itself decided.
  package private(set) var origins: [Origin]

  /// An entry with this content; `origins` are sorted and made unique.
  package init(_ content: Content, from origins: [Origin] = []) {
    self.content = content
    self.origins = origins.normalised
  }

  /// A variable. The printer quotes and escapes; nothing in `value` is expanded.
  package static func variable(
    _ key: String, _ value: String, from origins: [Origin] = []
  ) -> DotenvEntry {
    DotenvEntry(.variable(key: key, value: value), from: origins)
  }

  /// Lines of comment.
  package static func comment(_ text: String, from origins: [Origin] = []) -> DotenvEntry {
    DotenvEntry(.comment(text), from: origins)
  }
}
