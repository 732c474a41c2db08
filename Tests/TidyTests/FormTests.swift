import TestSupport
import Testing

/// The house rules about code that no formatter knows. (design §8)
struct FormTests {
  /// The executables: they alone may print; the rest hands its words to them.
  private static let executables = [
    "Sources/slipway/", "Sources/slipway-gate/", "Sources/catalogue/", "Sources/SlipwayCommand/",
    "Sources/traceability/", "Sources/flowrex/", "Sources/flowrex-console/",
    // What both programs share of the world: clock, dice, files, signals.
    "Sources/FlowrexHost/",
  ]

  @Test func `there is something to look at`() {
    #expect(Repository.sources.count > 200)
    #expect(Repository.swift.count > Repository.sources.count)
  }

  /// An address, the text of an attribute, which must be one literal, and in tests a literal that
  /// is somebody else's text.
  private static func mayBeLong(_ index: Int, _ file: Repository.File) -> Bool {
    let line = file.lines[index].drop { $0 == " " }
    let isLiteral = line.hasPrefix("\"") && (line.hasSuffix("\"") || line.hasSuffix("\","))
    let before = index > 0 ? file.lines[index - 1].drop { $0 == " " } : ""
    return line.contains("://") || isLiteral && before == "message:"
      || isLiteral && file.path.hasPrefix("Tests/")
  }

  @Test func `no line is longer than 100 columns`() {
    let judged = Repository.written.filter { file in
      file.name.hasSuffix(".swift")
        || file.path.hasPrefix("scripts/")
          && !file.name.hasSuffix(".txt")
        || file.name == "Makefile"
    }
    let found = judged.flatMap { file in
      file.lines.indices.filter { file.lines[$0].isLong && !Self.mayBeLong($0, file) }
        .map { "\(file):\($0 + 1)" }
    }
    #expect(found == [])
  }

  /// The manifest may be as long as a test: the package manager reads one file and no other.
  @Test func `no file is longer than 400 lines, nor a test than 600`() {
    let found = Repository.swift.filter { file in
      let mayBeLong = file.path.hasPrefix("Tests/") || file.path == "Package.swift"
      return file.lines.count > (mayBeLong ? 601 : 401)
    }
    #expect(found.map(\.path) == [])
  }

  @Test func `no function is longer than 60 lines`() {
    let found = Repository.swift.flatMap { file in
      file.tokens.functions.filter { $0.length > 60 }
        .map { "\(file):\($0.start) '\($0.name)' has \($0.length) lines" }
    }
    #expect(found == [])
  }

  @Test(.covers("S03-CL-CODE-02", "S03-CL-CODE-04"))
  func `nothing is of any type, and nothing is forced`() {
    let found = Repository.swift.flatMap { file in
      let tokens = file.tokens
      let lines =
        tokens.lines(of: "Any") + tokens.lines(of: "as", "!", glued: true)
        + tokens.lines(of: "try", "!", glued: true)
      return lines.map { "\(file):\($0)" }
    }
    #expect(found == [])
  }

  @Test func `only executables print`() {
    let judged = Repository.sources.filter { file in
      !Self.executables.contains { file.path.hasPrefix($0) }
    }
    let found = judged.flatMap { file in
      let tokens = file.tokens
      let lines =
        tokens.lines(of: "print", "(", notAfter: [".", "func"])
        + tokens.lines(of: "Swift", ".", "print") + tokens.lines(of: "debugPrint", "(")
      return lines.map { "\(file):\($0)" }
    }
    #expect(found == [])
  }

  /// What tells the time of day. A monotonic clock, which bounds a wait, tells none.
  private static let clocks = [
    ("Date", "("), ("Date", "."), ("clock_gettime", "("), ("gettimeofday", "("),
  ]
  private static let dice = [
    "UUID", "SystemRandomNumberGenerator", "randomElement", "shuffled", "shuffle",
  ]

  @Test func `no library looks at the clock or throws dice`() {
    let judged = Repository.sources.filter { file in
      !Self.executables.contains { file.path.hasPrefix($0) }
    }
    let found = judged.flatMap { file in
      let tokens = file.tokens
      let lines =
        Self.clocks.flatMap { tokens.lines(of: $0.0, $0.1) }
        + Self.dice.flatMap { tokens.lines(of: $0) } + tokens.lines(of: ".", "random", "(")
      return lines.map { "\(file):\($0)" }
    }
    #expect(found == [])
  }
}

extension Substring {
  /// Counted as an editor counts; bytes are counted first, since that is much faster.
  fileprivate var isLong: Bool { utf8.count > 100 && count > 100 }
}
