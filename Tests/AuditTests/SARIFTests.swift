import Foundation
import SlipwayAudit
import SlipwayDiagnostics
import Testing

/// The log that code hosts read, held against the shape that the standard gives it.
struct SARIFTests {
  /// What SARIF 2.1.0 demands of the parts that are used here.
  private struct Log: Decodable {
    struct Text: Decodable { let text: String }
    struct Rule: Decodable {
      let id: String
      let shortDescription: Text
      let help: Text
    }
    struct Driver: Decodable {
      let name: String
      let version: String
      let rules: [Rule]
    }
    struct Tool: Decodable { let driver: Driver }
    struct Artifact: Decodable { let uri: String }
    struct Region: Decodable { let startLine: Int }
    struct Physical: Decodable {
      let artifactLocation: Artifact
      let region: Region?
    }
    struct Location: Decodable { let physicalLocation: Physical }
    struct Result: Decodable {
      let ruleId: String
      let ruleIndex: Int
      let level: String
      let message: Text
      let locations: [Location]
    }
    struct Notification: Decodable {
      let level: String
      let message: Text
      let locations: [Location]
    }
    struct Invocation: Decodable {
      let executionSuccessful: Bool
      let toolExecutionNotifications: [Notification]
    }
    struct Run: Decodable {
      let tool: Tool
      let columnKind: String
      let invocations: [Invocation]
      let results: [Result]
    }
    let version: String
    let runs: [Run]
  }

  private static func log(_ files: KeyValuePairs<String, String>) throws -> Log {
    let report = Audit.run(
      files.map { AuditedFile(path: $0.key, shown: $0.key, bytes: Array($0.value.utf8)) })
    let text = SARIFPrinter(source: NoSourceText(), version: "1.2.3").print(
      report.findings,
      rules: AuditRules.all.map { SARIFPrinter.Rule(id: $0.id, why: $0.why, fix: $0.fix) },
      notices: report.notes.map {
        SARIFPrinter.Notice($0.message, path: $0.spot.path, line: $0.spot.line)
      })
    return try JSONDecoder().decode(Log.self, from: Data(text.utf8))
  }

  @Test func `every finding is a result that points to its rule and its line`() throws {
    let log = try Self.log([
      "my stack/compose.yml": "services:\n  web:\n    image: \"a/b:latest\"\n    oddity: 1\n",
      "note.txt": "\"quoted\"\n",
    ])
    #expect(log.version == "2.1.0")
    let run = try #require(log.runs.first)
    #expect(log.runs.count == 1)
    #expect(run.tool.driver.name == "slipway")
    #expect(run.tool.driver.version == "1.2.3")
    #expect(run.columnKind == "unicodeCodePoints")
    #expect(!run.results.isEmpty)
    for result in run.results {
      #expect(["error", "warning"].contains(result.level))
      #expect(run.tool.driver.rules[result.ruleIndex].id == result.ruleId)
      #expect(
        result.locations.first?.physicalLocation.artifactLocation.uri == "my%20stack/compose.yml")
      #expect(result.locations.first?.physicalLocation.region?.startLine ?? 0 > 0)
      #expect(result.message.text.contains(". Fix: "))
    }
    let pinned = run.results.first { $0.ruleId == "images/images-are-pinned" }
    #expect(pinned?.locations.first?.physicalLocation.region?.startLine == 3)
    let notes = try #require(run.invocations.first).toolExecutionNotifications
    #expect(notes.map(\.level) == ["note", "note"])
    #expect(notes.first?.message.text == "'oddity' of service 'web'")
  }

  @Test func `without findings the log is whole and empty`() throws {
    let run = try #require(try Self.log([:]).runs.first)
    #expect(run.results.isEmpty && run.tool.driver.rules.isEmpty)
    #expect(run.invocations.first?.executionSuccessful == true)
  }

  @Test func `rules are described once each, in the order of their names`() throws {
    let run = try #require(
      try Self.log([
        "compose.yml": "services: {a: {image: 'x/a:latest'}, b: {image: 'x/b:latest'}}"
      ]).runs.first)
    let ids = run.tool.driver.rules.map(\.id)
    #expect(ids == Set(ids).sorted())
    #expect(
      run.tool.driver.rules.allSatisfy {
        !$0.help.text.isEmpty && !$0.shortDescription.text.isEmpty
      })
  }
}
