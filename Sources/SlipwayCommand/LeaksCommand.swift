import ArgumentParser
import Glibc
import Slipway
import SlipwayAudit
import SlipwayDiagnostics
import SlipwayLeaks
import SlipwayPipeline

/// `slipway leaks`
struct LeaksCommand: ParsableCommand, SlipwayCommand {
  private static let formats =
    AuditCommand.Format.allCases.map(\.rawValue).joined(separator: ", ")

  static let configuration = CommandConfiguration(
    commandName: "leaks",
    abstract: "Looks for secrets: in the repository and its whole history, or in what is named.",
    discussion: """
      Finds tokens that say what they are, values that look random and are given to names that \
      promise a secret, published sample values, and the values of --values in every form. No \
      finding holds what was found, only the first digits of its digest.
      """)

  @Option(
    help: """
      A folder with one secret a file, or a file with one secret a line (NAME=VALUE or the value \
      alone), whose values must stand nowhere; several times.
      """)
  var values: [String] = []

  @Option(
    help:
      "How findings are printed: \(Self.formats)."
  )
  var format: AuditCommand.Format = .text

  @Argument(
    help: ArgumentHelp(
      "Files and folders; if none is named, all of the repository here.", valueName: "path"))
  var paths: [String] = []

  func run(_ declared: Declared) -> ExitStatus {
    let known: KnownValues
    switch LeakValues.read(values) {
    case .success(let read): known = KnownValues(read)
    case .failure(let failure):
      Terminal.write("error: \(failure.message)\n", to: STDERR_FILENO)
      return .disk
    }
    let scanner = LeakScanner(denied: declared.project.contract.deniedSecrets, known: known)
    var search = LeakSearch(scanner: scanner, harmless: declared.harmless)
    do throws(GitFailure) {
      if paths.isEmpty { try search.repository() } else { search.files(paths) }
    } catch {
      Terminal.write("error: \(error.message)\n", to: STDERR_FILENO)
      return .disk
    }
    show(search)
    let short = known.skipped == 0 ? "" : "; \(known.skipped) values are too short to look for"
    // Programs get their format alone on standard output.
    Terminal.write(
      "looked through \(search.looked): \(tally(search.findings))\(short)\n",
      to: format == .text ? STDOUT_FILENO : STDERR_FILENO)
    if search.hasFailed { return .disk }
    return search.findings.contains { $0.severity == .error } ? .refused : .clean
  }

  private func show(_ search: LeakSearch) {
    // What stands on the line is the secret: no printer is given the files.
    let source = NoSourceText()
    let findings = search.findings
    switch format {
    case .text:
      let colours = isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil
      let printer = TextPrinter(
        source: source, colours: colours, program: Invocation.program,
        explained: Set(ExplainedRule.names))
      Terminal.write(printer.print(findings), to: STDERR_FILENO)
    case .json: Terminal.write(JSONPrinter(source: source).print(findings), to: STDOUT_FILENO)
    case .github: Terminal.write(GitHubPrinter(source: source).print(findings), to: STDOUT_FILENO)
    case .sarif:
      let printer = SARIFPrinter(source: source, version: SlipwayVersion.current)
      let rules = LeakScanner.rules.map {
        SARIFPrinter.Rule(id: $0.id, why: $0.why, fix: $0.fix)
      }
      let notices = search.notes.map {
        SARIFPrinter.Notice("not looked into: \($0.reason)", path: $0.path, line: 1)
      }
      Terminal.write(
        printer.print(findings, rules: rules, notices: notices), to: STDOUT_FILENO)
      return
    }
    for note in search.notes {
      Terminal.write(
        "note: '\(note.path)' was not looked into: \(note.reason)\n", to: STDERR_FILENO)
    }
  }
}

/// The values that a person is afraid for.
enum LeakValues {
  struct Failure: Error { let message: String }

  static func read(_ paths: [String]) -> Result<[[UInt8]], Failure> {
    var values: [[UInt8]] = []
    for path in paths {
      var information = stat()
      let isFolder = stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
      let read = AuditFiles([path], skipping: [])
      for file in read.files {
        guard let bytes = file.bytes else {
          return .failure(Failure(message: "the values of '\(file.shown)' cannot be read"))
        }
        values += isFolder ? [bytes] : lines(bytes)
      }
    }
    return .success(values)
  }

  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: 0x0A).map { line in
      let name = line.prefix {
        $0 == 0x5F || (0x41...0x5A).contains($0) || (0x30...0x39).contains($0)
      }
      let rest = line.dropFirst(name.count)
      guard !name.isEmpty, rest.first == UInt8(ascii: "=") else { return Array(line) }
      let value = Array(rest.dropFirst())
      let isQuoted =
        value.count >= 2 && value.first == value.last && [0x22, 0x27].contains(value[0])
      return isQuoted ? Array(value.dropFirst().dropLast()) : value
    }
  }
}
