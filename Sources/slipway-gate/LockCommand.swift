import ArgumentParser
import SlipwayDiagnostics
import SlipwayEvidence

/// `slipway lock`
struct LockCommand: ParsableCommand, GateCommand {
  static let configuration = CommandConfiguration(
    commandName: "lock",
    abstract: "Asks registries and git what the lock file's tags mean now, and writes it down.",
    discussion: """
      No tag is ever chosen: write another one into the lock file, then run this. Anything that \
      cannot be read, or is not what it says, leaves the file as it is.
      """)

  @Option(help: "The lock file.")
  var lock: String = "environments/Lock.json"

  @Flag(help: "Writes nothing; status 3 if a tag means something else than the lock file says.")
  var check = false

  @Option(help: "Only this image or action, with or without its tag; may be given several times.")
  var only: [String] = []

  @Option(
    help: "Locks what is not in the file yet: NAME:TAG or OWNER/NAME@VERSION; several times.")
  var add: [String] = []

  @Option(help: "FROM=[https://]HOST[:PORT][/PREFIX]: asks a mirror of a registry; several times.")
  var registryMap: [String] = []

  @Option(
    help: "FROM=ADDRESS: asks a mirror, or a folder with repositories, in place of a git host.")
  var gitMap: [String] = []

  @Flag(help: "A mirror on this machine may be read without encryption.")
  var insecureLoopback = false

  @Option(help: "Seconds that one request may take, from 1 to 600.")
  var timeout: Int = 10

  @Option(help: "The date that changed entries get, as YYYY-MM-DD; today's if not given.")
  var today: String?

  @Option(help: "How findings are printed: text, json, github.")
  var format: OutputFormat = .text

  func validate() throws {
    guard (1...600).contains(timeout) else {
      throw ValidationError("--timeout \(timeout) is not from 1 to 600")
    }
    if let today, today.wholeMatch(of: /\d{4}-\d{2}-\d{2}/) == nil {
      throw ValidationError("--today '\(today)' is not YYYY-MM-DD")
    }
  }

  func run(at clock: Clock) async -> ExitStatus {
    let terminal = Terminal(format: format)
    let place = PlainFile(lock)
    do {
      let file = try LockFile.read(try place.text(), path: lock)
      guard let (inquiry, questions) = prepare(file) else { return .usage }
      let answers = await inquiry.answers(to: questions)
      let decision = LockDecision(file, answers, day: today ?? clock.day)
      let failures = decision.refusals + decision.gaps
      guard failures.isEmpty else {
        return refuse(failures, decision.refusals.isEmpty ? .disk : .refused, terminal)
      }
      let asked =
        "\(counted(questions.images.count, "image")) and "
        + counted(questions.actions.count, "action")
      if check { return report(decision, asked, terminal) }
      if decision.text != file.text { try place.replace(file.text, with: decision.text) }
      report(decision, written: asked, missing: file.missing, terminal)
      return .clean
    } catch let fault as LockFault {
      return refuse(fault.findings, .refused, terminal)
    } catch let failure as PlainFile.Failure {
      Terminal.complain("error: '\(lock)' \(failure.message)")
      return .disk
    } catch {
      Terminal.complain("error: \(error)")
      return .disk
    }
  }

  /// Whom to ask, and what; `nil` if the command line makes no sense.
  private func prepare(_ file: LockFile) -> (LockInquiry, LockQuestions)? {
    do {
      let registries = try Detours<RegistryAddress>(registryMap, option: "--registry-map") {
        text throws(AddressError) in
        try RegistryAddress(mirror: text, insecureLoopback: insecureLoopback)
      }
      let hosts = try Detours<GitHost>(gitMap, option: "--git-map") { text throws(AddressError) in
        try GitHost(mirror: text)
      }
      let questions = try file.questions(only: only, adding: add)
      let http = HTTPClient(limits: HTTPLimits(timeout: .seconds(timeout)))
      return (LockInquiry(http, registries: registries, hosts: hosts), questions)
    } catch let error as AddressError {
      Terminal.complain("error: \(error.message)")
    } catch let error as UnknownName {
      Terminal.complain("error: \(error.message)")
    } catch {
      Terminal.complain("error: \(error)")
    }
    return nil
  }

  private func refuse(
    _ findings: [Finding], _ status: ExitStatus, _ terminal: Terminal
  ) -> ExitStatus {
    terminal.show(findings)
    Terminal.complain("refused: \(tally(findings)). Nothing was written.")
    return status
  }

  /// What `--check` says.
  private func report(
    _ decision: LockDecision, _ asked: String, _ terminal: Terminal
  ) -> ExitStatus {
    let differences = decision.differences
    terminal.show(differences)
    guard differences.isEmpty else {
      Terminal.complain(
        "drift: \(counted(differences.count, "difference")) in \(asked). Nothing was written. "
          + "To mend it: slipway lock")
      return .drift
    }
    terminal.say("checked \(asked): each tag means what '\(lock)' says")
    return .clean
  }

  /// What happened to the file.
  private func report(
    _ decision: LockDecision, written asked: String, missing: [String], _ terminal: Terminal
  ) {
    terminal.show(decision.warnings)
    for change in decision.changes { terminal.say("  \(change.line)") }
    terminal.say(
      "locked \(asked): \(counted(decision.changes.count, "entry", "entries")) of "
        + "'\(lock)' changed; "
        + tally(decision.warnings))
    guard only.isEmpty, add.isEmpty else { return }
    for image in missing {
      terminal.say("not in the lock file: \(image); to add it: slipway lock --add \(image)")
    }
  }
}
