import ArgumentParser
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel
import SlipwayPipeline

/// `slipway explain`
struct ExplainCommand: ParsableCommand, SlipwayCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Says which line of a specification made a line of a file, or what a finding means.")

  @OptionGroup var common: CommonOptions

  @Flag(help: "Everything that can be explained, as one page of Markdown.")
  var page = false

  @Argument(help: "FILE:LINE of a generated file, or the name of a rule or finding.")
  var subject: String?

  func validate() throws {
    switch (subject, page) {
    case (nil, false): throw ValidationError("Missing expected argument '<subject>'")
    case (_?, true): throw ValidationError("Give a subject or '--page', not both")
    default: break
    }
  }

  func run(_ declared: Declared) -> ExitStatus {
    guard let subject else {
      common.terminal().answer(RulesPage.text, .list(ExplainedRule.all.map(\.json)))
      return .clean
    }
    // A promise that both generator and audit keep is explained twice.
    let rules = ExplainedRule.all.filter { $0.id == subject }
    if !rules.isEmpty {
      common.terminal().answer(
        rules.map(\.text).joined(separator: "\n"), .list(rules.map(\.json)))
      return .clean
    }
    let parts = subject.split(separator: ":")
    guard parts.count == 2, let line = Int(parts[1]), line > 0 else {
      common.terminal().complain(Self.unknown(subject))
      return .usage
    }
    return explain(String(parts[0]), line, declared)
  }

  /// What is typed looks like a name or like a path; either is answered with what comes nearest.
  static func unknown(_ subject: String) -> String {
    guard !OutputFolder.all.contains(where: subject.hasPrefix) else {
      return "error: '\(subject)' names no line; write FILE:LINE: \(subject):1"
    }
    let near = NearestNames.of(subject, among: ExplainedRule.names).map { "'\($0)'" }
    return "error: there is no rule or finding '\(subject)'; the nearest are "
      + near.joined(separator: ", ")
  }

  private func explain(_ path: String, _ line: Int, _ declared: Declared) -> ExitStatus {
    common.open(declared) { workspace, _, terminal in
      let generation = workspace.generate(workspace.environments, isTraced: true)
      let wanted = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
      guard let file = generation.files.first(where: { $0.path == wanted }) else {
        terminal.complain(
          "error: '\(path)' is not a generated file; see: \(Invocation.program) list")
        return .usage
      }
      let lines = file.printed.text.split(separator: "\n", omittingEmptySubsequences: false)
      guard lines.indices.contains(line - 1) else {
        terminal.complain("error: '\(path)' has \(lines.count - 1) lines")
        return .usage
      }
      let source = SpecificationSource(root: common.repository)
      let places = file.origins(atLine: line).map { WrittenPlace($0, in: source) }
      let made =
        places.isEmpty
        ? ["  the generator's own decision; no specification says it"]
        : places.flatMap(\.lines)
      terminal.answer(
        (["\(wanted):\(line)", "  | \(lines[line - 1])"] + made).joined(separator: "\n"),
        .map([
          .entry("path", .string(wanted)), .entry("line", .integer(line)),
          .entry("text", .string(String(lines[line - 1]))),
          .entry("written", .list(places.map(\.json))),
        ]))
      return .clean
    }
  }
}

/// A place of a specification, as it is shown.
private struct WrittenPlace {
  let file: String
  let line: Int
  let argument: String?
  let text: String?

  init(_ origin: Origin, in source: SpecificationSource) {
    let place = source.place(of: origin)
    file = source.display(origin.file)
    line = place?.line ?? origin.line
    argument = origin.argument
    text = place?.text
  }

  var lines: [String] {
    let name = argument.map { "  \($0):" } ?? ""
    return ["  written at \(file):\(line)\(name)"] + (text.map { ["    | \($0)"] } ?? [])
  }

  var json: JSONNode {
    .map([
      .entry("file", .string(file)), .entry("line", .integer(line)),
      .entry("argument", argument.map { .string($0) } ?? .null()),
      .entry("text", text.map { .string($0) } ?? .null()),
    ])
  }
}
