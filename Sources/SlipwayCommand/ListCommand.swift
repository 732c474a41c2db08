import ArgumentParser
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel
import SlipwayPipeline

/// `slipway list`
struct ListCommand: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lists environments, their services and their files.")

  @OptionGroup var common: CommonOptions

  func run(_ declared: Declared) -> ExitStatus {
    common.open(declared) { workspace, environments, terminal in
      let generation = workspace.generate(environments)
      terminal.answer(
        generation.parts.flatMap(\.lines).joined(separator: "\n"),
        .list(generation.parts.map(\.json)))
      // Programs are given one value; what is wrong with it is for `check` to say.
      if common.format != .json { terminal.show(generation.findings) }
      return generation.isRefused ? .refused : .clean
    }
  }
}

extension GeneratedPart {
  fileprivate var services: [String] { environment?.services.map(\.name) ?? [] }

  fileprivate var lines: [String] {
    let services = environment == nil ? [] : ["  services: \(services.joined(separator: " "))"]
    return [name.isEmpty ? "all environments" : name] + services + files.map { "  \($0.path)" }
  }

  /// An environment without a name is what stands once for all.
  fileprivate var json: JSONNode {
    .map([
      .entry("environment", .string(name)),
      .entry("services", .list(services.map { .string($0) })),
      .entry("files", .list(files.map { .string($0.path) })),
    ])
  }
}
