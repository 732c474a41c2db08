package import SlipwayDiagnostics
package import SlipwayModel

/// All rules over all environments together. A test reads the folder and compares.
package enum ProjectRules {
  package static let all: [any ProjectRule.Type] = [
    DifferencesAreDeclared.self,
    EnvironmentsShareNothing.self,
  ]

  /// Everything that is wrong, in a fixed order.
  package static func check(_ environments: [ResolvedEnvironment]) -> [Finding] {
    all.flatMap { $0.findings(in: environments) }.sorted()
  }
}
