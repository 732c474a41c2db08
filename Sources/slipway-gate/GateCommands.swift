import ArgumentParser
import Foundation
import SlipwayDiagnostics
import SlipwayEvidence

/// Exit statuses, the same as those of `slipway`. (design §6)
enum ExitStatus: Int32 {
  case clean = 0
  case refused = 1
  case usage = 2
  case drift = 3
  case disk = 4
}

/// The commands that read what is outside of the repository; `slipway` finds and runs them as git
/// runs its own.
enum GateCommands {
  static func run(_ arguments: [String], at clock: Clock) async -> ExitStatus {
    do {
      var command = try GateArguments.parseAsRoot(arguments)
      if let command = command as? any GateCommand { return await command.run(at: clock) }
      // The parser's own: help, of the command that was asked about. It throws what it says.
      try command.run()
      return .clean
    } catch {
      let text = GateArguments.fullMessage(for: error)
      guard GateArguments.exitCode(for: error) != .success else {
        Terminal.out(text)
        return .clean
      }
      // The parser's own status is 64; ours is 2, as everywhere. (design §6)
      Terminal.complain(text)
      return .usage
    }
  }
}

protocol GateCommand {
  func run(at clock: Clock) async -> ExitStatus
}

/// What only the composition root may ask the machine.
struct Clock {
  /// As YYYY-MM-DD.
  let day: String
  let now: PointInTime
}

struct GateArguments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slipway-gate",
    abstract: "The commands of slipway that need the network; run them as `slipway COMMAND`.",
    subcommands: [
      AskCommand.self, LockCommand.self, PKICommand.self, SealCommand.self, SecretsCommand.self,
      SignOffCommand.self,
    ])
}

/// How findings are printed.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument { case text, json, github }

/// The two streams: results to standard output, findings to standard error.
struct Terminal {
  let format: OutputFormat

  func show(_ findings: [Finding]) {
    guard !findings.isEmpty || format == .json else { return }
    let source = NoSourceText()
    switch format {
    case .text:
      let colours = isatty(2) == 1 && getenv("NO_COLOR") == nil
      // What is found here is no rule of `slipway explain`: why and fix say it all.
      let printer = TextPrinter(source: source, colours: colours, explained: [])
      let text = printer.print(findings)
      FileHandle.standardError.write(Data(text.utf8))
    case .json: Self.write(JSONPrinter(source: source).print(findings))
    case .github: Self.write(GitHubPrinter(source: source).print(findings))
    }
  }

  /// A line for people; programs get findings only.
  func say(_ line: String) {
    if format == .text { Self.out(line) } else { Self.complain(line) }
  }

  static func out(_ line: String) { write(line + "\n") }

  static func complain(_ line: String) { FileHandle.standardError.write(Data("\(line)\n".utf8)) }

  static func write(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }
}

/// `1 error, 2 warnings`.
func tally(_ findings: [Finding]) -> String {
  let errors = findings.filter { $0.severity == .error }.count
  return "\(counted(errors, "error")), \(counted(findings.count - errors, "warning"))"
}

/// `1 image`, `2 images`.
func counted(_ count: Int, _ one: String, _ many: String? = nil) -> String {
  "\(count) \(count == 1 ? one : many ?? one + "s")"
}
