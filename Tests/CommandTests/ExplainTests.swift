import Foundation
import TestSupport
import Testing

/// A name that a finding carries can be asked about, and a slip of the finger is answered with what
/// was meant.
struct ExplainTests {
  /// Names of findings that the sources carry, outside rules, which their own test holds. What the
  /// gate asks for is a criterion and stands in docs/gate.md, except those about the lock file.
  private static func namesInSources() throws -> Set<String> {
    let rooms = [
      "SlipwayModel", "SlipwayPipeline", "SlipwayEmitters", "SlipwayCommand", "SlipwayEvidence",
    ]
    // Actions and scripts look the same.
    let otherwise = [
      "actions/", "docker/login-", "docker/setup-", "docker/build-push-", "scripts/",
    ]
    var names: Set<String> = []
    for room in rooms {
      let root = "\(packageRoot)/Sources/\(room)"
      for path in try FileManager.default.subpathsOfDirectory(atPath: root)
      where path.hasSuffix(".swift") && !path.hasPrefix("Explanations/") {
        let text = try String(contentsOfFile: "\(root)/\(path)", encoding: .utf8)
        for match in text.matches(of: /"([a-z]+\/[a-z]+-[a-z-]+)"/) {
          let name = String(match.output.1)
          if !otherwise.contains(where: name.hasPrefix) { names.insert(name) }
        }
        for match in text.matches(of: /"(drift\/[a-z-]+)"/) { names.insert(String(match.output.1)) }
      }
    }
    return names
  }

  private static let judgedByTheGate: Set = [
    "backups/are-restore-verified", "capacity/limits-are-set", "cluster/nodes-are-fit",
    "configuration/debug-is-off", "database/schema-fits", "edge/certificates-are-valid",
    "health/replicas-answer", "monitoring/targets-are-up", "people/signed-off",
    "release/first-was-rehearsed", "release/is-recorded", "release/rollback-was-rehearsed",
    "secrets/are-present-and-strong", "sources/hold-no-secrets", "sources/keep-their-form",
    "tests/caps-are-proved", "tests/cover-the-code",
  ]

  @Test(arguments: [
    ([], "Missing expected argument '<subject>'"),
    (["edge/paths-are-unique", "--page"], "Give a subject or '--page', not both"),
  ])
  func `one thing is explained, or all`(words: [String], said: String) async throws {
    let result = try await Tool.built("slipway", ["explain"] + words)
    #expect(result.status == 2 && result.stdout.isEmpty, "\(result)")
    #expect(result.stderr.contains(said), "\(result)")
  }

  @Test func `the page of rules is what the rules say`() async throws {
    let page = try String(contentsOfFile: "\(packageRoot)/docs/rules.md", encoding: .utf8)
    let made = try await Tool.built("slipway", ["explain", "--page"])
    #expect(made.status == 0)
    #expect(page.split(separator: "\n").count { $0.hasPrefix("### ") } > 150)
    let difference = zip(page.split(separator: "\n"), made.stdout.split(separator: "\n"))
      .first { $0 != $1 }
    #expect(
      page == made.stdout,
      """
      docs/rules.md is out of date: run `make rules`.
      is:       \(difference?.0 ?? "another number of lines")
      would be: \(difference?.1 ?? "another number of lines")
      """)
  }

  @Test func `every name that a finding carries is explained`() async throws {
    let names = try Self.namesInSources().subtracting(Self.judgedByTheGate)
    #expect(names.count > 50)
    #expect(names.contains("spec/ports-exist") && names.contains("supply/unlocked-image"))
    for name in names.sorted() {
      let answer = try await Tool.built("slipway", ["explain", name])
      #expect(answer.status == 0, "\(name): \(answer)")
      #expect(answer.stdout.hasPrefix("\(name)\n  why:     "), "\(answer)")
      #expect(answer.stdout.contains("\n  fix:     "), "\(answer)")
    }
  }

  @Test(arguments: [
    ("spec/port-exists", "'spec/ports-exist'"),
    ("datastores-stay-privat", "'network/datastores-stay-private'"),
    ("replicas-are", "'spec/replicas-are-positive'"),
    ("suply/unlocked-image", "'supply/unlocked-image'"),
  ])
  func `an unknown name is answered with the nearest`(typed: String, meant: String) async throws {
    let answer = try await Tool.built("slipway", ["explain", typed])
    #expect(answer.status == 2, "\(answer)")
    let start = "error: there is no rule or finding '\(typed)'; the nearest are \(meant), "
    #expect(answer.stderr.hasPrefix(start), "\(answer)")
    #expect(answer.stderr.count { $0 == "'" } == 8, "three names: \(answer)")
  }

  @Test func `a file without a line is told how a line is named`() async throws {
    let path = "generated/prod/docker-compose.yml"
    let answer = try await Tool.built("slipway", ["explain", path])
    #expect(answer.status == 2)
    #expect(answer.stderr == "error: '\(path)' names no line; write FILE:LINE: \(path):1\n")
  }

  @Test(arguments: [
    ("genrate", "generate"), ("chekc", "check"), ("Explain", "explain"), ("signoff", "sign-off"),
  ])
  func `a misspelt command is answered with the right one`(
    typed: String, meant: String
  ) async throws {
    let answer = try await Tool.built("slipway", [typed, "--format", "json"])
    #expect(answer.status == 2, "\(answer)")
    #expect(
      answer.stderr.hasPrefix(
        "error: there is no command '\(typed)'; did you mean '\(meant)'?\n  = see: "))
  }

  @Test func `a word that is no slip of a command is answered with all of them`() async throws {
    let answer = try await Tool.built("slipway", ["teleport"])
    #expect(answer.status == 2)
    #expect(answer.stderr.contains("there are: generate, check, explain, list, audit, "))
  }

  @Test func `every command of the front page is one`() async throws {
    let page = try String(contentsOfFile: packageRoot + "/README.md", encoding: .utf8)
    let names = Set(page.matches(of: /`slipway ([a-z-]+)/).map { String($0.output.1) })
    #expect(names.count > 8)
    for name in names.sorted() {
      let help = try await Tool.built("slipway", [name, "--help"])
      #expect(help.status == 0, "\(name): \(help)")
    }
  }

  @Test func `a hint names the program as it was called`() async throws {
    try await withTemporaryFolder { folder in
      try folder.write("{", to: "environments/Lock.json")
      let path = "\(buildFolder)/slipway"
      let absolute = try await Tool.program(path, ["check"], in: folder.path)
      #expect(absolute.status == 1, "\(absolute)")
      #expect(absolute.stderr.contains("\n  = see: \(path) explain supply/lock-file-is-sound\n"))
      let words = absolute.stderr.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      #expect(words.contains("fix: run `\(path) lock`, or restore"), "\(absolute)")
      try FileManager.default.createSymbolicLink(
        atPath: folder.path(of: "here"), withDestinationPath: path)
      let relative = try await Tool.run(
        "busybox", ["sh", "-c", "./here check"], in: folder.path)
      #expect(relative.stderr.contains("\n  = see: ./here explain supply/lock-file-is-sound\n"))
    }
  }
}
