package import SlipwayModel

/// The tests that prove the hard caps were among those that ran on this commit, and passed.
/// (S18-HS-10)
package struct CapsAreProved: Criterion {
  package let id = "tests/caps-are-proved"
  package let promise = "the tests that prove the hard caps passed on this commit"
  package let sources = ["S18-HS-10", "S17-INT-03"]
  package let kinds: Set<GateKind> = [.release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]
  private static let fix = "run all tests on this commit: make test"

  package init() {}

  package func applies(to expectations: GateExpectations) -> Bool {
    !expectations.capProofs.isEmpty
  }

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    ruled { () throws(Ruling) in
      let report = try evidence.tests.trusted(
        "the test report", by: question, of: question.record.commit, within: TestsPass.age,
        fix: Self.fix
      ).value
      let failed = question.expectations.capProofs.filter { module in
        report.failed.contains { $0.hasPrefix(module + ".") || $0.hasPrefix(module + "/") }
      }
      guard failed.isEmpty else {
        return .fail("tests of the caps failed in \(failed.listed())", fix: Self.fix)
      }
      let silent = question.expectations.capProofs.filter { report.passed[$0, default: 0] == 0 }
      guard silent.isEmpty else {
        return .fail("no test of the caps ran in \(silent.listed())", fix: Self.fix)
      }
      let count = question.expectations.capProofs.reduce(0) { $0 + report.passed[$1, default: 0] }
      return .pass("\(count.of("test")) of the caps passed")
    }
  }
}
