import Fixtures
import Slipway
import SlipwayDocuments
import SlipwayModel
import Testing

@testable import SlipwayEmitters

/// Words of a specification stay words, whatever is in them.
struct HostileTests {
  static let words = [
    "a | b", "`code", "a `b|c` d", "**not bold**", "_no_ snake_case", "[x](y)", "<script>", "\\",
    "a\nb", "&amp; &", "$x$", "~~no~~", "# no title", "1. no item", "- no item", "> no quotation",
    "| --- |", "é🙂", "", " ", "a\u{2028}b", "x\\|y", "```", "{{ holes }}", "<!-- -->",
    "--> end",
  ]

  @Test(arguments: words)
  func `a table keeps its cells`(words: String) throws {
    var page = Page(title: "T")
    page.table(
      Table(["A", "B"], [Table.Row([.words(words), .code(words)]), Table.Row([.note(words)])]),
      none: "none")
    let text = MarkdownText(try Self.printed(page))
    let table = try #require(text.table("A"))
    #expect(table.map(\.count) == [2, 2])
  }

  @Test(arguments: words)
  func `a line stays one line of its block`(words: String) throws {
    var page = Page(title: .words(words))
    page.say(.words(words))
    page.bullets([Page.Item(.words(words))])
    page.steps([Page.Item(.words(words))])
    let lines = MarkdownText(try Self.printed(page)).lines
    #expect(lines.count == 8)
    #expect(lines[0].hasPrefix("# "))
    #expect(!lines[2].hasPrefix("#") && !lines[2].hasPrefix("-") && !lines[2].hasPrefix(">"))
    #expect(lines[4].hasPrefix("- "))
  }

  @Test(arguments: words)
  func `a code block ends where it shall`(words: String) throws {
    var page = Page(title: "T")
    let line = words.replacing("\n", with: " ")
    page.code("text", [.init(line), .init("last")])
    page.say("after")
    let text = MarkdownText(try Self.printed(page))
    #expect(text.blocks.map(\.lines) == [[line, "last"]])
    #expect(text.prose.map(\.text).contains("after"))
  }

  @Test(arguments: words)
  func `a drawing keeps its lines`(words: String) {
    var chart = Flowchart()
    chart.outside = [Flowchart.Node("n_a", [words, "second"])]
    chart.draw("n_a", "n_a", words)
    let lines = chart.lines.map(\.text)
    #expect(lines.count == 3)
    for line in lines.dropFirst() {
      #expect(line.filter { $0 == "\"" }.count <= 2, "\(line)")
      #expect(!line.contains("`") && !line.contains("\n"), "\(line)")
    }
  }

  @Test func `an environment full of such words still has sound pages`() throws {
    for words in Self.words where !words.isEmpty {
      let runbook = Runbook("odd", meaning: words, firstSteps: [words, words])
      let environments = try Specimen.resolve(
        [AnyEnvironment(.bare(summary: words, runbook: runbook))], of: .shop, lock: ImageLock())
      let documented = try Documented(environments, try Specimen.inputs())
      for (path, text) in documented.markdown {
        for table in MarkdownText(text).tables {
          for row in table { #expect(row.count == table.first?.count, "\(path): \(row)") }
        }
      }
    }
  }

  @Test(arguments: [
    ("plain", "plain"), ("snake_case", "snake_case"), ("_x_", "\\_x\\_"), ("a|b", "a\\|b"),
    ("100 % of <all>", "100 % of \\<all>"), ("AT&T & &lt;", "AT&amp;T & &amp;lt;"),
    ("1. first", "1\\. first"), ("- minus", "\\- minus"), ("3 of 4", "3 of 4"),
  ])
  func `words are escaped no more than they must`(words: String, text: String) {
    #expect(Prose.words(words).text() == text)
  }

  /// Words of ASCII are escaped by their bytes, all others by their characters.
  @Test func `a letter of another alphabet changes nothing in what stands before it`() {
    let alphabet = Array("a1_&#*|-. <\\")
    var longest = [""]
    var all: [String] = []
    for _ in 0..<4 {
      longest = longest.flatMap { word in alphabet.map { word + String($0) } }
      all += longest
    }
    for words in all {
      #expect(
        Prose.words(words + " \u{e9}").text() == Prose.words(words).text() + " \u{e9}", "'\(words)'"
      )
    }
  }

  @Test(arguments: [
    ("a", "`a`"), ("a`b", "``a`b``"), ("`a", "`` `a ``"), ("", "*empty*"), ("a|b", "`a\\|b`"),
    ("a\\|b", "<code>a&#92;&#124;b</code>"),
  ])
  func `code is fenced as its content needs`(code: String, text: String) {
    #expect(Prose.code(code).text(in: .cell) == text)
  }

  @Test func `backticks of a note mark code, in pairs only`() {
    #expect(Prose.note("`iss` of our tokens").spans == [.code("iss"), .words(" of our tokens")])
    #expect(Prose.note("a ` b").spans == [.words("a ` b")])
  }

  @Test func `an address keeps its brackets to itself`() {
    let prose: Prose = "\("x", at: "a b(c).md#d")"
    #expect(prose.text() == "[x](a%20b%28c%29.md#d)")
  }

  private static func printed(_ page: Page) throws -> String {
    try Artefact(path: "x.md", document: .text(page.document)).document.print()
  }
}
