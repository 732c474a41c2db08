import HardStops
import SlipwayEvidence
import TestSupport
import Testing

/// The 20 criteria with which nobody deploys: each is stopped at every level that is marked.
struct HardStopTests {
  @Test(
    .covers(
      "S17-HS-01", "S17-HS-02", "S17-HS-03", "S17-HS-04", "S17-HS-05", "S17-HS-06", "S17-HS-07",
      "S17-HS-08", "S17-HS-09", "S17-HS-10", "S18-HS-01", "S18-HS-02", "S18-HS-03", "S18-HS-04",
      "S18-HS-05", "S18-HS-06", "S18-HS-07", "S18-HS-08", "S18-HS-09", "S18-HS-10", "S18-PR-04"),
    arguments: HardStopCase.all)
  func `what breaks a promise is stopped by what should stop it`(attempt: HardStopCase)
    async throws
  {
    let stopped = try await attempt.stopped()
    #expect(stopped.contains { $0.rule == attempt.stoppedBy }, "\(stopped)")
    if attempt.level == .compile, !attempt.stoppedBy.isEmpty {
      #expect(stopped.allSatisfy { $0.message.contains("[\(attempt.stoppedBy), ") }, "\(stopped)")
    }
    if attempt.level == .deploy {
      #expect(stopped.map(\.rule) == [attempt.stoppedBy], "more than one condition fails")
    }
  }

  @Test func `a release for which everything speaks goes out`() {
    let report = GateScene().report
    #expect(report.passes)
    #expect(report.lines.filter { $0.ruling.verdict != .pass }.map(\.id) == [])
    #expect(report.lines.count >= 16)
  }

  @Test func `every mark has one case, and every case a mark`() throws {
    let marks = try HardStopPage.criteria().flatMap { criterion in
      criterion.levels.map { "\(criterion.id) \($0.rawValue)" }
    }
    #expect(marks.count == 67 && Set(marks).count == 67)
    let cases = HardStopCase.all.map { "\($0.criterion) \($0.level.rawValue)" }
    #expect(Set(cases).count == cases.count, "two cases for one mark")
    // What the service cannot prove yet; the list can only get shorter.
    let planned = ["S17-HS-05 S", "S18-HS-01 S", "S18-HS-07 S", "S18-HS-10 S"]
    #expect(Set(marks).subtracting(cases).sorted() == planned, "marks without a case")
    #expect(Set(cases).subtracting(marks).sorted() == [], "cases without a mark")
  }

  @Test func `no two cases break a promise in the same way at one level`() {
    let ways = HardStopCase.all.map { "\($0.criterion) \($0.stoppedBy) \($0.broken)" }
    #expect(Set(ways).count == ways.count)
  }

  @Test func `the page is what happens`() async throws {
    let page = try HardStopPage.text(of: HardStopPage.path)
    let made = try await HardStopPage.made()
    let difference = zip(page.split(separator: "\n"), made.split(separator: "\n"))
      .first { $0 != $1 }
    #expect(
      page == made,
      """
      \(HardStopPage.path) is out of date: run `\(HardStopPage.command)`.
      is:       \(difference?.0 ?? "another number of lines")
      would be: \(difference?.1 ?? "another number of lines")
      """)
  }
}
