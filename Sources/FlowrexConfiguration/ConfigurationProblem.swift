/// Something that a process was told wrongly or not at all. No value stands in it: what was put
/// into the wrong variable may be a secret. (S17-SEC-06, S17-CL-SEC-06)
package struct ConfigurationProblem: Sendable, Hashable, CustomStringConvertible {
  /// The variable or secret.
  package let name: String
  package let text: String

  package var description: String { "\(name): \(text)" }

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}

/// All that is wrong with a configuration, at once. (S17-SEC-14)
package struct ConfigurationRefused: Error, Sendable, CustomStringConvertible {
  package let problems: [ConfigurationProblem]

  init(problems: [ConfigurationProblem]) { self.problems = problems }

  /// One problem that is found outside of the keys.
  package init(_ name: String, _ text: String) {
    problems = [ConfigurationProblem(name, text)]
  }

  package var description: String {
    let count = problems.count == 1 ? "1 problem" : "\(problems.count) problems"
    return "refused to start: \(count)\n" + problems.map { "  \($0)\n" }.joined()
  }
}
