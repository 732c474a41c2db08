import ArgumentParser
import Glibc
public import Slipway
import SlipwayDiagnostics
import SlipwayModel

/// The one public entry point: an executable hands over its project and its environments, and has
/// all commands.
public enum SlipwayMain {
  /// Runs the command that the process was started with, and ends the process.
  ///
  /// - Parameters:
  ///   - project: What is true for all environments.
  ///   - environments: All of them, in the order in which reports name them.
  ///   - lock: The lock file, under the folder in which the command is run.
  ///   - command: What people type to generate; it stands in the first line of every file.
  ///   - harmless: What looks like a secret in the repository and is none.
  public static func run(
    _ project: Project, _ environments: [AnyEnvironment], lock: String = "environments/Lock.json",
    command: String = "make generate", harmless: [HarmlessText] = []
  ) -> Never {
    let declared = Declared(
      project: project, environments: environments, lock: lock, templates: packageRoot,
      command: command, harmless: harmless, today: today)
    exit(Commands.run(declared, Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  /// The one look at the clock. (``Declared/today``)
  private static var today: Day {
    var now = time(nil)
    var parts = tm()
    gmtime_r(&now, &parts)
    return .day(Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
  }

  /// The root of this package, where `templates/` stands: three folders above this file.
  private static var packageRoot: String {
    #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
  }
}

/// The commands, over values instead of a process.
enum Commands {
  static func run(_ declared: Declared, _ arguments: [String]) -> ExitStatus {
    if let unknown = Misspelling(in: arguments) {
      Terminal.write(unknown.message + "\n", to: STDERR_FILENO)
      return .usage
    }
    do {
      var command = try SlipwayArguments.parseAsRoot(arguments)
      if let command = command as? any SlipwayCommand {
        return command.run(declared)
      }
      // The parser's own commands: to run help is to throw the page of the command it was asked of.
      try command.run()
      return .clean
    } catch {
      let code = SlipwayArguments.exitCode(for: error)
      let text = SlipwayArguments.fullMessage(for: error) + "\n"
      guard code != .success else {
        Terminal.write(text, to: STDOUT_FILENO)
        return .clean
      }
      // The parser's own status is 64; ours is 2, as everywhere. (design §6)
      Terminal.write(text, to: STDERR_FILENO)
      return .usage
    }
  }
}

/// A command that can be run on what an executable declares.
protocol SlipwayCommand {
  func run(_ declared: Declared) -> ExitStatus
}

struct SlipwayArguments: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slipway",
    abstract: "Generates the files of a deployment from typed environments, and checks them.",
    subcommands: [
      GenerateCommand.self, CheckCommand.self, ExplainCommand.self, ListCommand.self,
      AuditCommand.self, LeaksCommand.self,
      LockForwarding.self, AskForwarding.self, SignOffForwarding.self, SecretsForwarding.self,
      PKIForwarding.self,
    ])
}

/// Options that every command has.
struct CommonOptions: ParsableArguments {
  @Option(help: "Only this environment; may be given several times.")
  var environment: [String] = []

  @Option(help: "The folder under which files are written and compared.")
  var output: String = "."

  @Option(help: "How findings are printed: \(OutputFormat.names).")
  var format: OutputFormat = .text

  /// The output folder as an absolute path, if it is there.
  var root: String { Self.absolute(output) }

  /// Where the command is run: the repository, whose specification and lock file are read.
  var repository: String { Self.absolute(".") }

  private static func absolute(_ path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  func terminal() -> Terminal {
    Terminal(
      format: format, source: SpecificationSource(root: repository), program: Invocation.program)
  }

  /// Opens the workspace, or says why not.
  func open(_ declared: Declared, _ body: (Workspace, [AnyEnvironment], Terminal) -> ExitStatus)
    -> ExitStatus
  {
    let terminal = terminal()
    do throws(Workspace.Failure) {
      let workspace = try Workspace.open(declared, output: root, repository: repository)
      return body(workspace, try workspace.chosen(environment), terminal)
    } catch {
      switch error {
      case .refused(let findings):
        terminal.show(findings)
        terminal.complain("refused: \(tally(findings)). Nothing was written.")
        return .refused
      case .unreadable(let failure):
        terminal.complain("error: '\(failure.path)' \(failure.message)")
        return .disk
      case .unknownEnvironment(let name, let known):
        terminal.complain(
          "error: there is no environment '\(name)'; there are: \(known.joined(separator: ", "))")
        return .usage
      }
    }
  }
}

extension OutputFormat: ExpressibleByArgument {
  static var names: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
