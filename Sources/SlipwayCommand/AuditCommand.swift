import ArgumentParser
import Glibc
import ServiceContract
import Slipway
import SlipwayAudit
import SlipwayDiagnostics
import SlipwayPipeline

/// `slipway audit`
struct AuditCommand: ParsableCommand, SlipwayCommand {
  /// How findings are printed; programs that show them beside lines read SARIF.
  enum Format: String, CaseIterable, ExpressibleByArgument { case text, json, sarif, github }

  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract:
      "Holds files that nobody generated against the rules; together they are one deployment.",
    discussion: """
      Reads Compose, nginx, Prometheus, Alertmanager, Grafana, GitHub workflow, Dockerfile, dotenv \
      and shell files. What it does not know is told as a note and is never an error.
      """)

  @Option(
    help: "How findings are printed: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
  var format: Format = .text

  @Option(
    help: ArgumentHelp(
      "A file of findings that are let pass for a time: docs/audit.md.", valueName: "file"))
  var waivers: String?

  @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
  var paths: [String]

  func run(_ declared: Declared) -> ExitStatus {
    let read = AuditFiles(paths)
    let known = KnownMetrics(
      exporters: Set(declared.project.exporters.flatMap(\.seriesNames)),
      service: Set(declared.project.contract.metrics.flatMap(\.seriesNames)))
    let report = Audit.run(read.files, known: known)
    let findings: [Finding]
    do throws(Disk.Failure) {
      findings = try borne(report.findings, declared.today)
    } catch {
      Terminal.write("error: '\(error.path)' \(error.message)\n", to: STDERR_FILENO)
      return .disk
    }
    show(report, findings)
    let words = "audited \(report.understood) of \(read.files.count) files: \(tally(findings))"
    // Programs get their format alone on standard output.
    Terminal.write(words + "\n", to: format == .text ? STDOUT_FILENO : STDERR_FILENO)
    if read.hasFailed { return .disk }
    return findings.contains { $0.severity == .error } ? .refused : .clean
  }

  /// The findings, with those that are let pass as warnings.
  private func borne(_ findings: [Finding], _ today: Day) throws(Disk.Failure) -> [Finding] {
    guard let waivers else { return findings }
    guard let text = try Disk(root: waivers.hasPrefix("/") ? "" : ".").read(waivers) else {
      throw Disk.Failure(waivers, "cannot be read", ENOENT)
    }
    return AuditWaivers(text, file: waivers, today: today).applied(to: findings)
  }

  private func show(_ report: AuditReport, _ findings: [Finding]) {
    let source = NoSourceText()
    switch format {
    case .text:
      let colours = isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil
      let printer = TextPrinter(
        source: source, colours: colours, program: Invocation.program,
        explained: Set(ExplainedRule.names))
      Terminal.write(printer.print(findings), to: STDERR_FILENO)
    case .json:
      Terminal.write(JSONPrinter(source: source).print(findings), to: STDOUT_FILENO)
    case .github:
      Terminal.write(GitHubPrinter(source: source).print(findings), to: STDOUT_FILENO)
    case .sarif:
      let printer = SARIFPrinter(source: source, version: SlipwayVersion.current)
      let rules = AuditRules.all.map { SARIFPrinter.Rule(id: $0.id, why: $0.why, fix: $0.fix) }
      let notices = report.notes.map {
        SARIFPrinter.Notice(
          "not understood: \($0.message)", path: $0.spot.path, line: $0.spot.line)
      }
      Terminal.write(
        printer.print(findings, rules: rules, notices: notices), to: STDOUT_FILENO)
      return
    }
    for note in report.notes {
      let place = "\(note.spot.path):\(note.spot.line)"
      Terminal.write("note: \(place): not understood: \(note.message)\n", to: STDERR_FILENO)
    }
  }
}
