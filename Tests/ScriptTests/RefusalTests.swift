import Foundation
import TestSupport
import Testing

/// What scripts refuse before they touch anything: words, programs, records, secrets, company.
struct RefusalTests {
  /// Called wrongly, each says how it is called and does nothing.
  private static let replicas = "one of: postgres-replica-1 postgres-replica-2"
  private static let promote = "usage: promote REPLICA [--fenced NODE]; \(replicas)"
  private static let rejoin = "usage: rejoin REPLICA [--discard]; \(replicas)"
  private static let useRestored =
    "usage: use-restored MOMENT --i-accept-losing-writes-since MOMENT | --back | --forget"

  static let usages: [(script: String, words: [String], usage: String)] = [
    ("deploy", [], "usage: deploy RECORD"),
    ("deploy", ["prod", "v1.2.3"], "usage: deploy RECORD"),
    ("deploy", ["--help"], "usage: deploy RECORD"),
    ("rollback", ["a", "b"], "usage: rollback [COMMIT]"),
    ("rollback", ["--help"], "usage: rollback [COMMIT]"),
    ("migrate", [], "usage: migrate RECORD"),
    ("backup", ["a", "b"], "usage: backup [NAME]"),
    ("verify-backup", ["a", "b"], "usage: verify-backup [NAME]"),
    ("verify-log", ["now"], "usage: verify-log"),
    (
      "restore", ["daily-20260101T020000Z"],
      "usage: restore NAME --i-accept-losing-writes-since YYYY-MM-DDTHH:MMZ"
    ),
    (
      "restore", ["daily-20260101T020000Z", "--yes", "2026-01-01T02:00Z"],
      "usage: restore NAME --i-accept-losing-writes-since YYYY-MM-DDTHH:MMZ"
    ),
    ("restore-to-time", ["yesterday"], "usage: restore-to-time YYYY-MM-DDTHH:MM:SSZ"),
    (
      "restore-to-time", ["2026-01-01T02:00:00Z", "data-1"],
      "usage: restore-to-time YYYY-MM-DDTHH:MM:SSZ"
    ),
    ("use-restored", [], useRestored), ("use-restored", ["2026-01-01T02:00:00Z"], useRestored),
    ("promote", [], promote), ("promote", ["postgres-replica-1", "--fenced"], promote),
    ("promote", ["postgres-replica-1", "--force", "data-1"], promote),
    ("rejoin", [], rejoin), ("rejoin", ["postgres-replica-1", "--force"], rejoin),
    ("maintenance", ["perhaps"], "usage: maintenance on|off"),
    ("certificate", [], "usage: certificate issue|renew"),
    ("secrets-check", ["all"], "usage: secrets-check"),
    ("status", ["all"], "usage: status"),
    ("operations", ["3000"], "usage: operations"),
    ("facts", ["everything"], "usage: facts release|firstRelease|rollback"),
  ]

  @Test func `a script that is called wrongly says how, and does nothing`() async throws {
    try await Manager.released { manager in
      for (script, words, usage) in Self.usages {
        let run = try await manager.run(script, words)
        #expect(run.status == 2, "\(script) \(words): \(run)")
        #expect(run.said == [usage])
      }
      #expect(try manager.calls().isEmpty)
      let scripts = Set(Self.usages.map(\.script))
      #expect(scripts == Set(try Self.executables(of: manager)))
    }
  }

  /// The scripts that people and workflows start: files with a mode that lets them.
  static func executables(of manager: Manager) throws -> [String] {
    let folder = manager.folder.path(of: "generated/\(manager.environment)/scripts")
    return try FileManager.default.contentsOfDirectory(atPath: folder).filter {
      !$0.hasSuffix(".sh") && $0 != "jobs"
    }
  }

