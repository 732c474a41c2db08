import SlipwayTraceability
import Testing

/// What counts as a test that covers something, and what only looks like it.
struct TestCitationTests {
  private func read(_ text: String) -> Citations { Citations(test: text, file: "Tests/A.swift") }

  private func ids(_ text: String) -> [String] { read(text).found.flatMap(\.ids) }

  private func problems(_ text: String) -> [String] { read(text).problems.map(\.description) }

  @Test func `a test is found with its name, its ids and its line`() {
    let text = """
      import Testing

      struct Some {
        @Test(.covers("S17-HS-06", "C-35")) func `debug stays out`() {}
      }
      """
    #expect(
      read(text).found == [
        Citation(
          name: "debug stays out", file: "Tests/A.swift", line: 4, ids: ["S17-HS-06", "C-35"])
      ])
  }

  @Test(arguments: [
    "@Test(\n  .covers(\n    \"C-35\",\n  ),\n  arguments: [1, 2])\nfunc plain(value: Int) {}",
    "@Test(.tags(.slow), .covers(\"C-35\")) @MainActor func plain() async throws {}",
    "@Test(.timeLimit(.minutes(1)), .covers(\"C-35\"))\n/// Words.\nprivate static func plain() {}",
    "@Test(.covers(\"C-35\")) @available(*, deprecated, message: \"a) {\") func plain() {}",
    "@Suite(.serialized, .covers(\"C-35\")) struct plain { @Test func one() {} }",
    "@Suite(.covers(\"C-35\"))\nextension plain {\n  struct In { @Test func one() {} }\n}",
  ])
  func `an attribute may be written in many ways`(text: String) {
    #expect(ids(text) == ["C-35"])
    #expect(read(text).found.map(\.name) == ["plain"])
    #expect(problems(text) == [])
  }

  @Test func `a test with a name for display is called by it`() {
    #expect(
      read(#"@Test("Debug stays out", .covers("C-35")) func debug() {}"#).found.map(\.name)
        == ["Debug stays out"])
  }

  @Test(arguments: [
    "// @Test(.covers(\"C-35\")) func plain() {}",
    "/* a /* b */ @Test(.covers(\"C-35\")) func plain() {} */",
    "/// @Test(.covers(\"C-35\"))\n@Test func plain() {}",
    "@Test(/* .covers(\"C-35\") */) func plain() {}",
    "@Test func plain() { _ = \"@Test(.covers(\\\"C-35\\\")) func a() {}\" }",
    "let text = \"\"\"\n@Test(.covers(\"C-35\")) func plain() {}\n\"\"\"",
    "let text = #\"@Test(.covers(\"C-35\")) func plain() {}\"#",
    "let text = \"\\(call(\"@Test(.covers(\\\"C-35\\\"))\")) func plain() {}\"",
    "let text = ##\"\\##(\"\")\"# @Test(.covers(\"C-35\")) func plain() {}\"##",
    "let pattern = /\"/\n// @Test(.covers(\"C-35\")) func plain() {} \"",
    "let pattern = #/\"/#\n// @Test(.covers(\"C-35\")) func plain() {} \"",
    "func plain() { let trait: any Trait = .covers(\"C-35\") }",
    "@Other(.covers(\"C-35\")) func plain() {}",
    "@Test(arguments: [.covers(\"C-35\")]) func plain(trait: CoversTrait) {}",
    "@Test(arguments: make(.covers(\"C-35\"))) func plain(trait: CoversTrait) {}",
    "@Test(Self.covers(\"C-35\")) func plain() {}",
  ])
  func `a mention elsewhere does not count`(text: String) {
    #expect(ids(text) == [])
    #expect(problems(text) == [])
  }

  @Test func `code behind a pattern or a division is still read`() {
    let text = """
      let pattern = /"[^"]*/
      let half = count / 2; let more = (a + b) / 2
      @Test(.covers("C-35")) func plain() {}
      """
    #expect(ids(text) == ["C-35"])
  }

  @Test(arguments: [
    (
      "@Test(.covers()) func plain() {}",
      "Tests/A.swift:1: `.covers` wants ids as plain literals"
    ),
    (
      "@Test(.covers(name)) func plain() {}",
      "Tests/A.swift:1: `.covers` wants ids as plain literals"
    ),
    (
      "@Test(.covers(\"C-\\(35)\")) func plain() {}",
      "Tests/A.swift:1: `.covers` wants ids as plain literals"
    ),
    (
      "@Test(.covers(\"C-35\"), .covers(\"C-36\")) func plain() {}",
      "Tests/A.swift:1: has `.covers` twice; one is enough"
    ),
    (
      "@Test(.disabled(\"later\"), .covers(\"C-35\")) func plain() {}",
      "Tests/A.swift:1: 'plain' covers something, but may not run"
    ),
    (
      "@Test(.covers(\"C-35\"), .enabled(if: isFast)) func plain() {}",
      "Tests/A.swift:1: 'plain' covers something, but may not run"
    ),
    (
      "#if false\n@Test(.covers(\"C-35\")) func plain() {}\n#endif",
      "Tests/A.swift:2: 'plain' covers something, but may not be compiled"
    ),
    (
      "@Suite(.covers(\"C-35\")) struct Plain { func one() {} }",
      "Tests/A.swift:1: 'Plain' covers something, but holds no test"
    ),
    (
      "@Test(.covers(\"C-35\")) let plain = 1",
      "Tests/A.swift:1: `.covers` stands at nothing that has a name"
    ),
  ])
  func `what proves nothing is refused`(text: String, sentence: String) {
    #expect(ids(text) == [])
    #expect(problems(text) == [sentence])
  }

  @Test(arguments: [
    "@Test(", "@Test(.covers(\"C", "\"\\(", "/*", "#/", "`", "@Test(.covers(\"C\")", "\\",
  ])
  func `a text that breaks off is read to its end`(text: String) {
    #expect(ids(text) == [])
  }
}
