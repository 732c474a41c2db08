import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
package import SlipwayModel

/// Writes `.env.example`, which a developer copies, and the reference of everything that the
/// contract says. (S17-VAR-*, C-51, S04-DOC-02, S04-DOC-07)
package struct EnvExampleEmitter: SharedEmitter {
  package static let name = "contract-reference"

  package init() {}

  package func emit(
    _ environments: [ResolvedEnvironment], using inputs: EmitterInputs
  ) -> Emission {
    guard let project = environments.first?.project else { return Emission() }
    let reference = ContractUse(project: project, environments: environments)
    let example = EnvExample(reference: reference)
    let page = ConfigurationPage(reference: reference).page
    return Emission([
      Artefact(path: ".env.example", document: .dotenv(example.entries)),
      Artefact(path: "generated/configuration.md", document: .text(page.document)),
    ])
  }
}

/// The variables of a contract with what each is. Comments stand on lines of their own: behind a
/// value, readers disagree about where it ends. (engine fact F7)
struct EnvExample {
  let reference: ContractUse

  var entries: [DotenvEntry] {
    introduction
      + reference.groups.flatMap { group in
        heading(reference.title(of: group)) + group.keys.flatMap(entries)
      }
      + (reference.contract.secrets.isEmpty ? [] : secrets)
  }

  private var introduction: [DotenvEntry] {
    [
      .comment(
        """

        Every variable that \(reference.project.name) knows, as the development environment has it.
        Copy this file to `.env`, which is never committed, and change what you need.
        """)
    ]
  }

  private func heading(_ title: String) -> [DotenvEntry] { [.comment("\n--- \(title)")] }

  private func entries(_ key: KeyDeclaration) -> [DotenvEntry] {
    let standard = key.defaultText.map { $0.isEmpty ? "empty" : $0 } ?? "none"
    let stated = reference.statedInDevelopment(key)
    return [
      .comment(
        "\n\(key.help)\nType: \(key.type). Default: \(standard).", from: stated?.origins ?? []),
      .variable(key.name, stated?.value ?? key.defaultText ?? "", from: stated?.origins ?? []),
    ]
  }

  /// Names, files and strengths; a value would be committed by somebody, some day. (C-16)
  private var secrets: [DotenvEntry] {
    heading(
      "Secrets: one file each, in "
        + (reference.secretsFolderKey.map { "the folder that \($0) names" }
          ?? "a folder of their own"))
      + reference.contract.secrets.map { secret in
        let strength = secret.bits > 0 ? ", at least \(secret.bits) bits" : ""
        return .comment(
          """

          \(secret.name) in file \(secret.fileName): \(secret.form.readable)\(strength).
          \(secret.help)
          """, from: reference.origins(of: secret))
      }
  }
}
