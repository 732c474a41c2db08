import TestSupport
import Testing

/// What a stage, a unit or the contract forbids does not compile, and the compiler says why.
///
/// Each snippet goes to the compiler's type checker, against the modules of this very build.
struct NegativeCompileTests {
  static let snippets = metricSnippets + stageSnippets + contractSnippets

  @Test func `there are enough of them`() {
    #expect(Self.snippets.count >= 25)
    #expect(Set(Self.snippets.map(\.name)).count == Self.snippets.count)
  }

  @Test(
    .covers(
      "S17-HS-02", "S17-HS-06", "S17-HS-08", "S18-HS-01", "S18-HS-06", "S18-HS-08", "S18-HS-09",
      "S17-ENV-12", "S17-VAR-12", "S17-VAR-55", "S18-PR-05", "S18-DC-04", "S18-DC-11",
      "S18-CL-CON-05", "S18-CL-CON-07", "S18-CL-SEC-04", "S18-INC-05", "S03-VAR-10", "S04-ENV-03",
      "S04-ENV-05", "S04-AUTH-03", "C-16", "C-22", "C-24", "C-29", "C-30", "C-36", "C-38", "C-69"),
    arguments: snippets)
  func `what is wrong does not compile, and its right twin does`(snippet: Snippet) async throws {
    let wrong = try await check(snippet.wrong)
    #expect(wrong.status != 0, "it compiled")
    #expect(wrong.errors.contains(snippet.says), "\(wrong.errors)")
    let right = try await check(snippet.right)
    #expect(right.status == 0, "\(right.errors)")
  }

  private func check(_ text: String) async throws -> (status: Int32, errors: String) {
    try await withTemporaryFolder { folder in
      try folder.write(prelude + text + "\n", to: "Snippet.swift")
      let result = try await Tool.swift(
        [
          "-frontend", "-typecheck", "-parse-as-library", "-swift-version", "6", "-I",
          buildFolder + "/Modules", folder.path(of: "Snippet.swift"),
        ])
      return (result.status, result.stderr)
    }
  }
}
