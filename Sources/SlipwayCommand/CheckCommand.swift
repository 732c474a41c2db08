import ArgumentParser
import SlipwayDiagnostics
import SlipwayPipeline

/// `slipway check`
struct CheckCommand: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Compares what would be generated with what stands there; writes nothing.")

  @OptionGroup var common: CommonOptions

  func run(_ declared: Declared) -> ExitStatus {
    common.open(declared) { workspace, environments, terminal in
      let generation = workspace.generate(environments)
      guard !generation.isRefused else {
        terminal.show(generation.findings)
        terminal.complain("refused: \(tally(generation.findings)). Nothing was written.")
        return .refused
      }
      do throws(Disk.Failure) {
        let report = DriftReport(generation, on: try workspace.disk.state().only(generation))
        let findings = report.findings(command: declared.command)
        terminal.show(generation.findings + findings)
        guard findings.isEmpty else {
          terminal.complain(
            "drift: \(findings.count) \(findings.count == 1 ? "file differs" : "files differ"). "
              + "Nothing was written. To mend it: \(declared.command)")
          return .drift
        }
        terminal.say(
          "checked \(generation.files.count) files: no drift; \(tally(generation.findings))")
        return .clean
      } catch {
        terminal.complain("error: '\(error.path)' \(error.message)")
        return .disk
      }
    }
  }
}

extension DiskState {
  /// Leaves out the folders of environments that were not asked for.
  fileprivate func only(_ generation: Generation) -> DiskState {
    if generation.parts.contains(where: { $0.name.isEmpty }) { return self }
    let folders = generation.parts.map { "generated/\($0.name)/" }
    return DiskState(
      files: files.filter { file in folders.contains { file.key.hasPrefix($0) } },
      obstacles: obstacles, folders: self.folders)
  }
}
