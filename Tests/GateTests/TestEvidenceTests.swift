import SlipwayEvidence
import SlipwayModel
import TestSupport
import Testing

/// S17-HS-01, S18-HS-02: tests ran on this commit, and all passed.
struct TestEvidenceTests {
  private func ruling(_ sight: Sight<TestReport>) -> Ruling {
    var scene = Scene()
    scene.evidence.tests = sight
    return scene.judge(TestsPass())
  }

  private static let run = "run the tests on this commit: make test"

  private static func report(
    _ tests: Int, failures: Int = 0, errors: Int = 0, skipped: Int = 0, failed: [String] = [],
    passed: [String: Int] = [:]
  ) -> TestReport {
    var report = TestReport()
    report.tests = tests
    report.failures = failures
    report.errors = errors
    report.skipped = skipped
    report.failed = failed
    report.passed = passed
    return report
  }

  @Test(.covers("S17-GATE-02")) func `all tests passed`() {
    #expect(ruling(.fresh(Self.report(1284))) == .pass("1,284 tests passed"))
    #expect(ruling(.fresh(Self.report(5, skipped: 1))) == .pass("4 tests passed, 1 skipped"))
  }

  @Test func `a failure, an error, no test at all and only skipped ones fail`() {
    #expect(
      ruling(.fresh(Self.report(9, failures: 1, errors: 1, failed: ["A/b", "A/c"])))
        == .fail(
          "2 of 9 tests failed: A/b, A/c",
          fix: "mend what fails; nothing is delivered past a failing test"))
    let nothing = "a run without tests proves nothing: look at its filter"
    #expect(ruling(.fresh(Self.report(0))) == .fail("no test ran", fix: nothing))
    #expect(
      ruling(.fresh(Self.report(2, skipped: 2)))
        == .fail("every one of 2 tests was skipped", fix: nothing))
  }

  @Test func `what is missing, torn, old, of another commit or of tomorrow proves nothing`() {
    #expect(
      ruling(.missing("no test report is in 'evidence'"))
        == .unproven("no test report is in 'evidence'", fix: Self.run))
    #expect(
      ruling(.unreadable("'a.xml': it is empty"))
        == .unproven("a test report cannot be used: 'a.xml': it is empty", fix: Self.run))
    #expect(
      ruling(.fresh(Self.report(1), of: Scene.before))
        == .unproven(
          "the test report is of commit bbbbbbbbbbbb, not of aaaaaaaaaaaa", fix: Self.run))
    #expect(
      ruling(.fresh(Self.report(1), at: Scene.ago(hours: 72)))
        == .unproven("the test report was made 3 days ago; it may be 1 day old", fix: Self.run))
    #expect(
      ruling(.fresh(Self.report(1), at: Scene.ago(hours: -2)))
        == .unproven(
          "the test report says that it was made 2 hours from now, at 2026-11-21T14:00:00Z",
          fix: "set the clock of the machine that made it"))
  }

  @Test func `clocks may differ by five minutes`() {
    let soon = PointInTime(seconds: Scene.noon.seconds + 300)
    #expect(ruling(.fresh(Self.report(1), at: soon)).verdict == .pass)
    let later = PointInTime(seconds: Scene.noon.seconds + 301)
    #expect(ruling(.fresh(Self.report(1), at: later)).verdict == .unproven)
  }

  // MARK: Reports

  @Test func `reports of real runs are read, with names that no XML allows`() throws {
    let passed = try TestReport.read(try fixture("pass-swift-testing.xml"))
    #expect(passed == Self.report(4, skipped: 1, passed: ["TillTests": 3]))
    let old = try TestReport.read(try fixture("pass-xctest.xml"))
    #expect(old == Self.report(1, passed: ["TillTests": 1]))
    #expect(passed + old == Self.report(5, skipped: 1, passed: ["TillTests": 4]))
    let failed = try TestReport.read(try fixture("fail-swift-testing.xml"))
    #expect(
      failed
        == Self.report(
          4, failures: 1, skipped: 1,
          failed: [#"TillTests.ChangeTests/`"quotes" & <brackets>`()"#], passed: ["TillTests": 2]))
    let oldFailed = try TestReport.read(try fixture("fail-xctest.xml"))
    #expect(oldFailed == Self.report(1, failures: 1, failed: ["TillTests.OldTests/testChange"]))
    let none = try TestReport.read(try fixture("none-swift-testing.xml"))
    #expect(none == Self.report(0))
  }

  @Test(arguments: [
    ("", "it is empty"), ("{}", "it is no XML: byte 0: text outside of a tag"),
    ("<html></html>", "it is no test report: it begins with '<html>'"),
    ("<testsuites></testsuites>", "it holds no test suite"),
    ("<testsuites>", "it ends in the middle, after 12 bytes"),
    ("<testsuites></testsuite>", "it is no XML: byte 23: '</testsuite>' closes nothing"),
    (
      #"<testsuite tests="2" failures="0"><testcase name="a"/></testsuite>"#,
      "it says that 2 tests ran and lists 1"
    ),
    (
      #"<testsuite tests="1" failures="0"><testcase name="a"><failure/></testcase></testsuite>"#,
      "it says that 0 failed and lists 1"
    ),
    (
      #"<testsuite tests="1" failures="1"><testcase name="a"/></testsuite>"#,
      "it says that 1 failed and lists 0"
    ),
    (#"<testsuite tests="-1"></testsuite>"#, "its 'tests' is no number of tests"),
    (#"<testsuite tests="many"></testsuite>"#, "its 'tests' is no number of tests"),
    (
      #"<testsuite tests="1" tests="2"></testsuite>"#,
      "it is no XML: byte 30: 'tests' stands twice in '<testsuite>'"
    ),
    ("<testsuites><failure/></testsuites>", "it has a failure of no test"),
    (
      #"<!DOCTYPE a [<!ENTITY b "cccc">]><testsuites/>"#,
      "it declares a document type, which no report needs"
    ),
    (
      "<testsuites>" + String(repeating: "<a>", count: 40),
      "it is no XML: byte 108: nested deeper than 32 levels"
    ),
  ])
  func `what is no report of tests says why`(text: String, clause: String) {
    #expect(refusal(text, TestReport.read) == clause)
  }

  @Test func `a torn, garbled or hostile report is refused and never crashes`() throws {
    expectSturdy(try fixture("fail-swift-testing.xml"), TestReport.read)
    expectSturdy(try fixture("fail-xctest.xml"), TestReport.read)
    #expect(refusal([0x3C, 0xFF, 0xFE], TestReport.read) == "it is no UTF-8 text")
  }

  @Test func `a report of twenty thousand tests is read in a moment`() {
    let one = #"<testcase classname="A" name="b" time="0.1" />"# + "\n"
    let text =
      #"<testsuites><testsuite tests="20000" failures="0">"#
      + String(repeating: one, count: 20_000) + "</testsuite></testsuites>"
    let clock = ContinuousClock()
    let took = clock.measure { #expect(refusal(text, TestReport.read) == nil) }
    #expect(took < .seconds(30))
  }
}
