import SlipwayDocuments
import Testing

@Suite struct YAMLReaderTests {
  private static let compose = """
    # header
    x-base: &base
      restart: always
      logging: {driver: json-file,
        options: {max-size: 10m}}
    services:
      db:
        <<: *base
        image: "postgres:17"   # pinned
        restart: "no"
        ports:
        - 5432:5432
        - target: 80
          published: 0x50

        command: |
          first
          second
      cache:
        <<: [*base, {image: redis}]

    """

  @Test func `every key and value knows its line and column`() throws {
    let document = try YAMLReader.read(Self.compose)
    func position(_ path: DocumentPath) -> String? {
      document.position(of: path).map { "\($0.line):\($0.column)" }
    }
    #expect(position([]) == "2:1")
    #expect(position([.key("services"), .key("db"), .key("image")]) == "9:5")
    #expect(
      document.node(at: [.key("services"), .key("db"), .key("image")])?.start
        == Position(line: 9, column: 12))
    #expect(position([.key("services"), .key("db"), .key("ports"), .index(1)]) == "13:7")
    #expect(
      position([.key("x-base"), .key("logging"), .key("options"), .key("max-size")]) == "5:15")
    #expect(position([.key("services"), .key("nothing")]) == nil)
  }

  @Test(
    arguments: [
      (1, nil), (2, "x-base"), (3, "x-base.restart"), (4, "x-base.logging.driver"),
      (5, "x-base.logging.options.max-size"), (6, "services"), (9, "services.db.image"),
      (11, "services.db.ports"), (12, "services.db.ports[0]"), (13, "services.db.ports[1].target"),
      (15, "services.db"), (16, "services.db.command"), (17, "services.db.command"),
      (18, "services.db.command"), (19, "services.cache"), (20, "services.cache"), (99, nil),
    ] as [(Int, String?)])
  func `a line leads to the deepest node on it`(line: Int, path: String?) throws {
    #expect(try YAMLReader.read(Self.compose).path(atLine: line)?.description == path)
  }

  @Test func `merge keys bring entries in, and own entries win`() throws {
    let document = try YAMLReader.read(Self.compose)
    let services = try #require(document.root["services"])
    #expect(services["db"]?["restart"]?.string == "no")
    #expect(services["db"]?["logging"]?["options"]?["max-size"]?.string == "10m")
    #expect(services["db"]?.member("logging")?.isMerged == true)
    #expect(services["cache"]?["image"]?.string == "redis")
    #expect(services["cache"]?["restart"]?.string == "always")
  }

  @Test(arguments: [
    ("~", "null"), ("", "null"), ("Null", "null"), ("true", "bool"), ("FALSE", "bool"),
    ("yes", "string"), ("on", "string"), ("n", "string"), ("1:30", "string"),
    ("2001-12-14", "string"), ("1", "number"), ("-1", "number"), ("+1", "number"),
    ("0o17", "number"),
    ("0123", "number"), ("0x1F", "number"), ("0b101", "number"), ("1_000", "number"),
    (".5", "number"),
    ("5.", "number"), ("1e3", "number"), (".inf", "number"), ("-.INF", "number"),
    (".NaN", "number"),
    ("+.nan", "string"), ("0x", "string"), ("1.2.3", "string"), ("_1", "string"), ("e3", "string"),
    ("'1'", "string"), ("\"true\"", "string"), ("!!str 1", "string"), ("!!int '1'", "number"),
    ("! 1", "string"), ("!reset 1", "number"), ("!reset '1'", "string"),
  ])
  func `a scalar means what the engines take it for`(text: String, kind: String) throws {
    let value = try YAMLReader.read("k: \(text)\n").root["k"]
    switch value?.content {
    case .null?: #expect(kind == "null")
    case .bool?: #expect(kind == "bool")
    case .number?: #expect(kind == "number")
    case .string?: #expect(kind == "string")
    default: Issue.record("no scalar")
    }
  }

  @Test func `whole numbers are read in every base`() throws {
    let root = try YAMLReader.read("[0123, 0o17, 0x1F, -0b101, 1_000, 99999999999999999999]").root
    #expect(root.list?.map(\.integer) == [83, 15, 31, -5, 1_000, nil])
  }

  @Test func `a stream may hold several documents`() throws {
    let documents = try YAMLReader.readAll(bytes: Array("a: 1\n---\nb: 2\n...\n---\n- c\n".utf8))
    #expect(documents.map(\.root.start.line) == [1, 3, 6])
    #expect(try YAMLReader.readAll(bytes: []).isEmpty)
  }

  @Test func `tags and aliases are kept beside their values`() throws {
    let root = try YAMLReader.read("a: &x !override [1]\nb: *x\n").root
    #expect(root["a"]?.tag == "!override")
    #expect(root["b"]?.isAlias == true)
    #expect(root["b"]?.start == Position(line: 2, column: 4))
    #expect(root["b"]?[0]?.integer == 1)
  }

  @Test(arguments: [
    ("a: 1\na: 2\n", "2:1: the key \"a\" stands twice in its mapping"),
    ("a: [1\n", "2:1: while parsing a flow sequence, did not find expected ',' or ']'"),
    (
      "a:\n\t- b\n",
      "2:1: while scanning for the next token, found character that cannot start any token"
    ),
    ("a: *x\n", "1:4: no anchor '&x' before this alias"),
    ("a: &x [*x]\n", "1:8: the alias '*x' stands inside its own anchor"),
    ("? [a]\n: b\n", "1:3: a key must be text"),
    ("<<: 1\n", "1:1: a merge key takes a mapping or a sequence of mappings"),
    ("k: !!int x\n", "1:4: \"x\" does not fit its tag"),
    ("", "1:1: the file is empty"), ("a\n---\nb\n", "3:1: the file has more than one document"),
    ("a: \u{1}\n", "1:4: control characters are not allowed"),
  ])
  func `a fault is named with its place`(text: String, message: String) {
    let error = #expect(throws: SyntaxError.self) { try YAMLReader.read(text) }
    #expect(error?.description == message)
  }

  @Test func `bytes that are not UTF-8 are refused with their place`() {
    let error = #expect(throws: SyntaxError.self) {
      try YAMLReader.read(bytes: Array("a: b\nc: ".utf8) + [0xFF, 0x0A])
    }
    #expect(error?.description == "2:4: invalid leading UTF-8 octet")
  }

  @Test func `a file cannot grow by its aliases`() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...9 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    let error = #expect(throws: SyntaxError.self) { try YAMLReader.read(text) }
    #expect(error?.message == "more than 1000000 values")
  }

  @Test func `nesting is bounded, also through aliases`() {
    let flat = String(repeating: "[", count: 100_000)
    let error = #expect(throws: SyntaxError.self) { try YAMLReader.read(flat) }
    #expect(error?.message == "nested deeper than 128 levels")

    var text = "- &a0 [x]\n"
    for level in 1...200 { text += "- &a\(level) [*a\(level - 1)]\n" }
    let second = #expect(throws: SyntaxError.self) { try YAMLReader.read(text) }
    #expect(second?.message == "nested deeper than 128 levels")
  }

  @Test func `a file that is too large is refused before it is scanned`() {
    let bytes = [UInt8](repeating: 0x20, count: 16 * 1_024 * 1_024 + 1)
    let error = #expect(throws: SyntaxError.self) { try YAMLReader.read(bytes: bytes) }
    #expect(error?.message == "the text is larger than 16777216 bytes")
  }
}
