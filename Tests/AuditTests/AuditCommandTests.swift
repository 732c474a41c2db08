import Foundation
import TestSupport
import Testing

/// `slipway audit` as a person runs it.
struct AuditCommandTests {
  private static let compose = "services:\n  web:\n    image: shop/web:latest\n    oddity: 1\n"

  private func audit(_ arguments: String..., in folder: TemporaryFolder) async throws -> Tool.Output
  {
    try await Tool.built("slipway", ["audit"] + arguments, in: folder.path)
  }

  @Test func `text tells findings, notes and a summary, and the status is 1`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(Self.compose, to: "compose.yml")
      let output = try await audit(".", in: folder)
      #expect(output.status == 1)
      #expect(
        output.stderr.contains(
          "error[images/images-are-pinned]: image 'shop/web:latest' has the moving tag 'latest'"))
      #expect(output.stderr.contains("::: compose.yml:3"))
      #expect(output.stderr.contains("/slipway explain images/images-are-pinned\n"))
      #expect(
        output.stderr.contains("note: compose.yml:4: not understood: 'oddity' of service 'web'"))
      #expect(output.stdout.hasPrefix("audited 1 of 1 files: "))
    }
  }

  @Test func `files without a defect have the status 0`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write("GREETING=hello\n", to: ".env")
      let output = try await audit(".", in: folder)
      #expect(output.status == 0, "\(output)")
      #expect(output.stderr == "")
    }
  }

  @Test func `json is a list of findings and nothing else`() async throws {
    struct Entry: Decodable {
      struct Place: Decodable {
        let path: String
        let line: Int?
      }
      let rule: String
      let severity: String
      let lands: Place
    }
    try await withTemporaryFolder { folder in
      try folder.write(Self.compose, to: "compose.yml")
      let output = try await audit("--format", "json", ".", in: folder)
      let entries = try JSONDecoder().decode([Entry].self, from: Data(output.stdout.utf8))
      let pinned = entries.first { $0.rule == "images/images-are-pinned" }
      #expect(pinned?.lands.path == "compose.yml")
      #expect(pinned?.lands.line == 3)
      #expect(pinned?.severity == "error")
    }
  }

  @Test func `github is one annotation a line`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(Self.compose, to: "compose.yml")
      let output = try await audit("--format", "github", ".", in: folder)
      let lines = output.stdout.split(separator: "\n")
      #expect(lines.allSatisfy { $0.hasPrefix("::error ") || $0.hasPrefix("::warning ") })
      #expect(
        lines.contains { $0.hasPrefix("::error file=compose.yml,line=3,title=images/images-are-") })
    }
  }

  @Test func `sarif is one log`() async throws {
    struct Log: Decodable {
      struct Run: Decodable {
        struct Result: Decodable { let ruleId: String }
        let results: [Result]
      }
      let version: String
      let runs: [Run]
    }
    try await withTemporaryFolder { folder in
      try folder.write(Self.compose, to: "compose.yml")
      let output = try await audit("--format", "sarif", ".", in: folder)
      let log = try JSONDecoder().decode(Log.self, from: Data(output.stdout.utf8))
      #expect(log.version == "2.1.0")
      #expect(log.runs.first?.results.contains { $0.ruleId == "images/images-are-pinned" } == true)
    }
  }

  @Test func `a path that is not there is one finding, and the rest is audited`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(Self.compose, to: "compose.yml")
      let output = try await audit("gone", "compose.yml", in: folder)
      #expect(output.status == 4)
      #expect(
        output.stderr.contains(
          "error[files/can-be-read]: 'gone' cannot be read: No such file or directory"))
      #expect(output.stderr.contains("error[images/images-are-pinned]"))
    }
  }

  @Test func `a file of a gigabyte is refused by its size alone`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(Self.compose, to: "compose.yml")
      try folder.write("", to: "huge.yml")
      #expect(truncate(folder.path(of: "huge.yml"), 1 << 30) == 0)
      // With room for 768 MiB only: reading the file first would end the process.
      let output = try await Tool.program(
        "/bin/sh", ["-c", "ulimit -v 786432 && exec \"$0\" audit .", "\(buildFolder)/slipway"],
        in: folder.path)
      #expect(output.status == 1)
      #expect(
        output.stderr.contains(
          "the file is too large: 1073741824 bytes are more than the 16777216"))
      #expect(output.stderr.contains("error[images/images-are-pinned]"))
    }
  }

  @Test func `a folder without the right to read it is one finding`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write(Self.compose, to: "compose.yml")
      try folder.write(Self.compose, to: "locked/compose.yml")
      let locked = folder.path(of: "locked")
      #expect(chmod(locked, 0) == 0 && chmod(folder.path, 0o755) == 0)
      defer { chmod(locked, 0o700) }
      // Nothing is locked for root, so the command runs as nobody then.
      let output =
        if geteuid() == 0 {
          try await Tool.program(
            "/usr/bin/setpriv",
            [
              "--reuid=65534", "--regid=65534", "--clear-groups", "\(buildFolder)/slipway", "audit",
              ".",
            ], in: folder.path)
        } else {
          try await audit(".", in: folder)
        }
      #expect(output.status == 4, "\(output)")
      #expect(
        output.stderr.contains(
          "error[files/can-be-read]: 'locked' cannot be read: Permission denied"))
      #expect(output.stderr.components(separatedBy: "files/can-be-read").count == 2)
      #expect(output.stderr.contains("::: compose.yml:3"))
    }
  }

  @Test func `a rule of the audit is explained by its name`() async throws {
    let output = try await Tool.built("slipway", ["explain", "edge/includes-end"])
    #expect(output.status == 0)
    #expect(output.stdout.hasPrefix("edge/includes-end\n  why:     nginx reads the files round"))
  }

  @Test func `a wrong call has the status 2`() async throws {
    try await withTemporaryFolder { folder in
      let format = try await audit("--format", "xml", ".", in: folder)
      #expect(format.status == 2)
      let nothing = try await audit(in: folder)
      #expect(nothing.status == 2)
    }
  }
}
