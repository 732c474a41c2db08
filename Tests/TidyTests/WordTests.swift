import Foundation
import TestSupport
import Testing

/// Words that must not stand in some files.
struct WordTests {
  /// Put together here, so that this file does not hold them.
  private static let unfinished = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
  private static let tools = [
    "farm" + "-bench", "duplicates" + " --change", "/wo" + "rk/", "help" + "er-",
  ]

  @Test func `the generator does not know which service it deploys`() {
    let judged = Repository.written.filter { file in
      file.path.hasPrefix("Sources/Slipway") || file.path.hasPrefix("templates/")
    }
    #expect(judged.count > 100)
    #expect(places(of: ["flow" + "rex"], in: judged, options: .caseInsensitive) == [])
  }

  @Test(.covers("S03-CL-CODE-05")) func `nothing waits to be done`() {
    #expect(places(of: Self.unfinished, in: Repository.written) == [])
  }

  @Test func `nothing tells of the machine that it was written on`() {
    #expect(places(of: Self.tools, in: Repository.written) == [])
  }

  private func places(
    of words: [String], in files: [Repository.File], options: String.CompareOptions = []
  ) -> [String] {
    func stands(in text: some StringProtocol) -> Bool {
      words.contains { text.range(of: $0, options: options) != nil }
    }
    return files.filter { stands(in: $0.text) }.flatMap { file in
      file.lines.indices.filter { stands(in: file.lines[$0]) }.map { "\(file):\($0 + 1)" }
    }
  }
}
