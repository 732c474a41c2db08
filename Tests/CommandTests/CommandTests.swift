import Foundation
import TestSupport
import Testing

/// The commands as a user runs them, over the repository's own environments.
struct CommandTests {
  private func slipway(
    _ arguments: String..., at folder: TemporaryFolder, environment: [String: String] = [:]
  ) async throws -> Tool.Output {
    try await Tool.built(
      "slipway", arguments + ["--output", folder.path], environment: environment)
  }

  private func expect(
    _ status: Int32, _ output: Tool.Output, at location: SourceLocation = #_sourceLocation
  ) {
    #expect(output.status == status, "\(output)", sourceLocation: location)
  }

  /// A folder with the lock file, as a repository has it.
  private func withRepository(
    _ body: (TemporaryFolder) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      let lock = try String(
        contentsOfFile: packageRoot + "/environments/Lock.json", encoding: .utf8)
      try folder.write(lock, to: "environments/Lock.json")
      try await body(folder)
    }
  }

  @Test func `generate writes, a second run changes nothing, and check agrees`() async throws {
    try await withRepository { folder in
      let first = try await slipway("generate", at: folder)
      #expect(first.status == 0, "\(first)")
      #expect(first.stdout.hasPrefix("generated dev, staging, prod: "))
      let second = try await slipway("generate", at: folder)
      #expect(second.stdout.contains(" 0 written, "), "\(second)")
      let check = try await slipway("check", at: folder)
      #expect(check.status == 0, "\(check)")
      #expect(check.stdout.contains("no drift"))
    }
  }

  @Test(.covers("S17-PR-02"))
  func `what is committed is what the specification says`() async throws {
    let check = try await Tool.built("slipway", ["check", "--output", packageRoot])
    #expect(check.status == 0, "\(check)")
  }

  @Test func `check tells a hand edit and names the command that mends it`() async throws {
    try await withRepository { folder in
      _ = try await slipway("generate", at: folder)
      let path = "generated/prod/docker-compose.yml"
      let text = try folder.read(path)
      try folder.write(text + "# mine\n", to: path)
      let check = try await slipway("check", at: folder)
      #expect(check.status == 3)
      #expect(check.stderr.contains("error[drift/edited-by-hand]"))
      #expect(check.stderr.contains("To mend it: make generate"))
      let refused = try await slipway("generate", at: folder)
      #expect(refused.status == 1)
      #expect(refused.stderr.hasSuffix("Nothing was written.\n"))
      let kept = try folder.read(path)
      #expect(kept == text + "# mine\n")
      let forced = try await slipway("generate", "--force", path, at: folder)
      #expect(forced.status == 0)
      let made = try folder.read(path)
      #expect(made == text)
    }
  }

  @Test func `a removed environment file is written again, an orphan of ours goes`() async throws {
    try await withRepository { folder in
      _ = try await slipway("generate", at: folder)
      try FileManager.default.removeItem(
        atPath: folder.path(of: "generated/dev/docker-compose.yml"))
      expect(3, try await slipway("check", at: folder))
      let again = try await slipway("generate", at: folder)
      #expect(again.stdout.contains(" 1 written, "), "\(again)")
    }
  }

  @Test func `a link where a file should be refuses, and nothing changes`() async throws {
    try await withRepository { folder in
      _ = try await slipway("generate", at: folder)
      let path = folder.path(of: "generated/prod/docker-compose.yml")
      try FileManager.default.removeItem(atPath: path)
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: folder.path(of: "environments/Lock.json"))
      let lock = try folder.read("environments/Lock.json")
      let result = try await slipway("generate", at: folder)
      #expect(result.status == 1)
      #expect(result.stderr.contains("error[output/is-a-plain-file]"))
      let after = try folder.read("environments/Lock.json")
      #expect(after == lock)
    }
  }

  @Test func `a full disk writes nothing at all`() async throws {
    try await withRepository { folder in
      // A file where a folder must be is the same to the writer as a disk without room: the
      // staging of one file fails after others were staged.
      try folder.write("not a folder", to: "generated/staging")
      let result = try await slipway("generate", at: folder)
      #expect(result.status == 4, "\(result)")
      let left = FileManager.default.enumerator(atPath: folder.path(of: "generated"))?
        .allObjects.compactMap { $0 as? String }.filter {
          $0.hasSuffix(".yml") || $0.contains("slipway-new")
        }
      #expect(left == [])
    }
  }

  @Test func `a broken lock file refuses and names its line`() async throws {
    try await withRepository { folder in
      try folder.write("{\n  \"images\": [\n", to: "environments/Lock.json")
      let result = try await slipway("generate", at: folder)
      #expect(result.status == 1)
      #expect(result.stderr.contains("error[supply/lock-file-is-sound]"))
      #expect(result.stderr.contains("environments/Lock.json:"))
    }
  }

  @Test func `usage errors have status 2`() async throws {
    try await withRepository { folder in
      expect(2, try await slipway("generate", "--environment", "mars", at: folder))
      expect(2, try await slipway("generate", "--format", "xml", at: folder))
      expect(2, try await slipway("explain", "nothing", at: folder))
      expect(2, try await Tool.built("slipway", ["fly"]))
      expect(0, try await Tool.built("slipway", ["--help"]))
      let help = try await Tool.built("slipway", ["generate", "--help"])
      expect(0, help)
      #expect(help.stdout.contains("USAGE: slipway generate"))
      let bare = try await Tool.built("slipway", [])
      expect(0, bare)
      #expect(bare.stdout.contains("SUBCOMMANDS:"))
    }
  }

  @Test func `explain names the line of the specification`() async throws {
    let file = "generated/prod/docker-compose.yml"
    let lines = try String(contentsOfFile: packageRoot + "/" + file, encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
    let line = try #require(lines.firstIndex { $0.contains("replicas: 5") }) + 1
    let result = try await Tool.built(
      "slipway", ["explain", "\(file):\(line)", "--output", packageRoot])
    #expect(result.status == 0, "\(result)")
    #expect(result.stdout.contains("environments/Production.swift:"))
    #expect(result.stdout.contains("replicas:"))
    let rule = try await Tool.built("slipway", ["explain", "network/datastores-stay-private"])
    #expect(rule.stdout.contains("why:     order history and balances live here"))
  }

  @Test func `output for programs is JSON, for GitHub it is annotations`() async throws {
    try await withRepository { folder in
      _ = try await slipway("generate", at: folder)
      try folder.write("x\n", to: "generated/dev/docker-compose.yml")
      let json = try await slipway("check", "--format", "json", at: folder)
      let findings = try JSONDecoder().decode([PrintedFinding].self, from: Data(json.stdout.utf8))
      #expect(findings.contains { $0.rule == "drift/edited-by-hand" })
      let github = try await slipway("check", "--format", "github", at: folder)
      #expect(
        github.stdout.contains(
          "::error file=generated/dev/docker-compose.yml,title=drift/edited-by-hand::"))
    }
  }
}

/// What a test asks of a finding that was printed for programs.
private struct PrintedFinding: Decodable { let rule: String }
