import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes `alertmanager.yml`: who is told of what. (C-69, S18-HS-08, C15)
package struct AlertmanagerEmitter: Emitter {
  package static let name = "alertmanager"

  package init() {}

  package func emit(
    _ environment: ResolvedEnvironment, using inputs: EmitterInputs
  ) -> Emission {
    let writer = AlertmanagerWriter(environment: environment)
    return Emission(
      [
        Artefact(
          path: environment.folder + "alertmanager/alertmanager.yml",
          document: .yaml(writer.document))
      ], findings: unheard(environment))
  }

  /// Every level of a deployed environment reaches somebody.
  private func unheard(_ environment: ResolvedEnvironment) -> [Finding] {
    guard environment.stage.isDeployed else { return [] }
    let receivers = environment.specification.receivers
    let lists = [
      ("critical", receivers.critical.isEmpty), ("warning", receivers.warning.isEmpty),
      ("heartbeat", receivers.heartbeat == nil),
    ]
    return lists.filter(\.1).map { level, _ in
      Finding(
        rule: "alerts/reach-somebody",
        message: "alerts of level '\(level)' would reach nobody",
        written: [receivers.origin.at(level)], label: "nobody is named",
        why: "an alert that nobody hears is no alert (C-69)",
        fix: "name at least one receiver in `\(level):`")
    }
  }
}
