import SlipwayDocuments
import Testing

@Suite struct DotenvTests {
  @Test(arguments: [
    ("", ""), ("redis:6379", "redis:6379"), ("a=b,c+d@e%", "a=b,c+d@e%"), ("x y", "'x y'"),
    ("p${HOME}w", "'p${HOME}w'"), ("x # c", "'x # c'"), ("{\"a\": 1}", "'{\"a\": 1}'"),
    (" ", "' '"),
    ("it's", "\"it's\""), ("a\\b", "\"a\\\\b\""), ("a\nb", "\"a\\nb\""), ("$'", "\"\\$'\""),
    ("\t\r", "\"\\t\\r\""), ("\"'", "\"\\\"'\""), ("\\$x", "\"\\\\\\$x\""), ("日本", "'日本'"),
    ("a\u{A0}", "'a\u{A0}'"),
  ])
  func `each value has one quoting, and it reads back`(value: String, written: String) throws {
    let text = try Document.dotenv([.variable("K", value)]).print()
    #expect(text == "K=\(written)\n")
    #expect(try DotenvReader.read(text)["K"]?.literal?.exact == value.exact)
  }

  @Test func `comments and variables keep their order under the header`() throws {
    let entries: [DotenvEntry] = [
      .comment("database\n"), .variable("A", "1"), .variable("b.c-d", ""),
    ]
    #expect(
      try Document.dotenv(entries).print(header: Header(source: "s", command: "c")) == """
        # Generated from s by `c`. Edit the Swift, not this.
        # database
        #
        A=1
        b.c-d=

        """)
  }

  @Test func `what Compose would skip, merge or refuse is refused`() {
    func refused(_ entries: [DotenvEntry], _ text: String) {
      let error = #expect(throws: PrintError.self) { try Document.dotenv(entries).print() }
      #expect(error?.description == text)
    }
    let name = "a key is letters, digits, '_', '.' and '-', no digit first"
    refused([.variable("1A", "x")], "1A: \(name)")
    refused([.variable("", "x")], "\"\": \(name)")
    refused([.variable("A B", "x")], "\"A B\": \(name)")
    refused([.variable("A", "1"), .variable("A", "2")], "A: the key stands twice in the file")
    refused([.variable("A", "\u{0}")], "A: a NUL character cannot be written")
  }

  @Test func `the forms that people write are read as Compose reads them`() throws {
    let file = try DotenvReader.read(
      bytes: [0xEF, 0xBB, 0xBF]
        + Array(
          #"""
          # comment
          A=plain value # comment
          B="two\nlines" # comment
          export C='single $x \' \n'
          D: yaml style
          E=
          F
          G="a
          b"
          H=$A-${B:-x}
          I=a#b
            J = spaced
          K="\x \0101 \$HOME $$HOME \q"
          L=cost: 5$
          A=again
          """#.utf8))
    #expect(file["A"]?.literal == "again")
    #expect(file.variables.first?.literal == "plain value")
    #expect(file["B"]?.literal == "two\nlines")
    #expect(file["C"]?.literal == #"single $x ' \n"#)
    #expect(file["D"]?.literal == "yaml style")
    #expect(file["E"]?.literal == "")
    #expect(file["F"]?.value == .inherited)
    #expect(file["G"]?.literal == "a\nb")
    #expect(file["H"]?.value == .template("$A-${B:-x}"))
    #expect(file["I"]?.literal == "a#b")
    #expect(file["J"]?.literal == "spaced")
    #expect(file["K"]?.literal == #"\x A $HOME $HOME \q"#)
    #expect(file["L"]?.literal == "cost: 5$")
    #expect(file["C"]?.start == Position(line: 4, column: 8))
    #expect(file["C"]?.valueStart == Position(line: 4, column: 10))
    #expect(file.path(atLine: 1)?.description == "#")
    #expect(file.path(atLine: 9)?.description == "G")
    #expect(file.comments.map(\.start.line) == [1, 3])
  }

  @Test(arguments: [
    ("A B=1", "1:1: the name of a variable holds a blank"),
    ("A\nB!=1", "2:2: unexpected \"!\" in the name of a variable"),
    ("=x", "1:1: a variable has no name"), ("A=\"x\n", "1:3: the quote does not end"),
    ("A='x\\'", "1:3: the quote does not end"),
    ("A=${}", "1:3: '${' without a name and '}' in a value"),
    ("A=\"${x\"", "1:3: '${' without a name and '}' in a value"),
  ])
  func `a fault is named with its place`(text: String, message: String) {
    let error = #expect(throws: SyntaxError.self) { try DotenvReader.read(text) }
    #expect(error?.description == message)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `printed variables read back as the same variables`(seed: UInt64) throws {
    var random = Seeded(seed)
    for _ in 0..<5_000 {
      let values = (0..<random.below(8)).map { _ in
        Hostile.string(&random).replacing("\u{0}", with: "")
      }
      var entries: [DotenvEntry] = []
      for (index, value) in values.enumerated() {
        if random.chance(20) {
          entries.append(.comment(random.pick(["x", "A=1", "\"", "a\n\nb"])))
        }
        entries.append(.variable("K\(index)", value))
      }
      let text = try Document.dotenv(entries).print()
      let read = try DotenvReader.read(text).variables
      guard read.map({ $0.literal?.exact }) == values.map(\.exact) else {
        Issue.record("seed \(seed): \(values) was printed as \(text)")
        return
      }
    }
  }
}
