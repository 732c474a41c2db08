import Foundation
import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// `slipway-gate gate`, as scripts/deploy and the workflow call it.
struct AskTests {
  @Test(.covers("S17-GATE-10"))
  func `a delivery for which everything speaks passes with status 0`() async throws {
    try await Asking.delivery { asking in
      let result = try await asking.ask()
      #expect(result.status == 0, "\(result)")
      #expect(result.stderr == "")
      #expect(
        asking.lines(of: result) == [
          "gate of prod: release aaaaaaaaaaaa, asked by the delivery",
          "  PASS      release/is-recorded              commit aaaaaaaaaaaa, 1 image by digest",
          "  PASS      tests/pass                       3 tests passed, 1 skipped",
          "  PASS      tests/cover-the-code             coverage is 60.0 %; the floor of 50 % holds",
          "  PASS      tests/caps-are-proved            3 tests of the caps passed",
          "  PASS      sources/keep-their-form          2 linters found nothing in 653 files",
          "  PASS      sources/hold-no-secrets          no file and no version of one holds a secret",
          "  PASS      supply/no-known-vulnerabilities  2 scans of sources and 1 image found nothing high or",
          "                                             critical",
          "  PASS      supply/lock-is-complete          1 image pinned as the lock file says",
          "  PASS      configuration/debug-is-off       1 service without a debug setting",
          "  PASS      capacity/limits-are-set          1 service with limits",
          "passed: 10 conditions hold; the cluster is asked 9 more.",
        ])
    }
  }

  @Test(.covers("S17-GATE-10"))
  func `what does not hold is said at once, with status 1`() async throws {
    try await Asking.delivery { asking in
      try asking.folder.write("", to: "evidence/evidence-test/coverage.json")
      try FileManager.default.removeItem(
        atPath: asking.folder.path(of: "evidence/evidence-test/pass-swift-testing.xml"))
      try FileManager.default.removeItem(
        atPath: asking.folder.path(of: "evidence/evidence-image-shop/trivy.sarif"))
      let result = try await asking.ask()
      #expect(result.status == 1, "\(result)")
      #expect(
        asking.lines(of: result).suffix(5) == [
          "                                             fix: scan the sources and every image of this commit",
          "  PASS      supply/lock-is-complete          1 image pinned as the lock file says",
          "  PASS      configuration/debug-is-off       1 service without a debug setting",
          "  PASS      capacity/limits-are-set          1 service with limits",
          "refused: 2 failed and 2 unproven of 10 conditions. Nothing can be skipped.",
        ])
      #expect(result.stdout.contains("FAIL      tests/cover-the-code"))
      #expect(result.stdout.contains("UNPROVEN  tests/pass"))
      #expect(result.stdout.contains("nobody scanned SHOP_BACKEND_IMAGE"))
    }
  }

  @Test func `programs get JSON, a job gets its summary`() async throws {
    try await Asking.delivery { asking in
      let summary = asking.folder.path(of: "summary.md")
      let result = try await asking.ask(
        ["--format", "json"], ["GITHUB_STEP_SUMMARY": summary])
      #expect(result.status == 0, "\(result)")
      let report = try JSONDecoder().decode(Report.self, from: Data(result.stdout.utf8))
      #expect(report.passes && report.environment == "prod" && report.commit == Scene.commit)
      #expect(report.conditions.map(\.verdict) == Array(repeating: "PASS", count: 10))
      #expect(report.conditions[1].sources == ["S17-HS-01", "S18-HS-02", "S17-GATE-02"])
      #expect(report.later.count == 9)
      let text = try asking.folder.read("summary.md")
      #expect(text.contains("| PASS | `tests/pass` | 3 tests passed, 1 skipped |  |\n"))
    }
  }

  private struct Report: Decodable {
    struct Condition: Decodable {
      let id: String
      let verdict: String
      let sources: [String]
    }
    let environment: String
    let commit: String
    let passes: Bool
    let conditions: [Condition]
    let later: [String]
  }

  @Test func `in development what is unproven is said and does not stop`() async throws {
    try await Asking.delivery { asking in
      let text = try asking.folder.read("generated/prod/gate.json")
      try asking.folder.write(
        text.replacing(#""production""#, with: #""development""#), to: "generated/prod/gate.json")
      try FileManager.default.removeItem(
        atPath: asking.folder.path(of: "evidence/evidence-test/pass-swift-testing.xml"))
      let result = try await asking.ask()
      #expect(result.status == 0, "\(result)")
      #expect(
        result.stdout.hasSuffix(
          "passed: 9 conditions hold, 2 of them unproven, as development allows; the cluster is "
            + "asked 9 more.\n"))
    }
  }

  @Test func `on a cluster without any fact nothing is proven`() async throws {
    try await Asking.delivery { asking in
      let result = try await asking.ask(["--seat", "cluster"])
      #expect(result.status == 1, "\(result)")
      #expect(
        result.stdout.hasSuffix(
          "refused: 0 failed and 9 unproven of 19 conditions. Nothing can be skipped.\n"),
        "\(result)")
    }
  }

  @Test(arguments: [
    ("release.json", "", "'release.json': it is empty"),
    ("release.json", "{}", "'release.json': it has no 'commit'"),
    (
      "release.json", #"{"commit": "A"}"#, "'release.json': its 'commit' is not of 40 digits"
    ),
    ("generated/prod/gate.json", "[]", "'generated/prod/gate.json': it is no JSON object"),
    (
      "generated/prod/gate.json", #"{"stage": "moon"}"#,
      "'generated/prod/gate.json': its 'stage' is none: 'moon'"
    ),
  ])
  func `what is asked about must be clear, or nothing goes out`(
    file: String, text: String, says: String
  ) async throws {
    try await Asking.delivery { asking in
      try asking.folder.write(text, to: file)
      let result = try await asking.ask()
      #expect(result.status == 1)
      #expect(result.stderr == "refused: \(says)\n")
      #expect(result.stdout == "")
    }
  }

  @Test func `a missing file and the file of another environment are named`() async throws {
    try await Asking.delivery { asking in
      let missing = try await Tool.built(
        "slipway-gate", ["gate", "moon", "--kind", "release", "--record", "release.json"],
        in: asking.folder.path)
      #expect(missing.status == 1)
      #expect(missing.stderr == "refused: there is no 'generated/moon/gate.json'\n")
      let other = try await Tool.built(
        "slipway-gate",
        [
          "gate", "moon", "--kind", "release", "--record", "release.json", "--generated",
          "generated/prod",
        ], in: asking.folder.path)
      #expect(other.status == 1)
      #expect(
        other.stderr == "refused: 'generated/prod/gate.json' is of 'prod', not of 'moon'\n")
    }
  }

  @Test func `a folder that was sealed is believed`() async throws {
    try await Asking.delivery { asking in
      try FileManager.default.removeItem(
        atPath: asking.folder.path(of: "evidence/evidence-test/about.json"))
      let open = try await asking.ask()
      #expect(open.status == 1)
      let words = ["seal", "evidence/evidence-test", "--commit", Scene.commit, "--source", "me"]
      let sealed = try await Tool.built("slipway-gate", words, in: asking.folder.path)
      #expect(sealed.stderr == "sealed 2 reports in 'evidence/evidence-test'\n")
      let closed = try await asking.ask()
      #expect(closed.status == 0, "\(closed)")
    }
  }

  // MARK: A commit by itself

  private func askCommit(
    _ asking: Asking, of commit: String = Scene.commit
  ) async throws -> Tool.Output {
    try await Tool.built(
      "slipway-gate",
      [
        "gate", "prod", "--kind", "commit", "--commit", commit, "--lock", "Lock.json",
      ], in: asking.folder.path)
  }

  @Test(.covers("S17-HS-01", "S17-HS-02", "C-41", "C-43"))
  func `a commit is asked for its tests, its coverage and its pins, and nothing else`()
    async throws
  {
    try await Asking.delivery { asking in
      let result = try await askCommit(asking)
      #expect(result.status == 0, "\(result)")
      #expect(
        asking.lines(of: result) == [
          "gate of prod: commit aaaaaaaaaaaa, asked by the delivery",
          "  PASS      tests/pass               3 tests passed, 1 skipped",
          "  PASS      tests/cover-the-code     coverage is 60.0 %; the floor of 50 % holds",
          "  PASS      supply/lock-is-complete  1 image pinned as the lock file says",
          "passed: 3 conditions hold.",
        ])
      let other = try await askCommit(asking, of: Scene.before)
      #expect(other.status == 1)
      #expect(
        other.stdout.contains("the test report is of commit aaaaaaaaaaaa, not of bbbbbbbbbbbb"))
    }
  }

  @Test func `what a commit does not prove stops it, in development too`() async throws {
    try await Asking.delivery { asking in
      let text = try asking.folder.read("generated/prod/gate.json")
      try asking.folder.write(
        text.replacing(#""production""#, with: #""development""#), to: "generated/prod/gate.json")
      try FileManager.default.removeItem(
        atPath: asking.folder.path(of: "evidence/evidence-test/pass-swift-testing.xml"))
      let result = try await askCommit(asking)
      #expect(result.status == 1, "\(result)")
      #expect(
        result.stdout.hasSuffix(
          "refused: 0 failed and 1 unproven of 3 conditions. Nothing can be skipped.\n"))
    }
  }

  @Test(
    arguments: [
      ["seal", "evidence", "--commit", "main", "--source", "me"],
      ["gate", "prod", "--kind", "commit"],
      ["gate", "prod", "--kind", "commit", "--commit", "HEAD"],
      ["gate", "prod", "--kind", "commit", "--record", "r"],
      ["gate", "prod", "--kind", "release", "--record", "r", "--commit", Scene.commit],
      ["gate", "prod", "--kind", "commit", "--commit", Scene.commit, "--seat", "cluster"],
      [
        "sign-off", "prod", "--role", "security", "--by", "A", "--commit", Scene.commit, "--days",
        "31",
      ],
      ["sign-off", "prod", "--role", "../x", "--by", "A", "--commit", Scene.commit],
      ["sign-off", "prod", "--role", "security", "--by", " ", "--commit", Scene.commit],
      ["sign-off", "prod", "--role", "security", "--by", "A", "--commit", "HEAD"],
      ["gate"], ["gate", "prod"], ["gate", "prod", "--kind", "hotfix", "--record", "r"],
      ["gate", "prod", "--kind", "release"],
      ["gate", "../prod", "--kind", "release", "--record", "r"],
      ["gate", "prod", "--kind", "release", "--record", "r", "--skip", "tests/pass"],
      ["gate", "prod", "--kind", "release", "--record", "r", "--force"],
      ["gate", "prod", "--kind", "release", "--record", "r", "--seat", "nowhere"],
    ])
  func `words that make no sense have status 2, and none of them skips anything`(
    words: [String]
  ) async throws {
    let result = try await Tool.built("slipway-gate", words)
    #expect(result.status == 2, "\(result)")
  }

  /// Whatever option is added one day must be added here, and looked at.
  @Test func `the options are these, and none leaves a condition out`() async throws {
    let help = try await Tool.built("slipway-gate", ["gate", "--help"])
    let options = help.stdout.matches(of: /(?m)^\ +(--[a-z]+)/).map { String($0.1) }
    #expect(
      options == [
        "--kind", "--record", "--commit", "--evidence", "--seat", "--generated", "--state",
        "--lock",
        "--signers", "--authorities", "--format", "--summary",
      ])
  }

  @Test func `the script on the cluster asks for everything`() throws {
    for name in ["deploy", "rollback"] {
      let text = try String(
        contentsOfFile: "\(packageRoot)/templates/scripts/\(name)", encoding: .utf8)
      #expect(text.contains(#""${gate}" gate "${environment}" --kind"#))
      #expect(!text.contains("--seat"))
    }
  }
}
