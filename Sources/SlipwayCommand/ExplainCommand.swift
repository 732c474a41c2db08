import ArgumentParser
import SlipwayDiagnostics
import SlipwayModel
import SlipwayPipeline

/// `slipway explain`
struct ExplainCommand: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says which line of a specification made a line of a file, or what a rule promises.")

  @OptionGroup var common: CommonOptions

  @Argument(help: "FILE:LINE of a generated file, or the name of a rule.")
  var subject: String

  func run(_ declared: Declared) -> ExitStatus {
    // A promise that both generator and audit keep is explained twice.
    let rules = ExplainedRule.all.filter { $0.id == subject }
    if !rules.isEmpty {
      common.terminal().say(rules.map(\.text).joined(separator: "\n"))
      return .clean
    }
    let parts = subject.split(separator: ":")
    guard parts.count == 2, let line = Int(parts[1]), line > 0 else {
      common.terminal().complain(
        "error: '\(subject)' is neither a rule nor FILE:LINE; rules: "
          + ExplainedRule.all.map(\.id).joined(separator: ", "))
      return .usage
    }
    return explain(String(parts[0]), line, declared)
  }

  private func explain(_ path: String, _ line: Int, _ declared: Declared) -> ExitStatus {
    common.open(declared) { workspace, _, terminal in
      let generation = workspace.generate(workspace.environments)
      let wanted = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
      guard let file = generation.files.first(where: { $0.path == wanted }) else {
        terminal.complain("error: '\(path)' is not a generated file; see: slipway list")
        return .usage
      }
      let lines = file.printed.text.split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.indices.contains(line - 1) else {
        terminal.complain("error: '\(path)' has \(lines.count - 1) lines")
        return .usage
      }
      terminal.say("\(wanted):\(line)\n  | \(lines[line - 1])")
      let origins = file.origins(atLine: line)
      let source = SpecificationSource(root: common.root)
      for origin in origins {
        let place = source.place(of: origin)
        let argument = origin.argument.map { "  \($0):" } ?? ""
        let line = place?.line ?? origin.line
        terminal.say("  written at \(source.display(origin.file)):\(line)\(argument)")
        if let text = place?.text { terminal.say("    | \(text)") }
      }
      if origins.isEmpty {
        terminal.say("  the generator's own decision; no specification says it")
      }
      return .clean
    }
  }
}
