package import SlipwayModel

/// All emitters: a new one is one line here, and passes the conformance suite.
package enum Emitters {
  package static let perEnvironment: [any Emitter] = [
    PrometheusEmitter(), AlertmanagerEmitter(), GrafanaEmitter(), NginxEmitter(), StoresEmitter(),
    ScriptsEmitter(), GateEmitter(), SecretsEmitter(),
  ]

  package static let shared: [any SharedEmitter] = [
    RunbooksEmitter(), DifferencesEmitter(), EnvExampleEmitter(), DockerEmitter(),
    WorkflowsEmitter(),
  ]

  /// The page that a reviewer reads first.
  package static func page(
    _ environment: ResolvedEnvironment, _ inputs: EmitterInputs
  ) -> Emission {
    EnvironmentPageEmitter().emit(environment, using: inputs)
  }
}

/// Turns all environments into files that stand once.
package protocol SharedEmitter: Sendable {
  static var name: String { get }
  func emit(_ environments: [ResolvedEnvironment], using inputs: EmitterInputs) -> Emission
}
