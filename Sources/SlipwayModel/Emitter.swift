package import SlipwayDiagnostics

/// Turns a resolved environment into the files of one tool.
///
/// Pure: the same environment gives the same artefacts. Every emitter passes the same conformance
/// suite (`EmitterConformanceTests`).
package protocol Emitter: Sendable {
  /// The name that findings and tests call it by: `compose`.
  static var name: String { get }
  /// The files, and what is wrong with them; with an error nothing is written.
  func emit(_ environment: ResolvedEnvironment, using inputs: EmitterInputs) -> Emission
}

/// What emitters need besides the environment.
package struct EmitterInputs: Sendable {
  /// The texts of `templates/`, by path under that folder: `scripts/deploy.sh`.
  package let templates: [String: String]
  /// The same, ready to be rendered.
  package let prepared: [String: Template]

  package init(templates: [String: String]) {
    self.templates = templates
    prepared = Dictionary(
      uniqueKeysWithValues: templates.map { ($0.key, Template(path: $0.key, text: $0.value)) })
  }
}

/// Files, and findings about them.
package struct Emission: Sendable {
  package var artefacts: [Artefact]
  package var findings: [Finding]

  package init(_ artefacts: [Artefact] = [], findings: [Finding] = []) {
    self.artefacts = artefacts
    self.findings = findings
  }

  package mutating func add(_ other: Emission) {
    artefacts += other.artefacts
    findings += other.findings
  }
}

extension ResolvedEnvironment {
  /// Where its files stand: `generated/prod/`.
  package var folder: String { "generated/\(name)/" }
}
