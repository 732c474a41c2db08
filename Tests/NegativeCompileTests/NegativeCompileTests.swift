import TestSupport
import Testing

/// What a stage, a unit or the contract forbids does not compile, and the compiler says why.
///
/// Each snippet goes to the compiler's type checker, against the modules of this very build.
struct NegativeCompileTests {
  @Test func `there are enough of them`() {
    #expect(Snippet.all.count >= 40)
    #expect(Set(Snippet.all.map(\.name)).count == Snippet.all.count)
  }

  @Test(
    .covers(
      "S17-HS-02", "S17-HS-06", "S17-HS-08", "S18-HS-01", "S18-HS-06", "S18-HS-08", "S18-HS-09",
      "S17-ENV-12", "S17-VAR-12", "S17-VAR-55", "S18-PR-05", "S18-DC-04", "S18-DC-11",
      "S18-CL-CON-05", "S18-CL-CON-07", "S18-CL-SEC-04", "S18-INC-05", "S03-VAR-10", "S04-ENV-03",
      "S04-ENV-05", "S04-AUTH-03", "C-16", "C-22", "C-24", "C-29", "C-30", "C-36", "C-38", "C-69",
      "S17-VAR-63"),
    arguments: Snippet.all)
  func `what is wrong does not compile, and its right twin does`(snippet: Snippet) async throws {
    let wrong = try await snippet.compile(snippet.wrong)
    #expect(wrong.status != 0, "it compiled")
    #expect(wrong.errors.contains(snippet.says), "\(wrong.errors)")
    let right = try await snippet.compile(snippet.right)
    #expect(right.status == 0, "\(right.errors)")
  }
}
