import TestSupport
import Testing

/// What `rehearsals/database.sh` found, one `NAME VALUE` a line.
///
/// All generated jobs run once for all tests, on a real server and with a real pgBackRest whose
/// object store is a folder; looking changes nothing.
struct DatabaseRun: Sendable {
  let facts: [String: String]
  let output: Tool.Output

  subscript(_ name: String) -> String { facts[name] ?? "no fact '\(name)'" }

  var story: Comment { "\(output)" }

  /// How a job ended: its status, and the last line that it said.
  func ended(_ name: String) -> (status: Int?, said: String) {
    let parts = self[name].split(separator: " ", maxSplits: 1)
    return (parts.first.flatMap { Int($0) }, parts.count > 1 ? String(parts[1]) : "")
  }

  static func shared() async throws -> DatabaseRun { try await run.value }

  private static let run = Task {
    let tests = "\(packageRoot)/Tests/ScriptTests"
    let output = try await Tool.script(
      "stores-sandbox",
      [
        "\(packageRoot)/generated/prod", "\(tests)/stand-ins/server", "bash",
        "\(tests)/rehearsals/database.sh", "\(packageRoot)/generated/prod/scripts/jobs",
      ])
    var facts: [String: String] = [:]
    for line in output.stdout.split(separator: "\n") {
      let parts = line.split(separator: " ", maxSplits: 1)
      let value = parts.count > 1 ? String(parts[1]) : ""
      facts[String(parts[0])] = value.last == " " ? String(value.dropLast()) : value
    }
    try #require(facts["end"] == "yes", "\(output)")
    return DatabaseRun(facts: facts, output: output)
  }
}
