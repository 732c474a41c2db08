import ArgumentParser
import Foundation
import ServiceContract
import SlipwayEvidence
import SlipwayModel

/// `slipway secrets`
struct SecretsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "secrets",
    abstract: "Brings secrets from their source to the engine. Run on a manager.",
    discussion: """
      A value goes from its source through the standard input of the engine's client: it is never \
      in an argument, a variable, a file or a log. The specification names versions, so a new \
      value has a new name and stands beside the old one until every reader runs with it.
      """,
    subcommands: [StatusSecrets.self, SyncSecrets.self, RotateSecrets.self])
}

/// What every verb is told.
struct SecretsOptions: ParsableArguments {
  @Argument(help: "The environment: prod.")
  var environment: String

  @Option(help: "The generated files of the environment; generated/ENVIRONMENT if not given.")
  var generated: String?

  @Option(help: "The folder with a manager's records; what gate.json says if not given.")
  var state: String?

  @Option(help: "Seconds that a service may take to run with a new secret.")
  var wait: Int = 300

  func validate() throws {
    guard environment.wholeMatch(of: /[a-z][a-z0-9-]{0,62}/) != nil else {
      throw ValidationError("'\(environment)' is no name of an environment")
    }
    guard (1...3_600).contains(wait) else {
      throw ValidationError("--wait \(wait) is not from 1 to 3600")
    }
  }

  /// Runs a verb while nobody else, script or verb, works on the environment.
  func run(
    at clock: Clock, locked: Bool = true,
    _ body: (SecretKeeper) async throws(SecretRefusal) -> ExitStatus
  ) async -> ExitStatus {
    let variables = ProcessInfo.processInfo.environment
    do throws(ReadingFailure) {
      let folder = generated ?? "generated/\(environment)"
      let expectations = try GeneratedFile("\(folder)/gate.json").read {
        bytes throws(ReadingFailure) in
        try GateExpectations.read(bytes)
      }
      let plan = try GeneratedFile("\(folder)/secrets.json").read { bytes throws(ReadingFailure) in
        try SecretPlan.read(bytes)
      }
      guard plan.environment == environment, expectations.environment == environment else {
        throw ReadingFailure("'\(folder)' is of '\(plan.environment)', not of '\(environment)'")
      }
      guard expectations.stage != .development else {
        throw ReadingFailure(
          "the secrets of '\(environment)' are files that scripts/up makes; no engine keeps them")
      }
      let state = self.state ?? variables["SLIPWAY_STATE"] ?? expectations.state
      let source = try SecretSources(
        expectations: expectations, variables: variables, now: clock.now
      ).source()
      let lock = locked ? try await StateLock(state, environment, variables) : nil
      defer { lock?.release() }
      let deadlines = Deadlines(seconds: wait, poll: variables["SLIPWAY_POLL"])
      let keeper = SecretKeeper(
        plan, expectations.secrets, from: source, to: DockerSecrets(stack: plan.stack),
        recorded: try RecordedSecrets.names(in: state), pause: { await deadlines.pause() },
        say: { line in
          deadlines.restart()
          Terminal.complain(line)
        })
      do throws(SecretRefusal) {
        return try await body(keeper)
      } catch {
        for reason in error.reasons { Terminal.complain("error: \(reason)") }
        return .refused
      }
    } catch {
      Terminal.complain("refused: \(error.clause)")
      return .refused
    }
  }
}

struct StatusSecrets: ParsableCommand, GateCommand {
  static let configuration = CommandConfiguration(
    commandName: "status",
    abstract: "Compares specification, engine and source; status 1 if something is to be done.")
  @OptionGroup var options: SecretsOptions

  func run(at clock: Clock) async -> ExitStatus {
    await options.run(at: clock, locked: false) { keeper throws(SecretRefusal) in
      let all = try await keeper.status(now: clock.now)
      for status in all {
        let words = status.faults.isEmpty ? "fine" : status.faults.joined(separator: "; ")
        Terminal.out("\(status.name) v\(status.version): \(words)")
      }
      return all.allSatisfy(\.faults.isEmpty) ? .clean : .refused
    }
  }
}

struct SyncSecrets: ParsableCommand, GateCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Gives the engine every secret that the specification names and it does not have.",
    discussion: "All values are judged before the first is created. Nothing is removed.")
  @OptionGroup var options: SecretsOptions

  func run(at clock: Clock) async -> ExitStatus {
    await options.run(at: clock) { keeper throws(SecretRefusal) in
      let made = try await keeper.sync()
      Terminal.out("\(options.environment): \(counted(made, "secret")) created")
      return .clean
    }
  }
}

struct RotateSecrets: ParsableCommand, GateCommand {
  static let configuration = CommandConfiguration(
    commandName: "rotate",
    abstract: "Brings the readers of secrets to the versions that the specification names.",
    discussion: """
      First put the new value into its source, write `.version(2, of: …)` into the environment's \
      `secrets:` and generate. New stands beside old; readers are rolled one after another; when \
      one does not take it, all go back. Interrupted, it is simply run again. Values that belong \
      together, such as a certificate and its key, are named in one call.
      """)
  @OptionGroup var options: SecretsOptions

  @Argument(help: "Names as the contract has them: JWT_SECRET_KEY.")
  var names: [String]

  func run(at clock: Clock) async -> ExitStatus {
    await options.run(at: clock) { keeper throws(SecretRefusal) in
      try await keeper.rotate(names)
      Terminal.out("\(options.environment): \(names.joined(separator: ", ")) rotated")
      return .clean
    }
  }
}
