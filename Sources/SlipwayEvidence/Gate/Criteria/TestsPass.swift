import SlipwayModel

/// All tests ran on this commit, and there were some. (S17-HS-01, S18-HS-02)
package struct TestsPass: Criterion {
  package let id = "tests/pass"
  package let promise = "every test passed on this commit"
  package let sources = ["S17-HS-01", "S18-HS-02", "S17-GATE-02"]
  package let kinds: Set<GateKind> = [.commit, .release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]

  /// The run that delivers is the run that tests; a day leaves room for one that waits for people.
  static let age = Duration.seconds(24 * 3600)
  private static let fix = "run the tests on this commit: make test"

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    switch evidence.tests {
    case .missing(let what): return .unproven(what, fix: Self.fix)
    case .unreadable(let why):
      return .unproven("a test report cannot be used: \(why)", fix: Self.fix)
    case .seen(let seen):
      if let doubt = question.doubt(
        seen, "the test report", of: question.record.commit, within: Self.age, fix: Self.fix)
      {
        return doubt
      }
      let report = seen.value
      let bad = report.failures + report.errors
      guard bad == 0 else {
        return .fail(
          "\(bad.grouped) of \(report.tests.of("test")) failed: \(report.failed.listed())",
          fix: "mend what fails; nothing is delivered past a failing test")
      }
      let ran = report.tests - report.skipped
      guard ran > 0 else {
        return .fail(
          report.tests == 0 ? "no test ran" : "every one of \(report.tests.of("test")) was skipped",
          fix: "a run without tests proves nothing: look at its filter")
      }
      let skipped = report.skipped > 0 ? ", \(report.skipped.grouped) skipped" : ""
      return .pass("\(ran.of("test")) passed\(skipped)")
    }
  }
}
