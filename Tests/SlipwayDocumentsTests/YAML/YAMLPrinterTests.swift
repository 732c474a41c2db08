import SlipwayDocuments
import Testing

@Suite struct YAMLPrinterTests {
  private func line(_ text: String) throws -> String {
    let printed = try Document.yaml(["k": .string(text)]).print()
    return String(printed.dropFirst(3).dropLast())
  }

  @Test(arguments: [
    "redis", "redis:8.4-alpine", "unless-stopped", "/var/lib/data", "a b", "a, b", "5m", "a:b",
    "http://prometheus:9090", "$HOME", "${{ github.sha }}", "a#b", "-x", "--flag", "(a)", "x]", "+",
    "rate(x[5m]) > 0.5", "<", "é", "日本", "🚀", "it's", "C:\\x", "say \"hi\"", "nope", "yesterday",
  ])
  func `a string that every reader takes for itself stands plain`(_ text: String) throws {
    #expect(try line(text) == (text == "<" ? "\"<\"" : text))
  }

  @Test(arguments: [
    "", " ", "a ", " a", "~", "null", "Null", "true", "FALSE", "yes", "No", "on", "OFF", "y", "N",
    "0", "8080", "-1", "+1", "0123", "0o17", "0x1F", "0b1", "1_000", "1:30", "22:22", "80:80", ".5",
    "5.", "1e3", "1.5", ".inf", "-.Inf", ".NaN", "2001-12-14", "2001-12-14t21:59:43.10-05:00",
    "127.0.0.1", "=", "<<", "-", "- a", "---", "...", "? a", ": a", "a:", "a: b", "# a", "a #b",
    "&a",
    "*a", "!a", "|", ">", "%a", "@a", "`a`", "[a]", "{a}", "{{ a }}", ", a", "'a'",
  ])
  func `a string that some reader takes for something else is quoted`(_ text: String) throws {
    #expect(try line(text) == "\"\(text)\"")
  }

  @Test func `a quoted string with quotes or backslashes stands in single quotes`() throws {
    #expect(try line("\"a\"") == "'\"a\"'")
    #expect(try line("{\"a\": \"it's\\n\"}") == "'{\"a\": \"it''s\\n\"}'")
  }

  @Test func `controls and line breaks of other alphabets are escaped`() throws {
    #expect(try line("\u{1}") == "\"\\x01\"")
    #expect(try line("a\tb") == "\"a\\tb\"")
    #expect(try line("a\r\nb") == "\"a\\r\\nb\"")
    #expect(try line("a\u{85}b") == "\"a\\Nb\"")
    #expect(try line("a\u{2028}b") == "\"a\\Lb\"")
    #expect(try line("\u{FEFF}") == "\"\\uFEFF\"")
  }

  @Test func `text of several lines is a literal block`() throws {
    let script = "#!/bin/sh\nset -eu\n\nif true; then\n\techo 🚀 \u{E000}\nfi\n"
    #expect(
      try Document.yaml(["run": .string(script), "expr": "a\nor\nb"]).print() == """
        run: |
          #!/bin/sh
          set -eu

          if true; then
          \techo 🚀 \u{E000}
          fi
        expr: |-
          a
          or
          b

        """)
  }

  @Test(arguments: ["a \nb", "a\t\nb", " a\nb", "\ta\nb", "\na", "a\n\n", "a\nb ", "a\r\nb", "\n"])
  func `text that a block would not keep, or not show, is quoted`(_ text: String) throws {
    #expect(try line(text).hasPrefix("\""))
  }

  @Test func `keys are quoted by the same rules, and never blocks`() throws {
    let root: YAMLNode = ["on": 1, "a b": 2, "a\nb": 3, "8080": 4]
    #expect(
      try Document.yaml(root).print() == """
        "on": 1
        a b: 2
        ? "a\\nb"
        : 3
        "8080": 4

        """)
  }

  @Test func `scalars, empty collections and nesting have one form`() throws {
    let root: YAMLNode = .map([
      .entry("null", .null()), .entry("bool", true), .entry("int", -42),
      .entry("exact", .number(try #require(ExactNumber("0.10")))),
      .entry("exponent", .number(try #require(ExactNumber("1e3")))),
      nil,
      .entry("empty list", []), .entry("empty map", [:]),
      .entry("list", ["a", ["p": 1, "q": ["z"]], ["b", "c"]]),
    ])
    #expect(
      try Document.yaml(root).print() == """
        "null": null
        bool: true
        int: -42
        exact: 0.10
        exponent: 1.0e+3
        empty list: []
        empty map: {}
        list:
        - a
        - p: 1
          q:
          - z
        - - b
          - c

        """)
  }

  @Test func `comments stand above their entries and change nothing`() throws {
    let root: YAMLNode = .map([
      .entry("a", "x\ny\n", comment: "first\n\nsecond "),
      .entry("b", [.map([.entry("c", 1, comment: "in a list"), .entry("d", 2, comment: "next")])]),
    ])
    let header = Header(source: "environments/Dev.swift", command: "make generate")
    let text = try Document.yaml(root).print(header: header)
    #expect(
      text == """
        # Generated from environments/Dev.swift by `make generate`. Edit the Swift, not this.
        # first
        #
        # second
        a: |
          x
          y
        b:
        # in a list
        - c: 1
          # next
          d: 2

        """)
    #expect(try YAMLReader.read(text).root["b"]?[0]?["d"]?.integer == 2)
  }

  @Test func `a repeated key is refused with its path`() {
    let root: YAMLNode = ["services": ["db": .map([.entry("x", 1), .entry("x", 2)])]]
    #expect(
      throws: PrintError(
        at: [.key("services"), .key("db"), .key("x")],
        "the key stands twice in its mapping")
    ) { try Document.yaml(root).print() }
  }

  @Test func `keys that only look alike are two keys`() throws {
    let root: YAMLNode = ["é": 1, "e\u{301}": 2]
    #expect(try YAMLReader.read(try Document.yaml(root).print()).root.map?.count == 2)
  }

  @Test func `what YAML cannot hold is refused with its path`() throws {
    #expect(throws: PrintError(at: [.key("a"), .index(1)], "a NUL character cannot be written")) {
      try Document.yaml(["a": ["x", "\u{0}"]]).print()
    }
    #expect(throws: PrintError(at: [.key("a")], "a comment holds a control character")) {
      try Document.yaml(.map([.entry("a", 1, comment: "x\ry")])).print()
    }
    var deep: YAMLNode = "x"
    for _ in 0..<200 { deep = [deep] }
    let error = #expect(throws: PrintError.self) { try Document.yaml(deep).print() }
    #expect(error?.message == "nested deeper than 128 levels")
  }
}
