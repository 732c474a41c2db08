import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// What the gate makes of the linters' word and of the search for secrets.
struct SourceEvidenceTests {
  private static let lint = "run the linters on this commit: make lint"
  private static let look = "look for secrets in this commit and its history: make leaks"

  private func form(_ sight: Sight<FormReport>) -> Ruling {
    var scene = Scene()
    scene.evidence.form = sight
    return scene.judge(FormIsKept())
  }

  private func leaks(_ sight: Sight<[ScanReport]>) -> Ruling {
    var scene = Scene()
    scene.evidence.leaks = sight
    return scene.judge(NoSecretsLeak())
  }

  private func report(_ checks: (String, Int, Int)...) -> Sight<FormReport> {
    .fresh(FormReport(checks: checks.map { .init(name: $0.0, files: $0.1, findings: $0.2) }))
  }

  @Test(.covers("S17-GATE-08", "C-43"))
  func `linters that looked and found nothing pass, and none means failed`() {
    #expect(
      form(report(("swift format", 10, 0), ("shfmt", 2, 0)))
        == .pass("2 linters found nothing in 12 files"))
    #expect(
      form(.missing("no report of linters is in 'evidence'"))
        == .fail("no report of linters is in 'evidence'", fix: Self.lint))
    #expect(form(report()) == .fail("no linter looked at anything", fix: Self.lint))
    #expect(
      form(report(("shfmt", 0, 0))) == .fail("'shfmt' looked at no file", fix: Self.lint))
    #expect(
      form(report(("swift format", 10, 3)))
        == .fail("linters have something to say: swift format", fix: "mend what make lint says"))
    #expect(
      form(.unreadable("'form.json': it is empty"))
        == .fail("the linters' report cannot be read: 'form.json': it is empty", fix: Self.lint))
  }

  @Test func `the linters' word about another commit, or of the day before, proves nothing`() {
    let report = FormReport(checks: [.init(name: "shfmt", files: 1, findings: 0)])
    #expect(
      form(.fresh(report, of: Scene.before))
        == .unproven(
          "the linters' report is of commit bbbbbbbbbbbb, not of aaaaaaaaaaaa", fix: Self.lint))
    #expect(
      form(.fresh(report, at: Scene.ago(hours: 25)))
        == .unproven(
          "the linters' report was made 25 hours ago; it may be 1 day old", fix: Self.lint))
  }

  @Test(.covers("S18-HS-07", "C-43"))
  func `a search that found nothing passes; a secret, or no search, fails`() {
    let clean = ScanReport(scanner: "slipway", digests: [], findings: [])
    #expect(leaks(.fresh([clean])) == .pass("no file and no version of one holds a secret"))
    #expect(
      leaks(.missing("no leak report is in 'evidence'"))
        == .fail("no leak report is in 'evidence'", fix: Self.look))
    let found = ScanReport(
      scanner: "slipway", digests: [],
      findings: [
        .init(id: "leaks/aws-access-key", component: "", severity: .low, fixedIn: nil)
      ])
    #expect(
      leaks(.fresh([found]))
        == .fail(
          "1 finding of secrets: leaks/aws-access-key",
          fix: "replace the secret where it is used, then take it out of the history"))
    #expect(
      leaks(.fresh([clean], of: Scene.before))
        == .unproven(
          "the leak report is of commit bbbbbbbbbbbb, not of aaaaaaaaaaaa", fix: Self.look))
  }

  @Test func `the linters' report is read, and a torn or strange one refused`() throws {
    let report = try FormReport.read(try fixture("form.json"))
    #expect(report.checks.map(\.name) == ["swift format", "shellcheck"])
    #expect(report.checks.map(\.files) == [612, 41])
    expectSturdy(try fixture("form.json"), FormReport.read)
    #expect(refusal("{}", FormReport.read) == "it has no 'checks'")
    #expect(
      refusal(#"{"checks": [{"name": "a", "files": "1"}]}"#, FormReport.read)
        == "its 'checks[0].files' is no whole number")
  }
}
