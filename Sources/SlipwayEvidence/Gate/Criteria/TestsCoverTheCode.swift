import SlipwayModel

/// Enough lines were run by tests, over all and in each module with a floor. A report that cannot
/// be read has failed. (S17-HS-02, C-41)
package struct TestsCoverTheCode: Criterion {
  package let id = "tests/cover-the-code"
  package let promise = "tests run enough of the lines, over all and in each module with a floor"
  package let sources = [
    "S17-HS-02", "S17-GATE-03", "S04-TEST-01", "S04-TEST-02", "S04-TEST-03", "S04-TEST-04",
  ]
  package let kinds: Set<GateKind> = [.commit, .release, .firstRelease]
  package let seats: Set<GateSeat> = [.delivery, .cluster]

  private static let fix = "write tests for what is not run; a floor is never lowered"
  private static let make = "run the tests with coverage on this commit: make test"

  package init() {}

  package func judge(_ evidence: EvidenceSet, _ question: GateQuestion) -> Ruling {
    switch evidence.coverage {
    case .missing(let what): return .unproven(what, fix: Self.make)
    case .unreadable(let why):
      return .fail("the coverage report cannot be read: \(why)", fix: Self.make)
    case .seen(let seen):
      if let doubt = question.doubt(
        seen, "the coverage report", of: question.record.commit, within: TestsPass.age,
        fix: Self.make)
      {
        return doubt
      }
      return judge(seen.value, question.expectations.coverage)
    }
  }

  private func judge(_ report: CoverageReport, _ floors: CoverageExpectation) -> Ruling {
    let all = Share(report.files(under: "Sources"))
    guard all.lines > 0 else {
      return .fail("the coverage report counts no line under Sources/", fix: Self.make)
    }
    guard all.reaches(floors.floor) else {
      return .fail("coverage is \(all), below the floor of \(floors.floor) %", fix: Self.fix)
    }
    var low: [String] = []
    for module in floors.modules {
      let share = Share(module.folders.flatMap { report.files(under: $0) })
      guard share.lines > 0 else {
        return .fail(
          "the floor of '\(module.name)' measures no line under \(module.folders.listed())",
          fix: "say in the specification where its sources stand")
      }
      if !share.reaches(module.floor) {
        low.append("'\(module.name)' is \(share), below \(module.floor) %")
      }
    }
    guard low.isEmpty else { return .fail("coverage of \(low.listed())", fix: Self.fix) }
    let modules = floors.modules.isEmpty ? "" : " and of \(floors.modules.count.of("module"))"
    return .pass("coverage is \(all); the floor of \(floors.floor) %\(modules) holds")
  }

  /// Exact: a floor is not reached by rounding up.
  private struct Share: CustomStringConvertible {
    let lines: Int
    let covered: Int

    init(_ files: [CoverageReport.File]) {
      lines = files.reduce(0) { $0 + $1.lines }
      covered = files.reduce(0) { $0 + $1.covered }
    }

    func reaches(_ percent: Int) -> Bool { covered * 100 >= percent * lines }

    /// Rounded down, so that 79.96 never reads as 80.
    var description: String {
      let tenths = covered * 1000 / lines
      return "\(tenths / 10).\(tenths % 10) %"
    }
  }
}
