import Foundation
import TestSupport
import Testing

/// What we generate makes the evidence that the gate asks for: nothing is left that a person would
/// have to write by hand, but for what people decide. (S17-HS-10, S17-GATE-01, S17-GATE-09)
struct CircleTests {
  private func passes(_ report: Circle.Report, _ count: Int) {
    #expect(report.passes && report.conditions.count == count, "\(report)")
    #expect(report.conditions.allSatisfy { $0.verdict == "PASS" }, "\(report)")
  }

  /// Of all conditions these alone change.
  private func expect(
    _ circle: Circle, _ kind: String, _ letter: Character, without path: String,
    _ conditions: String..., verdict: String = "UNPROVEN"
  ) async throws {
    try await circle.without(path) {
      let report = try await circle.ask(kind, letter)
      #expect(!report.passes)
      let changed = report.verdicts.filter { $0.value != "PASS" }
      let wanted = Dictionary(uniqueKeysWithValues: conditions.map { ($0, verdict) })
      #expect(changed == wanted, "without \(path): \(report)")
    }
  }

  @Test(.covers("S17-HS-10", "S17-GATE-01", "S17-GATE-09", "C-42"), .timeLimit(.minutes(10)))
  func `the first release, the next one and the way back pass a gate that nobody fed by hand`()
    async throws
  {
    try await Circle.production { circle in
      let manager = circle.manager
      try await circle.rehearse()

      // The first release: nothing runs yet.
      try await circle.report(on: "a")
      try await circle.signOff(on: "a")
      let first = try await circle.run("deploy", [try manager.record("a")])
      #expect(try first.verdict() == "deployed at cleaning", "\(first)")
      #expect(first.said.contains("passed: 14 conditions hold."), "\(first)")

      // The next one, from the same scripts and another run of the workflow.
      try await circle.report(on: "b")
      try await circle.signOff(on: "b")
      let facts = try await circle.run("facts", ["release"])
      #expect(facts.status == 0, "\(facts)")
      passes(try await circle.ask("release", "b"), 19)
      try await expectGaps(circle)
      let second = try await circle.run("deploy", [try manager.record("b")])
      #expect(try second.verdict() == "deployed at cleaning", "\(second)")
      #expect(second.said.contains("passed: 19 conditions hold."), "\(second)")

      // And back, in an emergency: without any report.
      try FileManager.default.removeItem(atPath: circle.folder.path(of: "evidence"))
      let back = try await circle.run("rollback")
      #expect(try back.verdict() == "rolled-back at record", "\(back)")
      #expect(back.said.contains("passed: 5 conditions hold."), "\(back)")
      for name in ["replicas", "migrations", "certificates"] {
        let missing = [
          "replicas": "health/replicas-answer", "migrations": "database/schema-fits",
          "certificates": "edge/certificates-are-valid",
        ]
        try await expect(
          circle, "rollback", "b", without: "state/facts/\(name).json", missing[name] ?? "")
      }
      try manager.expectSilence(back)
    }
  }

  /// Without any one piece, its condition is not proven; a scanner that did not run has failed, as
  /// C-43 asks.
  private func expectGaps(_ circle: Circle) async throws {
    let tests = "evidence/evidence-test"
    for (path, condition) in [
      ("\(tests)/coverage.json", "tests/cover-the-code"),
      ("people/secrets", "secrets/are-present-and-strong"),
      ("state/facts/nodes.json", "cluster/nodes-are-fit"),
      ("state/facts/certificates.json", "edge/certificates-are-valid"),
      ("state/facts/migrations.json", "database/schema-fits"),
      ("state/facts/replicas.json", "health/replicas-answer"),
      ("state/facts/targets.json", "monitoring/targets-are-up"),
      ("state/last-backup.json", "backups/are-restore-verified"),
      ("metrics", "backups/are-restore-verified"),
      ("state/rehearsals", "release/rollback-was-rehearsed"),
      ("evidence/sign-offs/risk.json.sig", "people/signed-off"),
    ] {
      try await expect(circle, "release", "b", without: path, condition)
    }
    // One report says that tests passed, and that those of the caps were among them.
    try await expect(
      circle, "release", "b", without: "\(tests)/beside.xml", "tests/pass",
      "tests/caps-are-proved")
    try await expect(
      circle, "release", "b", without: "evidence/evidence-security",
      "supply/no-known-vulnerabilities", verdict: "FAIL")
    try await expect(
      circle, "release", "b", without: "evidence/evidence-lint", "sources/keep-their-form",
      verdict: "FAIL")
    try await expect(
      circle, "release", "b", without: "evidence/evidence-leaks", "sources/hold-no-secrets",
      verdict: "FAIL")
    // Reports that nobody vouches for say nothing.
    try await circle.without("\(tests)/about.json") {
      let report = try await circle.ask("release", "b")
      #expect(report.verdicts["tests/pass"] == "UNPROVEN")
      #expect(report.verdicts["tests/cover-the-code"] == "FAIL")
    }
  }

