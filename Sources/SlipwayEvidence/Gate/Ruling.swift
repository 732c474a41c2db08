/// What the gate says of one condition.
package enum Verdict: String, Sendable, Hashable, CaseIterable {
  case pass = "PASS"
  case fail = "FAIL"
  /// Nothing that may be believed says so. Counts as failed outside development. (S17-HS-10)
  case unproven = "UNPROVEN"
}

/// A verdict, what was seen, and what to do about it.
package struct Ruling: Sendable, Hashable {
  package let verdict: Verdict
  /// One sentence, lower case, no full stop; never the value of a secret.
  package let seen: String
  /// One sentence; empty when it passed.
  package let fix: String

  package static func pass(_ seen: String) -> Ruling {
    Ruling(verdict: .pass, seen: seen, fix: "")
  }
  package static func fail(_ seen: String, fix: String) -> Ruling {
    Ruling(verdict: .fail, seen: seen, fix: fix)
  }
  package static func unproven(_ seen: String, fix: String) -> Ruling {
    Ruling(verdict: .unproven, seen: seen, fix: fix)
  }
}