  /// Records that are none, each with what makes it so.
  static let records: [(why: String, text: String)] = [
    ("empty", ""),
    ("a blank line", "\n"),
    ("two records", record(images: images(all)) + record(images: images(all))),
    ("no JSON", "latest"),
    ("a tag", record(images: image("BACKEND", "registry.example.com/backend:v1"))),
    ("a short digest", record(images: image("BACKEND", "b@sha256:1234"))),
    ("a short commit", record(commit: "abc", images: images(["BACKEND"]))),
    ("a second line", record(commit: commit + #"\nextra"#, images: images(["BACKEND"]))),
    ("a space in an image", record(images: image("BACKEND", "a b@\(digest)"))),
    ("a variable that is none", record(images: #""PATH": "b@\#(digest)""#)),
    ("no images", record(images: "")),
  ]

  private static let all = ["BACKEND", "CONSOLE", "POSTGRES"]
  private static let commit = String(repeating: "b", count: 40)
  private static let digest = "sha256:" + String(repeating: "b", count: 64)

  private static func image(_ name: String, _ reference: String) -> String {
    #""FLOWREX_\#(name)_IMAGE": "\#(reference)""#
  }

  private static func images(_ names: [String]) -> String {
    names.map { image($0, "r.example.com/x@\(digest)") }.joined(separator: ", ")
  }

  private static func record(commit: String = commit, images: String) -> String {
    #"{"commit": "\#(commit)", "created": "2026-01-01T00:00:00Z", "images": {\#(images)}}"#
  }

  @Test func `only a commit with images by digest is a release`() async throws {
    try await Manager.released { manager in
      for (why, text) in Self.records {
        let path = try manager.folder.write(text, to: "bad.json")
        for script in ["deploy", "migrate"] {
          let run = try await manager.run(script, [path])
          #expect(run.status == 1, "\(why): \(run)")
          let reason =
            text.isEmpty
            ? "error: there is no release record '/bad.json'"
            : """
            error: '/bad.json' is no release record: a commit of 40 digits and images by digest
            """
          #expect(run.said.first == reason, "\(why): \(run)")
        }
      }
      #expect(try manager.order().allSatisfy { $0.contains("ended at 'release record'") })
      #expect(try manager.recorded("current") == manager.commit("a"))
    }
  }

  @Test func `a record that lacks an image of the stack is refused`() async throws {
    try await Manager.released { manager in
      let path = try manager.folder.write(
        Self.record(images: Self.images(["CONSOLE"])), to: "bad.json")
      let run = try await manager.run("deploy", [path])
      #expect(run.status == 1)
      #expect(
        run.said.first == """
          error: '/bad.json' names no image for FLOWREX_BACKEND_IMAGE, FLOWREX_POSTGRES_IMAGE
          """)
      #expect(try run.verdict() == "refused at release record")
    }
  }

  @Test func `a record that is not there is refused`() async throws {
    try await Manager.released { manager in
      let run = try await manager.run("deploy", [manager.folder.path(of: "none.json")])
      #expect(run.status == 1)
      #expect(run.said.first == "error: there is no release record '/none.json'")
      #expect(try run.verdict() == "refused at release record")
    }
  }

  @Test(arguments: ["curl", "jq"])
  func `nothing begins on a machine that lacks a program`(program: String) async throws {
    try await Manager.released { manager in
      let run = try await manager.run(
        "deploy", [try manager.record("b")], ["WITHOUT": program])
      #expect(run.status == 1)
      #expect(run.said == ["error: missing on this machine: \(program)"])
      #expect(try manager.calls().isEmpty)
    }
  }

  @Test(.covers("S17-HS-03"))
  func `a release waits for no secret that the engine lacks`() async throws {
    try await Manager.released { manager in
      let names = try manager.folder.read("world/secrets").split(separator: "\n")
      let lost = names.filter { $0.contains("jwt-secret-key") || $0.contains("redis-password_") }
      try #require(lost.count == 2)
      try manager.folder.write(
        names.filter { !lost.contains($0) }.joined(separator: "\n") + "\n", to: "world/secrets")
      let run = try await manager.deploy("b")
      #expect(run.status == 1)
      #expect(
        run.said.contains(
          """
          error: the engine lacks: \(lost.joined(separator: " ")); \
          run: slipway secrets sync prod
          """), "\(run)")
      #expect(run.said.contains("error: no deployment without its secrets"))
      #expect(try run.verdict() == "refused at secrets")
      #expect(
        try manager.order() == [
          "gate prod release",
          "tell [Flowrex prod] failure: deployment ended at 'secrets': refused",
        ])
    }
  }

  @Test func `two deployments never run at the same time`() async throws {
    try await Manager.released { manager in
      try manager.fault(.gateWaits)
      async let first = manager.deploy("b")
      while try manager.order().isEmpty { try await Task.sleep(for: .milliseconds(20)) }
      for (script, words) in [
        ("deploy", [try manager.record("c")]), ("rollback", []),
        (
          "restore",
          ["daily-20260101T020000Z", "--i-accept-losing-writes-since", "2026-01-01T02:00Z"]
        ),
        ("maintenance", ["on"]), ("promote", ["postgres-replica-1"]),
        ("rejoin", ["postgres-replica-1"]), ("use-restored", ["--back"]),
        ("migrate", [try manager.record("c")]), ("certificate", ["renew"]),
      ] {
        let second = try await manager.run(script, words)
        #expect(second.status == 1)
        #expect(
          second.said.first == "error: another script works on prod; wait for it to end",
          "\(script): \(second)")
      }
      #expect(try manager.order().filter { !$0.hasPrefix("tell ") } == ["gate prod release"])
      try manager.folder.write("", to: "world/go")
      let run = try await first
      #expect(run.status == 0, "\(run)")
      #expect(try manager.recorded("current") == manager.commit("b"))
    }
  }
}