  @Test(.covers("S17-HS-09", "S18-HS-05"), .timeLimit(.minutes(10)))
  func `a first release needs what staging wrote when it took it, and a word that is signed`()
    async throws
  {
    try await Circle.production { circle in
      try await circle.rehearse()
      try await circle.report(on: "a")
      try await circle.signOff(on: "a")
      let facts = try await circle.run("facts", ["firstRelease"])
      #expect(facts.status == 0, "\(facts)")
      passes(try await circle.ask("firstRelease", "a"), 14)
      for (path, condition) in [
        ("state/facts/nodes.json", "cluster/nodes-are-fit"),
        ("state/rehearsals/firstRelease-aaaaaaaaaaaa.json", "release/first-was-rehearsed"),
        ("state/rehearsals/firstRelease-aaaaaaaaaaaa.json.sig", "release/first-was-rehearsed"),
        ("evidence/sign-offs/security.json", "people/signed-off"),
      ] {
        try await expect(circle, "firstRelease", "a", without: path, condition)
      }
      try await expect(
        circle, "firstRelease", "a", without: "evidence/evidence-test/beside.xml", "tests/pass",
        "tests/caps-are-proved")
      // Who is on no list says nothing, whatever was signed.
      try circle.folder.write("# nobody\n", to: "state/signers")
      let report = try await circle.ask("firstRelease", "a")
      #expect(report.verdicts["people/signed-off"] == "UNPROVEN")
      #expect(report.verdicts["release/first-was-rehearsed"] == "UNPROVEN")
    }
  }

  @Test func `a first release without a restored backup is no rehearsal`() async throws {
    try await Manager.empty("staging") { staging in
      try staging.folder.write("row counts differ\n", to: "world/said/verify")
      let run = try await staging.deploy("a")
      #expect(run.status == 0, "\(run)")
      #expect(
        run.said.contains("failure: the first release runs, without a verified backup"), "\(run)")
      #expect(!staging.exists("state/rehearsals"))
    }
  }

  @Test func `an old signature does not outlive the rehearsal that it was for`() async throws {
    try await Manager.released { manager in
      let path = "state/rehearsals/rollback-bbbbbbbbbbbb-to-aaaaaaaaaaaa.json"
      try manager.folder.write("old", to: "\(path).sig")
      _ = try await manager.deploy("b")
      let run = try await manager.run("rollback")
      #expect(run.status == 0, "\(run)")
      #expect(manager.exists(path) && !manager.exists("\(path).sig"))
      #expect(run.said.contains { $0.contains("ssh-keygen -Y sign -n slipway -f KEY ") })
      // A rollback that does not hold rehearses nothing.
      try FileManager.default.removeItem(atPath: manager.folder.path(of: path))
      try manager.fault(.curl, "api.flowrex.app")
      _ = try await manager.run("rollback", [manager.short("b")])
      #expect(!manager.exists("state/rehearsals/rollback-aaaaaaaaaaaa-to-bbbbbbbbbbbb.json"))
    }
  }
}
