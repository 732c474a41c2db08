import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayEmitters
import SlipwayModel
import SlipwayPipeline
import Testing

/// An emitter under test. A new one takes part by standing in ``Emitters``; nothing is added here.
struct Candidate: Sendable, CustomTestStringConvertible {
  let name: String
  let scope: Scope

  enum Scope: Sendable {
    case environment(any Emitter)
    case shared(any SharedEmitter)
    /// Names configs after files that the others have made, so it comes after them.
    case stack
    /// The page that a reviewer reads first.
    case page
  }

  static let all: [Candidate] =
    Emitters.perEnvironment.map { Candidate(name: type(of: $0).name, scope: .environment($0)) }
    + [Candidate(name: "stack", scope: .stack), Candidate(name: "page", scope: .page)]
    + Emitters.shared.map { Candidate(name: type(of: $0).name, scope: .shared($0)) }

  var testDescription: String { name }

  /// What it makes of some environments, each emission with the environment it belongs to; `nil`
  /// for what stands once.
  func emit(
    _ environments: [ResolvedEnvironment], _ inputs: EmitterInputs
  ) throws -> [(environment: ResolvedEnvironment?, emission: Emission)] {
    switch scope {
    case .environment(let emitter):
      environments.map { ($0, emitter.emit($0, using: inputs)) }
    case .shared(let emitter):
      [(nil, emitter.emit(environments, using: inputs))]
    case .page:
      environments.map { ($0, Emitters.page($0, inputs)) }
    case .stack:
      try environments.map { environment in
        let others = Emitters.perEnvironment.flatMap {
          $0.emit(environment, using: inputs).artefacts
        }
        let files = try others.map {
          try EmittedFile($0, by: $0.path, in: environment).printed
        }
        return (environment, StackEmitter.emit(environment, files: files))
      }
    }
  }
}

/// A file that an emitter made, with its bytes.
struct EmittedFile: Sendable, CustomTestStringConvertible {
  let candidate: String
  /// The environment it belongs to; `nil` for what stands once.
  let environment: ResolvedEnvironment?
  let artefact: Artefact
  let header: Header
  let text: String

  init(
    _ artefact: Artefact, by candidate: String, in environment: ResolvedEnvironment?
  ) throws {
    self.artefact = artefact
    self.candidate = candidate
    self.environment = environment
    header = Header(source: "environments/", command: "make generate")
    text = try artefact.document.print(header: header)
  }

  var path: String { artefact.path }
  var printed: PrintedArtefact {
    PrintedArtefact(path: path, text: text, isExecutable: artefact.isExecutable)
  }
  /// The lines, without the empty one behind the last line feed.
  var lines: [Substring] {
    text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
  }
  var testDescription: String { path }
}

/// All files that all emitters make of a specimen.
struct Emitted: Sendable {
  let files: [EmittedFile]
  let findings: [String: [Finding]]

  init(_ environments: [ResolvedEnvironment], _ inputs: EmitterInputs) throws {
    var files: [EmittedFile] = []
    var findings: [String: [Finding]] = [:]
    for candidate in Candidate.all {
      for (environment, emission) in try candidate.emit(environments, inputs) {
        files += try emission.artefacts.map {
          try EmittedFile($0, by: candidate.name, in: environment)
        }
        findings[candidate.name, default: []] += emission.findings
      }
    }
    self.files = files
    self.findings = findings
  }

  func files(by candidate: Candidate) -> [EmittedFile] {
    files.filter { $0.candidate == candidate.name }
  }
}
