import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// The record, rehearsals, and what people signed.
struct ReleaseEvidenceTests {
  // MARK: The record (F13)

  private func record(
    kind: GateKind = .release, _ change: (inout Scene) -> Void = { _ in }
  ) -> Ruling {
    var scene = Scene()
    scene.kind = kind
    if kind == .firstRelease { scene.running = nil }
    scene.expectations.images = [
      ImageExpectation(service: "backend", origin: .release("SHOP_BACKEND_IMAGE"))
    ]
    change(&scene)
    return scene.judge(ReleaseIsRecorded())
  }
  private static let take = "take the record that the build wrote"

  @Test func `a record names what we build`() {
    let good = Ruling.pass("commit aaaaaaaaaaaa, 1 image by digest")
    #expect(record() == good)
    #expect(record(kind: .firstRelease) == good)
    #expect(record(kind: .rollback) { $0.evidence.kept = $0.record } == good)
    #expect(
      record {
        $0.expectations.images.append(
          ImageExpectation(service: "console", origin: .release("SHOP_CONSOLE_IMAGE")))
      } == .fail("the record names no image for SHOP_CONSOLE_IMAGE", fix: Self.take))
  }

  @Test func `a first release is the first, and a rollback goes to what was verified here`() {
    #expect(
      record(kind: .firstRelease) { $0.running = $0.record }
        == .fail(
          "release aaaaaaaaaaaa runs here, so this is not the first",
          fix: "ask for --kind release"))
    let never = Ruling.fail(
      "release aaaaaaaaaaaa was never verified here, so nobody goes back to it",
      fix: "go back to a release that is kept under 'releases'")
    #expect(record(kind: .rollback) == never)
    #expect(
      record(kind: .rollback) {
        $0.evidence.kept = ReleaseRecord(commit: Scene.commit, created: Scene.noon)
      } == never)
  }

  @Test func `a record of tomorrow proves nothing`() {
    #expect(
      record {
        $0.record = ReleaseRecord(
          commit: Scene.commit, created: Scene.ago(hours: -2), images: $0.record.images)
      }
        == .unproven(
          "the record was made in the future, at 2026-11-21T14:00:00Z",
          fix: "set the clock of the machine that made it"))
  }

  // MARK: Rehearsals (S17-HS-09, F14)

  private static func rollback(
    to commit: String = Scene.before, steps: [String] = ["rolled-back", "answered"],
    of release: String = Scene.commit, on place: String = "staging",
    at made: PointInTime = Scene.ago(hours: 48)
  ) -> Sight<Rehearsal> {
    .fresh(
      Rehearsal(kind: .rollback, environment: place, to: commit, steps: steps), of: release,
      at: made)
  }

  private func rehearsed(
    _ sights: [Sight<Rehearsal>], _ criterion: some Criterion = RollbackWasRehearsed(),
    kind: GateKind = .release
  ) -> Ruling {
    var scene = Scene()
    scene.kind = kind
    scene.expectations.after = "staging"
    scene.evidence.rehearsals = sights
    return scene.judge(criterion)
  }
  private static let rehearse =
    "rehearse the rollback of this pair on the environment before, and sign the record"

  @Test(.covers("S04-AUTHZ-03")) func `this pair was rehearsed in the last thirty days`() {
    #expect(
      rehearsed([Self.rollback()])
        == .pass(
          "rehearsed from aaaaaaaaaaaa to bbbbbbbbbbbb on 'staging' at 2026-11-19T12:00:00Z"))
  }

  @Test func `another pair, an old one, one that failed and none do not count`() {
    let none = Ruling.unproven(
      "there is no signed rehearsal from aaaaaaaaaaaa to bbbbbbbbbbbb", fix: Self.rehearse)
    #expect(rehearsed([]) == none)
    #expect(rehearsed([Self.rollback(to: Scene.commit)]) == none)
    #expect(rehearsed([Self.rollback(of: Scene.before)]) == none)
    #expect(rehearsed([Self.rollback(on: "dev")]) == none)
    #expect(
      rehearsed([.unreadable("'rehearsals/a.json': it is empty")])
        == .unproven(
          "there is no signed rehearsal from aaaaaaaaaaaa to bbbbbbbbbbbb; what cannot be used: "
            + "'rehearsals/a.json': it is empty", fix: Self.rehearse))
    #expect(
      rehearsed([Self.rollback(at: Scene.ago(hours: 31 * 24))])
        == .unproven(
          "the rehearsal from aaaaaaaaaaaa to bbbbbbbbbbbb was made 31 days ago; it may be 30 "
            + "days old", fix: Self.rehearse))
    #expect(
      rehearsed([Self.rollback(steps: ["rolled-back"])])
        == .fail(
          "the rehearsal from aaaaaaaaaaaa to bbbbbbbbbbbb did not get through: answered",
          fix: Self.rehearse))
  }

  @Test func `the newest rehearsal counts, not the best`() {
    let newer = Self.rollback(steps: [], at: Scene.ago(hours: 1))
    #expect(rehearsed([newer, Self.rollback()]).verdict == .fail)
    #expect(rehearsed([Self.rollback(), newer]).verdict == .fail)
  }

  @Test func `a first release was rehearsed on the environment before`() {
    func first(_ place: String, _ steps: [String]) -> Ruling {
      rehearsed(
        [.fresh(Rehearsal(kind: .firstRelease, environment: place, steps: steps))],
        FirstReleaseWasRehearsed(), kind: .firstRelease)
    }
    let all = ["migrated-empty", "backup-verified", "answered"]
    #expect(
      first("staging", all)
        == .pass(
          "rehearsed of the first release on 'staging' on 'staging' at 2026-11-21T11:00:00Z"))
    let fix = "rehearse the first release on the environment before, and sign it"
    #expect(
      first("dev", all)
        == .unproven("there is no signed rehearsal of the first release on 'staging'", fix: fix))
    #expect(
      first("staging", ["migrated-empty", "answered"])
        == .fail(
          "the rehearsal of the first release on 'staging' did not get through: backup-verified",
          fix: fix))
    var scene = Scene()
    scene.expectations.after = nil
    #expect(!FirstReleaseWasRehearsed().applies(to: scene.expectations))
    // Nor can anybody rehearse the way back for it: it would never take a second release.
    #expect(!RollbackWasRehearsed().applies(to: scene.expectations))
  }

  // MARK: People (S04-SIGN-01 … 08)

  private static func word(
    _ role: String = "security", of commit: String = Scene.commit, approves: Bool = true,
    in environment: String = "prod", expires: PointInTime = Scene.ago(hours: -24),
    at made: PointInTime = Scene.ago(hours: 2)
  ) -> Sight<SignOff> {
    .fresh(
      SignOff(
        role: role, by: "A. Person", environment: environment, isApproval: approves,
        expires: expires), of: commit, at: made)
  }

  private func people(_ sights: [Sight<SignOff>]) -> Ruling {
    var scene = Scene()
    scene.expectations.roles = ["security", "risk"]
    scene.evidence.signOffs = sights
    return scene.judge(PeopleSignedOff())
  }

  @Test(.covers("S04-AUTHZ-02")) func `every role signed for this commit`() {
    #expect(people([Self.word(), Self.word("risk")]) == .pass("signed by security, risk"))
    #expect(
      people([Self.word(), Self.word("risk", approves: false)])
        == .fail("refused by risk (A. Person)", fix: "settle it with them"))
  }

  @Test func `a word that is missing, of another commit or place, old or expired does not count`() {
    func open(_ reason: String) -> Ruling {
      .unproven(
        "nobody signed for risk\(reason)", fix: "each role signs this commit: docs/gate.md says how"
      )
    }
    #expect(people([Self.word()]) == open(""))
    #expect(people([Self.word(), Self.word("risk", in: "staging")]) == open(""))
    #expect(
      people([Self.word(), Self.word("risk", of: Scene.before)])
        == open(
          "; what cannot be used: the word of risk is of commit bbbbbbbbbbbb, not of aaaaaaaaaaaa"))
    #expect(
      people([Self.word(), Self.word("risk", expires: Scene.noon)])
        == open(
          "; what cannot be used: the word of risk expired at 2026-11-21T12:00:00Z"))
    #expect(
      people([Self.word(), Self.word("risk", at: Scene.ago(hours: 31 * 24))])
        == open(
          "; what cannot be used: the word of risk was made 31 days ago; it may be 30 days old"))
    #expect(
      people([Self.word(), .unreadable("'sign-offs/risk.json': it is not signed by risk")])
        == open("; what cannot be used: 'sign-offs/risk.json': it is not signed by risk"))
  }

  // MARK: Which gate asks what (F14)

  @Test func `a rollback never asks for tests, coverage, scans or people`() {
    var scene = Scene()
    scene.kind = .rollback
    scene.expectations.names = ["shop.example"]
    scene.expectations.hasSchema = true
    scene.expectations.backupMetric = "m"
    scene.expectations.roles = ["security"]
    scene.expectations.after = "staging"
    scene.expectations.scrapes = [ScrapeExpectation(job: "a", targets: 1)]
    #expect(
      Criteria.asked(scene.question).map(\.id) == [
        "release/is-recorded", "secrets/are-present-and-strong", "edge/certificates-are-valid",
        "database/schema-fits", "health/replicas-answer",
      ])
    scene.kind = .firstRelease
    #expect(
      Criteria.asked(scene.question).map(\.id) == [
        "release/is-recorded", "tests/pass", "tests/cover-the-code",
        "sources/keep-their-form", "sources/hold-no-secrets",
        "supply/no-known-vulnerabilities", "supply/lock-is-complete",
        "configuration/debug-is-off", "capacity/limits-are-set", "secrets/are-present-and-strong",
        "cluster/nodes-are-fit", "release/first-was-rehearsed", "people/signed-off",
      ])
    scene.kind = .release
    scene.expectations.capProofs = ["RiskTests"]
    #expect(Criteria.asked(scene.question).count == Criteria.all.count - 1)
  }

  @Test func `the cluster asks whatever the delivery asks, and each condition has its sources`() {
    #expect(Set(Criteria.all.map(\.id)).count == Criteria.all.count)
    for criterion in Criteria.all {
      #expect(criterion.seats.contains(.cluster), "\(criterion.id)")
      #expect(!criterion.sources.isEmpty && !criterion.kinds.isEmpty, "\(criterion.id)")
    }
  }

  @Test func `a gate that asks nothing lets nothing through`() {
    var scene = Scene()
    scene.kind = .rollback
    scene.seat = .delivery
    let report = GateReport(scene.question, scene.evidence)
    #expect(report.lines.map(\.id) == ["release/is-recorded"])
    #expect(!report.passes)
  }
}
