import ArgumentParser
import Slipway
import SlipwayDiagnostics
import SlipwayPipeline

/// `slipway generate`
struct GenerateCommand: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Writes the files of all environments; refuses on any error, and then writes none.")

  @OptionGroup var common: CommonOptions

  @Option(help: "A file whose hand edits may be thrown away; may be given several times.")
  var force: [String] = []

  func run(_ declared: Declared) -> ExitStatus {
    common.open(declared) { workspace, environments, terminal in
      let generation = workspace.generate(environments)
      guard !generation.isRefused else {
        terminal.show(generation.findings)
        terminal.complain("refused: \(tally(generation.findings)). Nothing was written.")
        return .refused
      }
      do throws(Disk.Failure) {
        let plan = WritePlan(generation, on: try workspace.disk.state(), forced: Set(force))
        let findings = generation.findings + plan.findings
        terminal.show(findings)
        guard plan.findings.isEmpty else {
          terminal.complain("refused: \(tally(findings)). Nothing was written.")
          return .refused
        }
        try workspace.disk.apply(plan)
        terminal.say(Self.summary(plan, environments, findings))
        return .clean
      } catch {
        terminal.complain("error: '\(error.path)' \(error.message)")
        return .disk
      }
    }
  }

  private static func summary(
    _ plan: WritePlan, _ environments: [AnyEnvironment], _ findings: [Finding]
  ) -> String {
    let names = environments.map(\.value.name).joined(separator: ", ")
    return "generated \(names): \(plan.writes.count) written, \(plan.unchanged) unchanged, "
      + "\(plan.removals.count) removed; \(tally(findings))"
  }
}

extension Workspace {
  /// The chosen environments. The files that stand once for all are made only with all of them.
  func generate(_ chosen: [AnyEnvironment], isTraced: Bool = false) -> Generation {
    let generation = generator.generate(
      chosen, isWhole: chosen.count == environments.count, isTraced: isTraced)
    let expired = Waivers(project.waivers).expired(on: today)
    guard !expired.isEmpty else { return generation }
    return Generation(parts: generation.parts + [GeneratedPart(findings: expired)])
  }
}
