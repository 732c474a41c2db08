import ArgumentParser
import Foundation
import SlipwayEvidence
import SlipwayModel

extension GateKind: ExpressibleByArgument {}
extension GateSeat: ExpressibleByArgument {}

/// How a gate's report is printed.
enum ReportFormat: String, CaseIterable, ExpressibleByArgument { case text, json, markdown }

/// `slipway gate`
struct AskCommand: ParsableCommand, GateCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate",
    abstract: "Says whether a release may go into an environment, and what stands in its way.",
    discussion: """
      Every condition is PASS, FAIL or UNPROVEN; what is not proven counts as failed outside \
      development. There is no option that leaves a condition out. Status 0 lets the release in, \
      1 does not, 2 is for words that make no sense.
      """)

  @Argument(help: "The environment: prod.")
  var environment: String

  @Option(
    help: """
      release, firstRelease (nothing runs there yet), rollback, or commit (before anything is \
      built from it; CI asks).
      """)
  var kind: GateKind

  @Option(help: "The release record: a commit, and images by digest.")
  var record: String?

  @Option(help: "The commit, of 40 digits; of the kind 'commit', which has no record.")
  var commit: String?

  @Option(help: "The folder with the reports of the build; each folder in it has an about.json.")
  var evidence: String = "evidence"

  @Option(
    help: """
      Who asks: cluster (a manager, which sees everything), or delivery (a runner, which sees only \
      reports; its word starts a deployment, the cluster's lets it in).
      """)
  var seat: GateSeat?

  /// A commit is in no cluster.
  private var asking: GateSeat { seat ?? (kind == .commit ? .delivery : .cluster) }

  @Option(help: "The generated files of the environment; generated/ENVIRONMENT if not given.")
  var generated: String?

  @Option(help: "The folder with records and facts of a manager; what gate.json says if not given.")
  var state: String?

  @Option(help: "The lock file of the commit; only a delivery has one.")
  var lock: String = "environments/Lock.json"

  @Option(
    help: """
      Who may sign, as OpenSSH's allowed signers; STATE/signers on a cluster, environments/signers \
      for a delivery.
      """)
  var signers: String?

  @Option(help: "PEM of the authorities that are trusted; the machine's own if not given.")
  var authorities: String?

  @Option(help: "How the report is printed: text, json, markdown.")
  var format: ReportFormat = .text

  @Option(help: "A file to which the report is added as Markdown; GITHUB_STEP_SUMMARY if set.")
  var summary: String?

  func validate() throws {
    guard environment.wholeMatch(of: /[a-z][a-z0-9-]{0,62}/) != nil else {
      throw ValidationError("'\(environment)' is no name of an environment")
    }
    guard kind == .commit else {
      guard record != nil, commit == nil else {
        throw ValidationError("--kind \(kind.rawValue) is asked about a --record, and nothing else")
      }
      return
    }
    guard record == nil, seat != .cluster, let commit, commit.contains(/^[0-9a-f]{40}$/) else {
      throw ValidationError(
        "--kind commit is asked about a --commit of 40 digits, by the delivery alone")
    }
  }

  func run(at clock: Clock) async -> ExitStatus {
    let variables = ProcessInfo.processInfo.environment
    let report: GateReport
    do throws(ReadingFailure) {
      let expectations = try expectations()
      let state = self.state ?? variables["SLIPWAY_STATE"] ?? expectations.state
      let record = try asked(at: clock.now)
      let signed = SignedFiles(signers: "", now: clock.now)
      let records = ClusterCollector(
        state: state, metrics: "", evidence: evidence, signed: signed, now: clock.now)
      let isCluster = asking == .cluster
      let question = GateQuestion(
        expectations, kind: kind, seat: asking, record: record,
        running: isCluster ? try records.running() : nil, now: clock.now)
      let sources = GateSources(
        command: self, question: question, state: state, variables: variables)
      report = GateReport(
        question,
        await sources.evidence(kept: isCluster ? try records.kept(record.commit) : nil))
    } catch {
      // Nothing is known, so nothing is proven, and nothing goes out.
      Terminal.complain("refused: \(error.clause)")
      return .refused
    }
    guard show(report, to: summary ?? variables["GITHUB_STEP_SUMMARY"]) else { return .refused }
    return report.passes ? .clean : .refused
  }

  /// The release that is asked about; a commit is one without any image.
  private func asked(at now: PointInTime) throws(ReadingFailure) -> ReleaseRecord {
    guard let record else { return ReleaseRecord(commit: commit ?? "", created: now) }
    return try read(record) { bytes throws(ReadingFailure) in try ReleaseRecord.read(bytes) }
  }

  /// The generated files of the environment.
  var folder: String { generated ?? "generated/\(environment)" }

  private func expectations() throws(ReadingFailure) -> GateExpectations {
    let expectations = try read("\(folder)/gate.json") { bytes throws(ReadingFailure) in
      try GateExpectations.read(bytes)
    }
    guard expectations.environment == environment else {
      throw ReadingFailure(
        "'\(folder)/gate.json' is of '\(expectations.environment)', not of '\(environment)'")
    }
    return expectations
  }

  private func read<Value>(
    _ path: String, _ body: ([UInt8]) throws(ReadingFailure) -> Value
  ) throws(ReadingFailure) -> Value {
    do throws(BoundedFile.Failure) {
      let bytes = try BoundedFile(path, limit: BoundedFile.factBytes).bytes()
      do throws(ReadingFailure) {
        return try body(bytes)
      } catch {
        throw BoundedFile.Failure.unreadable(error.clause)
      }
    } catch {
      switch error {
      case .missing: throw ReadingFailure("there is no '\(path)'")
      case .unreadable(let why): throw ReadingFailure("'\(path)': \(why)")
      }
    }
  }

  private func show(_ report: GateReport, to summary: String?) -> Bool {
    do {
      switch format {
      case .text:
        let colours = isatty(1) == 1 && getenv("NO_COLOR") == nil
        Terminal.write(report.table(colours: colours))
      case .json: Terminal.write(try report.json())
      case .markdown: Terminal.write(report.markdown())
      }
      if let summary, !summary.isEmpty { try append(report.markdown(), to: summary) }
      return true
    } catch {
      Terminal.complain("error: the report cannot be written: \(error)")
      return false
    }
  }

  private func append(_ text: String, to path: String) throws {
    if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(filePath: path)) }
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    defer { try? file.close() }
    try file.seekToEnd()
    try file.write(contentsOf: Data(text.utf8))
  }
}
