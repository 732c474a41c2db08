import Testing

/// A measure that sees too little would let everything pass.
struct SwiftTokensTests {
  private func words(_ text: String) -> [String] { SwiftTokens(text).tokens.map(\.text) }

  @Test func `comments and strings are no code`() {
    #expect(words("a // Any\nb /* Any /* x */ Any */ c \"Any\" d") == ["a", "b", "c", "\"", "d"])
    #expect(words("#\"Any \" \\(x)\"# e") == ["\"", "e"])
    #expect(words("\"\"\"\nAny \" x\n\"\"\" f") == ["\"", "f"])
    #expect(words("\"a \\\" Any\" g") == ["\"", "g"])
  }

  @Test func `what stands in an interpolation is code`() {
    #expect(words("\"x \\(a as! B) y\" c") == ["\"", "a", "as", "!", "B", "c"])
    #expect(words("\"\\(f(\"Any\"))\" z").suffix(1) == ["z"])
  }

  @Test func `lines are counted through strings and comments`() {
    let tokens = SwiftTokens("a\n/*\n*/ b\n\"\"\"\nx\n\"\"\"\nc").tokens
    #expect(tokens.map(\.line) == [1, 3, 4, 7])
  }

  @Test func `a function is as long as from its name to its last brace`() {
    let text = """
      func one(
        _ a: () -> Void = { }
      ) {
        if x { y() }
      }
      protocol P {
        func two()
        var three: Int { get }
      }
      struct S {
        let four = 4
        init() {
          five()
        }
        var six: Int {
          7
        }
      }
      """
    let functions = SwiftTokens(text).functions
    #expect(functions.map(\.length) == [5, 1, 3, 3])
    #expect(functions.map(\.start) == [1, 8, 12, 15])
  }

  @Test func `a pattern is found where its tokens follow each other`() {
    let tokens = SwiftTokens(
      "x as! Y\nlet d = Date()\nprinter.print(a)\nfunc print(b) {}\nprint(c)")
    #expect(tokens.lines(of: "as", "!", glued: true) == [1])
    #expect(SwiftTokens("try !x\ntry! y").lines(of: "try", "!", glued: true) == [2])
    #expect(tokens.lines(of: "Date", "(", ")") == [2])
    #expect(tokens.lines(of: "print", "(", notAfter: [".", "func"]) == [5])
  }
}
