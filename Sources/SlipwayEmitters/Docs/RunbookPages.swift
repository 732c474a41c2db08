import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// What to do when something fires: one page a runbook, and the pages that hold for every incident.
/// (S04-DOC-03, S04-DOC-04, S18-INC-*)
package struct RunbookPages: SharedEmitter {
  package static let name = "runbooks"

  package init() {}

  package func emit(
    _ environments: [ResolvedEnvironment], using inputs: EmitterInputs
  ) -> Emission {
    var runbooks: [Runbook] = []
    for runbook in environments.flatMap(\.runbooks)
    where !runbooks.contains(where: { $0.name == runbook.name }) {
      runbooks.append(runbook)
    }
    runbooks.sort { $0.name < $1.name }
    var emission = Emission(runbooks.map { page($0, environments) })
    emission.artefacts.append(index(runbooks))
    for name in Self.written {
      emission.add(written(name, environments, inputs))
    }
    return emission
  }

  /// Pages that people wrote; commands in them are holes. (S18-EMG-*, S03-OPS-*, S18-24H-*)
  private static let written = ["incidents", "emergency", "routines", "first-24-hours", "rollback"]

  private func page(_ runbook: Runbook, _ environments: [ResolvedEnvironment]) -> Artefact {
    var page = MarkdownPage()
    page.heading(1, runbook.name)
    page.paragraph(runbook.meaning, from: [runbook.origin.at("meaning")])
    page.heading(2, "First steps")
    page.list(runbook.firstSteps, numbered: true, from: [runbook.origin.at("firstSteps")])
    page.heading(2, "Alerts that lead here")
    var rows: [(cells: [String], origins: [Origin])] = []
    for environment in environments {
      for alert in environment.ruleAlerts where alert.runbook.name == runbook.name {
        rows.append(
          (
            [
              environment.name, alert.name.code, alert.level.rawValue,
              "\(alert.hold.wholeSeconds) s", alert.summary, alert.expression.description.code,
            ], [alert.origin]
          ))
      }
    }
    page.table(["environment", "alert", "severity", "for", "means", "expression"], rows)
    page.paragraph("If it does not end within its time, open an [incident](incidents.md).")
    return Artefact(path: "generated/runbooks/\(runbook.name).md", document: page.document)
  }

  private func index(_ runbooks: [Runbook]) -> Artefact {
    var page = MarkdownPage()
    page.heading(1, "Runbooks")
    page.table(
      ["page", "when"], runbooks.map { (["[\($0.name)](\($0.name).md)", $0.meaning], [$0.origin]) })
    page.heading(2, "For every incident")
    page.list(Self.written.map { "[\($0)](\($0).md)" })
    return Artefact(path: "generated/runbooks/README.md", document: page.document)
  }

  private func written(
    _ name: String, _ environments: [ResolvedEnvironment], _ inputs: EmitterInputs
  ) -> Emission {
    let template = "runbooks/\(name).md"
    let deployed = environments.filter(\.stage.isDeployed).map { environment in
      ["ENVIRONMENT": Template.Value.text(environment.name)]
    }
    let holes: [String: Template.Value] = [
      "ENVIRONMENTS": .list(deployed), "PROJECT": .text(environments.first?.project.name ?? ""),
    ]
    let wanted = Template.names(in: inputs.templates[template] ?? "")
    switch inputs.render(template, holes.filter { wanted.contains($0.key) }) {
    case .success(let text):
      return Emission([
        Artefact(
          path: "generated/runbooks/\(name).md",
          document: .text(TextDocument(text, comments: .markup)))
      ])
    case .failure(let failure): return Emission(findings: failure.findings)
    }
  }
}
