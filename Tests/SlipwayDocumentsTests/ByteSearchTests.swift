import SlipwayDocuments
import Testing

@Suite struct ByteSearchTests {
  @Test func `a piece is found at the front, inside and at the end`() {
    let search = ByteSearch("abcab")
    #expect(search.isIn("abcab"))
    #expect(search.isIn("abcabx"))
    #expect(search.isIn("ababcab"))
    #expect(search.isIn("xabcabcab"))
    #expect(search.isIn("xxababcabxx".dropFirst(2)))
  }

  @Test func `what is not there is not found`() {
    let search = ByteSearch("abcab")
    #expect(!search.isIn(""))
    #expect(!search.isIn("abca"))
    #expect(!search.isIn("abcacabc"))
    #expect(!search.isIn("abcab".dropLast()))
    #expect(!ByteSearch(bytes: []).isIn("abc"))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func `what is found is what the standard library finds`(seed: UInt64) {
    var random = Seeded(seed)
    for _ in 0..<100 {
      let text = String(
        decoding: (0..<random.below(60)).map { _ in random.pick(Array("ab \n".utf8)) },
        as: UTF8.self)
      let piece = String(
        decoding: (0...random.below(3)).map { _ in random.pick(Array("ab".utf8)) }, as: UTF8.self)
      let search = ByteSearch(bytes: Array(piece.utf8))
      #expect(search.isIn(text) == text.contains(piece), "'\(piece)' in '\(text)'")
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      let found = lines.indices.filter { lines[$0].contains(piece) }.map { $0 + 1 }
      #expect(search.lines(of: text).map(\.number) == found, "'\(piece)' in '\(text)'")
    }
  }

  @Test func `every piece of a text is found, and nothing longer`() {
    let text = "aabaabaaab\u{e9}aab\nbaabaab\n\n"
    let bytes = Array(text.utf8)
    for start in bytes.indices {
      for end in bytes.indices where end > start {
        let piece = Array(bytes[start..<end])
        #expect(ByteSearch(bytes: piece).isIn(text), "\(start)..<\(end)")
        let absent = piece + [UInt8(ascii: "x")]
        #expect(!ByteSearch(bytes: absent).isIn(text), "\(start)..<\(end)")
      }
    }
  }

  @Test func `lines are counted from one, and each is there once`() {
    let lines = ByteSearch("key").lines(of: "key\nno\n  key and key\n\nlast key")
    #expect(lines.map(\.number) == [1, 3, 5])
    #expect(lines.map { String($0.text) } == ["key", "  key and key", "last key"])
  }

  @Test func `a piece may hold the end of a line`() {
    let lines = ByteSearch("a\nb").lines(of: "xa\nb\nya\nbz")
    #expect(lines.map(\.number) == [1, 3])
  }

  @Test func `words behind a piece end where the condition does`() {
    let search = ByteSearch("--to ")
    let words = search.words(after: "--to one --to two; --to ;--to") { $0 > 0x3B }
    #expect(words == ["one", "two", ""])
  }

  @Test func `a mark behind a letter does not hide the letter`() {
    // To the standard library `e` with an accent behind it is another character.
    #expect(ByteSearch("cafe").isIn("cafe\u{301}"))
  }
}
