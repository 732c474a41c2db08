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

  @Argument(help: ArgumentHelp("Files and folders.", valueName: "path"))
  var paths: [String]

  func run(_ declared: Declared) -> ExitStatus {
    let read = AuditFiles(paths)
    let known = KnownMetrics(
      exporters: Set(declared.project.exporters.flatMap(\.seriesNames)),
      service: Set(declared.project.contract.metrics.flatMap(\.seriesNames)))
    let report = Audit.run(read.files, known: known)
    show(report)
    let words =
      "audited \(report.understood) of \(read.files.count) files: \(tally(report.findings))"
    // Programs get their format alone on standard output.
    Terminal.write(words + "\n", to: format == .text ? STDOUT_FILENO : STDERR_FILENO)
    if read.hasFailed { return .disk }
    return report.findings.contains { $0.severity == .error } ? .refused : .clean
  }

  private func show(_ report: AuditReport) {
    let source = NoSourceText()
    switch format {
    case .text:
      let colours = isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil
      let printer = TextPrinter(
        source: source, colours: colours, program: Invocation.program,
        explained: Set(AuditRules.all.map { $0.id }))
      Terminal.write(printer.print(report.findings), to: STDERR_FILENO)
    case .json:
      Terminal.write(JSONPrinter(source: source).print(report.findings), to: STDOUT_FILENO)
    case .github:
      Terminal.write(GitHubPrinter(source: source).print(report.findings), to: STDOUT_FILENO)
    case .sarif:
      let printer = SARIFPrinter(source: source, version: SlipwayVersion.current)
      let rules = AuditRules.all.map { SARIFPrinter.Rule(id: $0.id, why: $0.why, fix: $0.fix) }
      let notices = report.notes.map {
        SARIFPrinter.Notice(
          "not understood: \($0.message)", path: $0.spot.path, line: $0.spot.line)
      }
      Terminal.write(
        printer.print(report.findings, rules: rules, notices: notices), to: STDOUT_FILENO)
      return
    }
    for note in report.notes {
      let place = "\(note.spot.path):\(note.spot.line)"
      Terminal.write("note: \(place): not understood: \(note.message)\n", to: STDERR_FILENO)
    }
  }
}
