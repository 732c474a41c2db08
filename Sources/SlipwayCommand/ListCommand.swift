import ArgumentParser
import SlipwayDiagnostics
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
      for part in generation.parts {
        terminal.say(part.name.isEmpty ? "all environments" : part.name)
        if let environment = part.environment {
          let services = environment.services.map(\.name).joined(separator: " ")
          terminal.say("  services: \(services)")
        }
        for file in part.files { terminal.say("  \(file.path)") }
      }
      terminal.show(generation.findings)
      return generation.isRefused ? .refused : .clean
    }
  }
}
