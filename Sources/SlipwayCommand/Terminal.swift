import Glibc
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayRules

/// Exit statuses; the table stands in the README. (design §6)
enum ExitStatus: Int32 {
  case clean = 0
  case refused = 1
  case usage = 2
  case drift = 3
  case disk = 4
}

/// How findings are printed.
enum OutputFormat: String, CaseIterable, Sendable { case text, json, github }

/// The two streams: results to standard output, findings to standard error.
struct Terminal {
  let format: OutputFormat
  let source: any SourceText
  /// As the user types it; hints name it.
  let program: String

  /// Colours only for people.
  private static var isInteractive: Bool {
    isatty(STDERR_FILENO) == 1 && getenv("NO_COLOR") == nil
  }

  func show(_ findings: [Finding]) {
    guard !findings.isEmpty || format == .json else { return }
    switch format {
    case .text:
      let printer = TextPrinter(
        source: source, colours: Self.isInteractive, program: program,
        explained: Set(ExplainedRule.names))
      Self.write(printer.print(findings), to: STDERR_FILENO)
    case .json: Self.write(JSONPrinter(source: source).print(findings), to: STDOUT_FILENO)
    case .github: Self.write(GitHubPrinter(source: source).print(findings), to: STDOUT_FILENO)
    }
  }

  /// What a command was asked for: words for people, a value for programs.
  func answer(_ text: String, _ value: JSONNode) {
    guard format == .json, let json = try? Document.json(value).print() else {
      return Self.write(text + "\n", to: STDOUT_FILENO)
    }
    Self.write(json, to: STDOUT_FILENO)
  }

  /// A line for people; programs get findings only.
  func say(_ line: String) {
    Self.write(line + "\n", to: format == .text ? STDOUT_FILENO : STDERR_FILENO)
  }

  func complain(_ line: String) { Self.write(line + "\n", to: STDERR_FILENO) }

  static func write(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var done = 0
    while done < bytes.count {
      let count = bytes[done...].withUnsafeBytes {
        Glibc.write(descriptor, $0.baseAddress, $0.count)
      }
      if count < 0 && errno == EINTR { continue }
      // A reader that went away is no reason to fail.
      if count <= 0 { return }
      done += count
    }
  }
}

/// `1 error, 2 warnings`.
func tally(_ findings: [Finding]) -> String {
  let errors = findings.filter { $0.severity == .error }.count
  let warnings = findings.count - errors
  return "\(errors) \(errors == 1 ? "error" : "errors"), "
    + "\(warnings) \(warnings == 1 ? "warning" : "warnings")"
}
