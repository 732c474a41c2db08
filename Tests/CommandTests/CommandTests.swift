import Foundation
import TestSupport
import Testing

/// The commands as a user runs them, over the repository's own environments.
struct CommandTests {
  /// Runs a command in a repository: its lock file is read, its files are written.
  private func slipway(
    _ arguments: String..., at folder: TemporaryFolder, environment: [String: String] = [:]
  ) async throws -> Tool.Output {
    try await Tool.built("slipway", arguments, in: folder.path, environment: environment)
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

  @Test(arguments: ["generated/staging", "generated", ".github", "generated/dev/prometheus"])
  func `what is no folder refuses, and nothing changes`(path: String) async throws {
    try await withRepository { folder in
      try folder.write("not a folder", to: path)
      let result = try await slipway("generate", at: folder)
      #expect(result.status == 1, "\(result)")
      #expect(
        result.stderr.contains(
          "error[output/is-a-plain-folder]: '\(path)' is a link or a file, not a folder"))
      #expect(try Self.written(in: folder) == ["environments/Lock.json", path].sorted())
    }
  }

  @Test(arguments: ["generated/dev/docker-compose.yml", ".env.example", "generated/MANIFEST"])
  func `a folder where a file should be refuses, and nothing changes`(
    path: String
  ) async throws {
    try await withRepository { folder in
      try folder.write("mine", to: path + "/inside")
      let result = try await slipway("generate", at: folder)
      #expect(result.status == 1, "\(result)")
      #expect(
        result.stderr.contains(
          "error[output/is-a-plain-file]: '\(path)' is a link or a folder, not a file"))
      #expect(
        try Self.written(in: folder) == ["environments/Lock.json", path + "/inside"].sorted())
    }
  }

  @Test func `a link where a folder should be is not followed`() async throws {
    try await withRepository { folder in
      let elsewhere = folder.path(of: "elsewhere")
      try FileManager.default.createDirectory(
        atPath: elsewhere, withIntermediateDirectories: true)
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(of: "generated"), withDestinationPath: elsewhere)
      let result = try await slipway("generate", at: folder)
      #expect(result.status == 1)
      #expect(result.stderr.contains("error[output/is-a-plain-folder]: 'generated'"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: elsewhere) == [])
    }
  }

  /// Runs a script where it may mount: `$1` is an empty folder, and `$2` is slipway.
  private func mounting(
    _ script: String, in folder: TemporaryFolder
  ) async throws -> Tool.Output {
    try folder.write("", to: "mounted/none")
    return try await Tool.run(
      "busybox",
      [
        "unshare", "-m", "/bin/sh", "-c", script, "sh", folder.path(of: "mounted"),
        "\(buildFolder)/slipway",
      ], in: folder.path)
  }

  @Test func `a full disk changes nothing at all`() async throws {
    try await withRepository { folder in
      // A file system of its own, too small for all files, large enough for many.
      let script = """
        mount -t tmpfs -o size=400k none "$1" && mkdir -p "$1/generated/dev" &&
        echo mine >"$1/generated/dev/README.md" && "$2" generate --output "$1" --force \
        generated/dev/README.md; echo "status $?"; find "$1" -type f -exec cat {} +
        """
      let result = try await mounting(script, in: folder)
      #expect(result.stdout == "status 4\nmine\n", "\(result)")
      #expect(result.stderr.contains("cannot be written: No space left on device"), "\(result)")
    }
  }

  @Test func `a folder that nobody may write to changes nothing`() async throws {
    try await withRepository { folder in
      // Not by its mode, which means nothing to root: the file system itself says no.
      let script = """
        mount -t tmpfs none "$1" && mkdir -p "$1/generated/dev" &&
        echo mine >"$1/generated/dev/README.md" && mount -o remount,ro none "$1" &&
        "$2" generate --output "$1" --force generated/dev/README.md
        echo "status $?"; find "$1" -type f -exec cat {} +
        """
      let result = try await mounting(script, in: folder)
      #expect(result.stdout == "status 4\nmine\n", "\(result)")
      #expect(result.stderr.contains("cannot be written: Read-only file system"), "\(result)")
    }
  }

  @Test func `a broken manifest is drift, hides no hand edit, and is made anew`() async throws {
    try await withRepository { folder in
      _ = try await slipway("generate", at: folder)
      let manifest = "generated/prod/MANIFEST"
      let path = "generated/prod/docker-compose.yml"
      let (recorded, text) = (try folder.read(manifest), try folder.read(path))
      try folder.write("no manifest\n", to: manifest)
      let check = try await slipway("check", at: folder)
      #expect(check.status == 3, "\(check)")
      #expect(check.stderr.contains(manifest), "\(check)")
      try folder.write(text + "# mine\n", to: path)
      let refused = try await slipway("generate", at: folder)
      #expect(refused.status == 1, "\(refused)")
      #expect(try folder.read(path) == text + "# mine\n")
      #expect(try folder.read(manifest) == "no manifest\n")
      try folder.write(text, to: path)
      expect(0, try await slipway("generate", at: folder))
      #expect(try folder.read(manifest) == recorded)
    }
  }

  @Test func `what is mounted inside the output is written too`() async throws {
    try await withRepository { folder in
      let script = """
        mkdir -p "$1/generated" && mount -t tmpfs none "$1/generated" &&
        "$2" generate --output "$1" >/dev/null; echo "status $?"
        cat "$1/generated/prod/docker-compose.yml"
        """
      let result = try await mounting(script, in: folder)
      let committed = try String(
        contentsOfFile: "\(packageRoot)/generated/prod/docker-compose.yml", encoding: .utf8)
      #expect(result.stdout == "status 0\n" + committed, "\(result)")
    }
  }

  @Test func `a folder that is not there is made, and the bytes are the same`() async throws {
    try await withTemporaryFolder { folder in
      let result = try await Tool.built(
        "slipway", ["generate", "--output", folder.path(of: "new/folder")])
      #expect(result.status == 0, "\(result)")
      let path = "generated/prod/docker-compose.yml"
      let committed = try String(contentsOfFile: "\(packageRoot)/\(path)", encoding: .utf8)
      #expect(try folder.read("new/folder/" + path) == committed)
    }
  }

  private static func written(in folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter {
      var isFolder: ObjCBool = false
      return FileManager.default.fileExists(
        atPath: folder.path(of: $0), isDirectory: &isFolder) && !isFolder.boolValue
    }.sorted()
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

  @Test func `the front page shows what the commands print`() async throws {
    let page = try String(contentsOfFile: packageRoot + "/README.md", encoding: .utf8)
    let check = try await Tool.built("slipway", ["check"])
    #expect(page.contains("\n" + check.stdout), "README.md does not show: \(check.stdout)")
    let shown = page.matches(of: /\$ \.build\/debug\/slipway (explain .*)\n((?:.+\n)+?)```/)
    #expect(shown.count == 1)
    for command in shown {
      let result = try await Tool.built(
        "slipway", command.output.1.split(separator: " ").map(String.init))
      #expect(result.stdout == command.output.2, "README.md does not show: \(result.stdout)")
    }
  }

  @Test func `what was asked for is one value for programs`() async throws {
    let rule = try await Tool.built(
      "slipway", ["explain", "network/datastores-stay-private", "--format", "json"])
    let rules = try JSONDecoder().decode([PrintedRule].self, from: Data(rule.stdout.utf8))
    #expect(rules.first?.id == "network/datastores-stay-private" && rule.stderr.isEmpty)
    let line = try await Tool.built(
      "slipway", ["explain", "generated/prod/docker-compose.yml:1", "--format", "json"])
    let place = try JSONDecoder().decode(PrintedLine.self, from: Data(line.stdout.utf8))
    #expect(place.line == 1 && place.text.hasPrefix("# "))
    let list = try await Tool.built("slipway", ["list", "--format", "json"])
    let parts = try JSONDecoder().decode([PrintedPart].self, from: Data(list.stdout.utf8))
    #expect(parts.map(\.environment) == ["dev", "staging", "prod", ""])
    #expect(parts.allSatisfy { !$0.files.isEmpty })
    #expect(list.stderr.isEmpty)
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

private struct PrintedRule: Decodable { let id: String }
private struct PrintedLine: Decodable {
  let line: Int
  let text: String
}
private struct PrintedPart: Decodable {
  let environment: String
  let files: [String]
}
