/// What can be said of a kind of finding that no rule makes: resolving, emitting, writing and the
/// lock file find on their own what would be wrong. `slipway explain` takes its name.
package struct Explanation: Sendable {
  /// As a finding carries it: `spec/ports-exist`.
  package let id: String
  /// The harm, for all cases of the kind.
  package let why: String
  /// What to do in most of them; a finding may know better.
  package let fix: String
  /// Requirements that it serves; empty where it follows from how the tools work.
  package let source: [String]

  init(_ id: String, why: String, fix: String, source: [String] = []) {
    self.id = id
    self.why = why
    self.fix = fix
    self.source = source
  }
}

/// All of them. A test reads the sources and compares, so that no finding is without a page.
package enum Explanations {
  package static let all: [Explanation] =
    specification + supply + output + drift + waivers + alerting + edge + delivery + stack + leaks
}
