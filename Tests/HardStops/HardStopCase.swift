package import Slipway

/// Where a hard stop is stopped. The page of levels says of each which ones it has.
package enum HardStopLevel: String, Sendable, CaseIterable {
  case compile = "C"
  case generate = "G"
  case audit = "A"
  case deploy = "D"
  case service = "S"

  /// As a column says it.
  package var words: String {
    switch self {
    case .compile: "does not compile"
    case .generate: "generating fails"
    case .audit: "the check of an artefact fails"
    case .deploy: "the gate fails"
    case .service: "the service refuses"
    }
  }
}

/// One mark of the table: a promise, broken on purpose at one level, and what must stop it.
package struct HardStopCase: Sendable, CustomStringConvertible {
  package let criterion: String
  package let level: HardStopLevel
  /// The rule or condition; for the compiler the rule that its words name, or empty.
  package let stoppedBy: String
  /// How it is broken, in a few words.
  package let broken: String
  package let attempt: Attempt

  /// What is done to break it.
  package enum Attempt: Sendable {
    /// A text that must not compile, by its name among all snippets.
    case snippet(String)
    /// A breaker of a rule of the generator: its environment or bytes, changed.
    case breaker
    /// An environment that cannot be generated.
    case value(@Sendable () -> AnyEnvironment)
    /// Generated text, changed, and audited: in every place where it stands.
    case text(path: String, replacing: String, with: String)
    /// Generated production, with variables and secrets changed (`nil`: not there), started.
    case process(variables: [String: String], secrets: [String: String?])
    /// Evidence, changed, and judged.
    case evidence(@Sendable (inout GateScene) -> Void)
  }

  package var description: String { "\(criterion) \(level.rawValue): \(broken)" }
}

/// What stopped an attempt, and in which words.
package struct Stopped: Sendable, Hashable {
  package let rule: String
  package let message: String
}

/// An attempt that could not be made: it changes nothing, or there is no such thing.
package struct VainAttempt: Error, CustomStringConvertible {
  package let description: String
}
