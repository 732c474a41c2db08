import SlipwayDiagnostics
import SlipwayDocuments
import Testing

@Suite struct DocumentTests {
  private static let header = Header(
    source: "environments/Production.swift", command: "make generate")
  private static let sentence =
    "Generated from environments/Production.swift by `make generate`. Edit the Swift, not this."

  private func origin(_ line: Int, _ argument: String? = nil) -> Origin {
    Origin(file: "P.swift", line: line, argument: argument)
  }

  @Test func `the header is the first line of every syntax that has comments`() throws {
    let hash = "# \(Self.sentence)\n"
    func text(_ document: Document) throws -> String { try document.print(header: Self.header) }
    #expect(try text(.yaml(["a": 1])) == hash + "a: 1\n")
    #expect(try text(.nginx([.directive("user", "nginx")])) == hash + "user nginx;\n")
    #expect(try text(.dotenv([.variable("A", "1")])) == hash + "A=1\n")
    #expect(try text(.dockerfile([.words("FROM", "a")])) == hash + "FROM a\n")
    #expect(try text(.json(["a": 1])) == "{\n  \"a\": 1\n}\n")
    #expect(try text(.text(TextDocument("x\n", comments: .hash))) == hash + "x\n")
    #expect(try text(.text(TextDocument("x", comments: .dashes))) == "-- \(Self.sentence)\nx\n")
    #expect(
      try text(.text(TextDocument("x", comments: .markup))) == "<!-- \(Self.sentence) -->\nx\n")
    #expect(try text(.text(TextDocument("x", comments: .none))) == "x\n")
  }

  @Test func `the header stands behind a shebang, a doctype and parser directives`() throws {
    func text(_ document: Document) throws -> String { try document.print(header: Self.header) }
    #expect(
      try text(.text(TextDocument("#!/bin/sh\nx\n", comments: .hash)))
        == "#!/bin/sh\n# \(Self.sentence)\nx\n")
    #expect(
      try text(.text(TextDocument("<!DOCTYPE html>\n<p>\n", comments: .markup)))
        == "<!DOCTYPE html>\n<!-- \(Self.sentence) -->\n<p>\n")
    #expect(
      try text(.dockerfile([.parserDirective("syntax", "a"), .words("FROM", "b")]))
        == "# syntax=a\n# \(Self.sentence)\nFROM b\n")
  }

  @Test func `a header that would not stay a comment is refused`() {
    #expect(throws: PrintError(at: [], "the header is longer than one line")) {
      try Document.yaml(1).print(header: Header(source: "a\nb", command: "c"))
    }
    #expect(throws: PrintError(at: [], "the header would end the comment it stands in")) {
      try Document.text(TextDocument("x", comments: .markup))
        .print(header: Header(source: "a", command: "b --c"))
    }
    #expect(throws: PrintError(at: [.index(1)], "a line holds a line feed or NUL")) {
      try Document.text(TextDocument(["a", "b\nc"], comments: .none)).print()
    }
  }

  @Test func `origins are a sorted set and survive merging`() {
    let node = YAMLNode.string("a", from: [origin(2), origin(1), origin(2)])
    #expect(node.origins == [origin(1), origin(2)])
    #expect(
      node.adding(from: [origin(1, "x"), origin(0)]).origins
        == [origin(0), origin(1), origin(1, "x"), origin(2)])
    #expect(YAMLNode.map([.entry("a", node)]).origins.isEmpty)
  }

  private func lines(_ document: Document, header: Header? = nil) throws -> [[Int]] {
    let text = try document.print(header: header)
    let provenance = try Provenance(of: document, header: header, text: text)
    let count = text.utf8.count { $0 == 0x0A }
    return (1...count).map { provenance.origins(atLine: $0).map(\.line) }
  }

  @Test func `a line of YAML leads to the values that made it`() throws {
    let root: YAMLNode = [
      "services": .map([
        .entry(
          "db",
          .map(
            [
              .entry(
                "image", .string("postgres", from: [origin(3), origin(2)]), comment: "pinned"),
              .entry("restart", "always"),
              .entry(
                "ports", .list([.string("80:80", from: [origin(5)]), "81:81"], from: [origin(4)])),
              .entry("command", .string("a\nb\n", from: [origin(6)])),
            ], from: [origin(1)])),
        .entry("cache", [:]),
      ])
    ]
    #expect(
      try lines(.yaml(root), header: Self.header)
        == [[], [], [1], [1], [2, 3], [1], [4], [5], [4], [6], [6], [6], []])
    let text = try Document.yaml(root).print()
    let provenance = try Provenance(of: .yaml(root), text: text)
    let trace = try #require(provenance.trace(atLine: 5))
    #expect(trace.path.description == "services.db.restart")
    #expect(trace.own.isEmpty)
    #expect(trace.around == [origin(1)])
    #expect(provenance.trace(atLine: 99) == nil)
  }

  @Test func `a line of every other syntax leads to the values that made it`() throws {
    #expect(
      try lines(
        .json(.map([.entry("a", .list([.integer(1, from: [origin(2)]), 2], from: [origin(1)]))])))
        == [[], [1], [2], [1], [1], []])
    #expect(
      try lines(
        .nginx([
          .comment("x\ny", from: [origin(9)]), .directive("a", from: [origin(1)]),
          .block(
            "s", children: [.directive("l", "1", from: [origin(3)]), .directive("l", "2")],
            from: [origin(2)]),
          .block("s", children: [.directive("l", from: [origin(4)])]),
        ]), header: Self.header)
        == [[], [9], [9], [1], [], [2], [3], [2], [2], [], [], [4], []])
    #expect(
      try lines(
        .dotenv([
          .comment("x", from: [origin(1)]), .variable("A", "a\nb", from: [origin(2)]),
          .variable("B", ""),
        ]), header: Self.header) == [[], [1], [2], []])
    #expect(
      try lines(
        .dockerfile([
          .parserDirective("syntax", "x", from: [origin(7)]),
          .words("FROM", "a", from: [origin(1)]),
          .shell("RUN", ["a", "b"], from: [origin(2)]), .shell("RUN", ["c"], from: [origin(3)]),
          .words("FROM", "b", from: [origin(4)]),
        ]), header: Self.header) == [[7], [], [1], [2], [2], [3], [], [4]])
    let text = TextDocument(["#!/bin/sh", TextLine("a", from: [origin(1)])], comments: .hash)
    #expect(try lines(.text(text), header: Self.header) == [[], [], [1]])
  }

  @Test func `provenance of text that was broken by hand is an error`() {
    let error = #expect(throws: PrintError.self) {
      try Provenance(of: .yaml(["a": 1]), text: "a: [\n")
    }
    #expect(error?.message.hasPrefix("the printed text cannot be read back: 2:1:") == true)
  }

  @Test func `paths print as reviewers write them`() {
    let path: DocumentPath = [
      .key("services"), .key("my-db"), .index(0), .key("a.b"), .key(""), .key("x\n"),
    ]
    #expect(path.description == "services.my-db[0].\"a.b\".\"\".\"x\\n\"")
    let nginx: DocumentPath = [.nth("http", 0), .nth("server", 1), .nth("#", 0)]
    #expect(nginx.description == "http.server[1].#")
    #expect(nginx.parent?.parent?.parent == [])
    #expect(DocumentPath().parent == nil)
  }

  @Test(arguments: ["0", "-0", "10", "0.10", "-1.5e+10", "1E5", "123456789012345678901234567890"])
  func `a number keeps its digits`(text: String) {
    #expect(ExactNumber(text)?.text == text)
  }

  @Test(arguments: [
    "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1_0", " 1", "1 ", "NaN", "١",
  ])
  func `what is no number is none`(text: String) {
    #expect(ExactNumber(text) == nil)
  }
}
