package import SlipwayDiagnostics
package import SlipwayModel

/// A promise that every environment keeps. Its name is the promise; one rule, one file. (design §6)
package protocol Rule: Sendable {
  /// Area and name: `network/datastores-stay-private`. What `explain` takes.
  static var id: String { get }
  /// Why anybody should care: the harm, not the rule.
  static var why: String { get }
  /// What to do instead.
  static var fix: String { get }
  /// The requirements that it enforces.
  static var source: [String] { get }
  /// The smallest edits to a clean environment that it must refuse.
  static var breakers: [Breaker] { get }
  /// Rules that a breaker of this one breaks as a consequence.
  static var implies: [String] { get }
  /// What breaks the promise.
  static func check(_ subject: Subject) -> [Violation]
}

extension Rule {
  package static var implies: [String] { [] }

  /// The violations as findings.
  package static func findings(in subject: Subject) -> [Finding] {
    check(subject).map { violation in
      Finding(
        rule: id, severity: violation.severity, message: violation.message,
        written: violation.written, label: violation.label, lands: violation.lands, why: why,
        fix: violation.fix ?? fix, environment: subject.environment.name)
    }
  }
}

/// What rules look at: the resolved model, and the bytes that would be written, read again.
package struct Subject: Sendable {
  package var environment: ResolvedEnvironment {
    didSet { readings = Readings() }
  }
  package var files: [PrintedArtefact] {
    didSet { readings = Readings() }
  }
  /// The files as trees, each read once.
  private(set) var readings = Readings()

  package init(environment: ResolvedEnvironment, files: [PrintedArtefact]) {
    self.environment = environment
    self.files = files
  }

  /// The file at this path under the environment's folder.
  package func file(_ path: String) -> PrintedArtefact? {
    let whole = environment.folder + path
    return files.first { $0.path == whole }
  }
}

/// One way in which a promise is broken.
package struct Violation: Sendable {
  package let message: String
  package let written: [Origin]
  package let label: String
  package let lands: Landing?
  package let severity: FindingSeverity
  /// A better advice than the rule's own, where the case is known.
  package let fix: String?

  package init(
    _ message: String, written: [Origin] = [], label: String = "written here",
    lands: Landing? = nil, severity: FindingSeverity = .error, fix: String? = nil
  ) {
    self.message = message
    self.written = written
    self.label = label
    self.lands = lands
    self.severity = severity
    self.fix = fix
  }
}

/// The smallest edit that must be refused.
package struct Breaker: Sendable {
  package enum Edit: Sendable {
    /// Changes the resolved model.
    case model(@Sendable (inout ResolvedEnvironment) -> Void)
    /// Replaces text in a file that would be written, the first place where it stands.
    case file(path: String, replacing: String, with: String)
    /// Takes a file away.
    case without(path: String)
  }
  package let name: String
  package let edit: Edit

  /// An edit to the model.
  package static func model(
    _ name: String, _ edit: @escaping @Sendable (inout ResolvedEnvironment) -> Void
  ) -> Self {
    .init(name: name, edit: .model(edit))
  }

  /// An edit to the text of a file.
  package static func file(
    _ name: String, _ path: String, replacing: String, with: String
  ) -> Self {
    .init(name: name, edit: .file(path: path, replacing: replacing, with: with))
  }

  /// A missing file.
  package static func without(_ name: String, _ path: String) -> Self {
    .init(name: name, edit: .without(path: path))
  }
}
