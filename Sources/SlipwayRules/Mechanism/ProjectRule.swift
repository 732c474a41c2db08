package import SlipwayDiagnostics
package import SlipwayModel

/// A promise that environments keep together. One rule, one file. (design §6)
package protocol ProjectRule: Sendable {
  /// Area and name: `parity/environments-share-nothing`.
  static var id: String { get }
  /// Why anybody should care: the harm, not the rule.
  static var why: String { get }
  /// What to do instead.
  static var fix: String { get }
  /// The requirements that it enforces.
  static var source: [String] { get }
  /// The smallest edits to clean environments that it must refuse.
  static var breakers: [ProjectBreaker] { get }
  /// What breaks the promise.
  static func check(_ environments: [ResolvedEnvironment]) -> [Violation]
}

extension ProjectRule {
  /// The violations as findings.
  package static func findings(in environments: [ResolvedEnvironment]) -> [Finding] {
    check(environments).map { violation in
      Finding(
        rule: id, severity: violation.severity, message: violation.message,
        written: violation.written, label: violation.label, lands: violation.lands, why: why,
        fix: violation.fix ?? fix)
    }
  }
}

/// The smallest edit to a set of environments that must be refused.
package struct ProjectBreaker: Sendable {
  package let name: String
  package let edit: @Sendable (inout [ResolvedEnvironment]) -> Void

  /// An edit to the environment of this name.
  package static func model(
    _ name: String, in environment: String,
    _ edit: @escaping @Sendable (inout ResolvedEnvironment) -> Void
  ) -> Self {
    Self(name: name) { environments in
      guard let index = environments.firstIndex(where: { $0.name == environment }) else { return }
      edit(&environments[index])
    }
  }
}
