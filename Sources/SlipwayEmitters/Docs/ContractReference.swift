import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// `.env.example` and the reference of everything that the contract declares. (S17-VAR-01, S04-DOC-02)
package struct ContractReference: SharedEmitter {
  package static let name = "contract-reference"

  package init() {}

  package func emit(
    _ environments: [ResolvedEnvironment], using inputs: EmitterInputs
  ) -> Emission {
    guard let project = environments.first?.project else { return Emission() }
    return Emission([
      Artefact(path: ".env.example", document: example(project, environments)),
      Artefact(path: "generated/configuration.md", document: reference(project)),
      Artefact(path: "generated/DIFFERENCES.md", document: differences(environments)),
    ])
  }

  /// What a developer may copy to `.env`: the values of development, never a secret.
  private func example(_ project: Project, _ environments: [ResolvedEnvironment]) -> Document {
    let development = environments.first { !$0.stage.isDeployed }
    var values: [String: EnvironmentEntry] = [:]
    for service in development?.services ?? [] {
      for entry in service.environment where values[entry.key] == nil { values[entry.key] = entry }
    }
    var entries: [DotenvEntry] = [
      .comment("Copy to .env for a run without containers; .env is never committed.")
    ]
    for key in project.contract.keys.sorted(by: { $0.name < $1.name }) {
      let stated = values[key.name]
      entries.append(.comment("\(key.help) Type: \(key.type)."))
      entries.append(
        .variable(
          key.name, stated?.value ?? key.defaultText ?? "", from: stated?.origins ?? []))
    }
    entries.append(
      .comment(
        "Secrets are files, one each, in the folder that the service is told: "
          + project.contract.secrets.map(\.fileName).sorted().joined(separator: ", ") + "."))
    return .dotenv(entries)
  }

  private func reference(_ project: Project) -> Document {
    let contract = project.contract
    var page = MarkdownPage()
    page.heading(1, "\(project.name): configuration")
    page.heading(2, "Keys")
    page.table(
      ["key", "type", "default", "meaning"],
      contract.keys.sorted { $0.name < $1.name }.map {
        (
          [
            $0.name.code, $0.type,
            $0.defaultText.map { $0.isEmpty ? "(empty)" : $0.code } ?? "stated or derived", $0.help,
          ], []
        )
      })
    page.heading(2, "Secrets")
    page.table(
      ["secret", "form", "at least", "replaced every", "meaning"],
      contract.secrets.sorted { $0.name < $1.name }.map {
        (
          [
            $0.name.code, $0.form.rawValue, "\($0.bits) bits",
            "\($0.rotateAfter.wholeSeconds / 86_400) days", $0.help,
          ], []
        )
      })
    page.heading(2, "Routes")
    page.table(
      ["method", "path", "who", "limit", "within", "meaning"],
      contract.routes.map { route in
        (
          [
            route.method.rawValue, route.path.code, route.auth.rawValue,
            route.limit.map { "\($0.name): \($0.perMinute)/min, burst \($0.burst)" } ?? "none",
            "\(route.within.wholeSeconds) s", route.summary,
          ], []
        )
      })
    page.heading(2, "Hard caps")
    page.table(
      ["cap", "limit", "tightened by", "meaning"],
      contract.caps.map { ([$0.name, $0.limit, $0.tightenedBy?.code ?? "nothing", $0.help], []) })
    page.heading(2, "Metrics")
    page.table(
      ["metric", "kind", "unit", "labels", "meaning"],
      contract.metrics.sorted { $0.name < $1.name }.map { family in
        (
          [
            family.name.code, family.kind.rawValue, family.unit,
            family.labels.map(\.name.code).joined(separator: " "), family.help,
          ], []
        )
      })
    return page.document
  }

  /// What differs between environments, side by side. (S17-PR-05)
  private func differences(_ environments: [ResolvedEnvironment]) -> Document {
    var page = MarkdownPage()
    page.heading(1, "What differs between the environments")
    let head = [""] + environments.map(\.name)
    var names: [String] = []
    for service in environments.flatMap(\.services) where !names.contains(service.name) {
      names.append(service.name)
    }
    page.heading(2, "Services")
    page.table(
      head,
      names.map { name in
        let cells = environments.map { environment -> String in
          guard let service = environment.service(name) else { return "–" }
          var count = "every node"
          if case .count(let number) = service.replicas { count = "×\(number)" }
          return
            "\(count), \(service.size.limit.cpus) CPU, \(service.size.limit.memory.bytes >> 20) MiB"
        }
        return ([name.code] + cells, environments.compactMap { $0.service(name)?.origin })
      })
    page.heading(2, "Settings")
    var keys: Set<String> = []
    for environment in environments {
      keys.formUnion(environment.specification.settings.map(\.key))
    }
    page.table(
      head,
      keys.sorted().compactMap { key in
        let values = environments.map { environment in
          environment.specification.settings.last { $0.key == key }?.text
        }
        guard Set(values).count > 1 else { return nil }
        return ([key.code] + values.map { $0.map { $0.isEmpty ? "(empty)" : $0.code } ?? "–" }, [])
      })
    page.heading(2, "Alerts")
    var alerts: [String] = []
    for alert in environments.flatMap(\.ruleAlerts) where !alerts.contains(alert.name) {
      alerts.append(alert.name)
    }
    page.table(
      head,
      alerts.compactMap { name in
        let texts = environments.map { environment in
          environment.ruleAlerts.first { $0.name == name }.map {
            "\($0.level.rawValue): \($0.expression.description)"
          }
        }
        guard Set(texts).count > 1 else { return nil }
        return ([name.code] + texts.map { $0?.code ?? "–" }, [])
      })
    return page.document
  }
}
