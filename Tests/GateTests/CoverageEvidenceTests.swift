import SlipwayEvidence
import SlipwayModel
import Testing

/// S17-HS-02, C-41: enough lines are run by tests.
struct CoverageEvidenceTests {
  private static func report(_ files: (String, Int, Int)...) -> CoverageReport {
    CoverageReport(files: files.map { .init(path: $0.0, lines: $0.1, covered: $0.2) })
  }

  private func ruling(
    _ sight: Sight<CoverageReport>, modules: [CoverageExpectation.Module] = []
  ) -> Ruling {
    var scene = Scene()
    scene.expectations.coverage = CoverageExpectation(floor: 80, modules: modules)
    scene.evidence.coverage = sight
    return scene.judge(TestsCoverTheCode())
  }

  private static let make = "run the tests with coverage on this commit: make test"
  private static let write = "write tests for what is not run; a floor is never lowered"
  private static let limits = CoverageExpectation.Module(
    name: "limits", folders: ["Sources/Limits/"], floor: 80)

  @Test func `enough is enough, and a floor is not reached by rounding`() {
    #expect(
      ruling(.fresh(Self.report(("/w/Sources/A/a.swift", 1000, 800))))
        == .pass("coverage is 80.0 %; the floor of 80 % holds"))
    #expect(
      ruling(.fresh(Self.report(("/w/Sources/A/a.swift", 10_000, 7_999))))
        == .fail("coverage is 79.9 %, below the floor of 80 %", fix: Self.write))
  }

  @Test func `only our own sources count`() {
    let report = Self.report(
      ("/w/Sources/A/a.swift", 100, 90), ("/w/Tests/ATests/a.swift", 900, 0),
      ("/w/.build/checkouts/x/Sources/X/x.swift", 900, 0),
      ("/scratch/checkouts/x/Sources/X/x.swift", 900, 0))
    #expect(
      ruling(.fresh(report)) == .pass("coverage is 90.0 %; the floor of 80 % holds"))
  }

  @Test func `each module has its own floor`() {
    let good = Self.report(
      ("/w/Sources/A/a.swift", 900, 900), ("/w/Sources/Limits/a.swift", 100, 80))
    #expect(
      ruling(.fresh(good), modules: [Self.limits])
        == .pass("coverage is 98.0 %; the floor of 80 % and of 1 module holds"))
    let bad = Self.report(
      ("/w/Sources/A/a.swift", 900, 900), ("/w/Sources/Limits/a.swift", 100, 79))
    #expect(
      ruling(.fresh(bad), modules: [Self.limits])
        == .fail("coverage of 'limits' is 79.0 %, below 80 %", fix: Self.write))
    let none = Self.report(("/w/Sources/A/a.swift", 900, 900))
    #expect(
      ruling(.fresh(none), modules: [Self.limits])
        == .fail(
          "the floor of 'limits' measures no line under Sources/Limits/",
          fix: "say in the specification where its sources stand"))
  }

  @Test func `what cannot be read has failed, what is not there or not of now proves nothing`() {
    #expect(
      ruling(.unreadable("'coverage.json': it is empty"))
        == .fail(
          "the coverage report cannot be read: 'coverage.json': it is empty", fix: Self.make))
    #expect(
      ruling(.missing("no coverage report is in 'evidence'"))
        == .unproven("no coverage report is in 'evidence'", fix: Self.make))
    #expect(
      ruling(.fresh(Self.report(("/w/Tests/a.swift", 9, 9))))
        == .fail("the coverage report counts no line under Sources/", fix: Self.make))
    let good = Self.report(("/w/Sources/A/a.swift", 10, 10))
    #expect(
      ruling(.fresh(good, of: Scene.before))
        == .unproven(
          "the coverage report is of commit bbbbbbbbbbbb, not of aaaaaaaaaaaa", fix: Self.make))
    #expect(
      ruling(.fresh(good, at: Scene.ago(hours: 25)))
        == .unproven(
          "the coverage report was made 25 hours ago; it may be 1 day old", fix: Self.make))
  }

  // MARK: Reports

  @Test func `an export of llvm-cov is read`() throws {
    let report = try CoverageReport.read(try fixture("coverage.json"))
    #expect(
      report.files(under: "Sources") == [
        .init(path: "/build/till/Sources/Till/Change.swift", lines: 10, covered: 6)
      ])
  }

  private static let head = #"{"type": "llvm.coverage.json.export", "data": "#

  @Test(arguments: [
    ("", "it is empty"), ("[]", "the report is no object"),
    ("{}", "it is no export of llvm-cov"), (head + "3}", "'data' is no list"),
    (head + #"[{"files": [{}]}]}"#, "a file has no name"),
    (head + #"[{"files": [{"filename": "a"}]}]}"#, "the lines of 'a' make no sense"),
    (
      head
        + #"[{"files": [{"filename": "a", "summary": {"lines": {"count": 1, "covered": 2}}}]}]}"#,
      "the lines of 'a' make no sense"
    ),
    (
      head
        + #"[{"files": [{"filename": "a", "summary": {"lines": {"count": 1.5, "covered": 1}}}]}]}"#,
      "a number of lines is no whole number"
    ),
    (
      head + #"[{"files": [{"filename": "a", "filename": "b"}]}]}"#,
      "'filename' stands twice in a file"
    ),
    (head + "[]}[]", "it is no JSON: byte 49: something follows the value"),
    (
      #"{"x": "# + String(repeating: "[", count: 200),
      "it is no JSON: byte 133: nested deeper than 128 levels"
    ),
  ])
  func `what is no export of llvm-cov says why`(text: String, clause: String) {
    #expect(refusal(text, CoverageReport.read) == clause)
  }

  @Test func `a torn, garbled or hostile export is refused and never crashes`() throws {
    expectSturdy(try fixture("coverage.json"), CoverageReport.read)
    #expect(
      refusal([0x7B, 0xFF], CoverageReport.read) == "it is no UTF-8 text")
  }
}
