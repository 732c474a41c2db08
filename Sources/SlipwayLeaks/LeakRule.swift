/// A kind of secret that is known by its look.
package struct LeakRule: Sendable {
  /// `leaks/aws-access-key`
  package let id: String
  /// What it finds, as a sentence names it: `an access key of AWS`.
  package let what: String
  package let why: String
  package let fix: String
  /// The requirements that it enforces.
  package let source: [String]
  /// Texts one of which stands in every secret of this kind.
  let anchors: [[UInt8]]
  /// The secret around an anchor, or `nil` if there is none.
  let find: @Sendable (Text, Int) -> Range<Int>?

  init(
    _ id: String, _ what: String, fix: String = LeakRule.revoke, at anchors: [String],
    find: @escaping @Sendable (Text, Int) -> Range<Int>?
  ) {
    self.id = "leaks/\(id)"
    self.what = what
    why = "what stands in a file stands in its history and in every copy of it for ever"
    self.fix = fix
    source = ["S18-HS-07"]
    self.anchors = anchors.map { Array($0.utf8) }
    self.find = find
  }

  static let revoke =
    "revoke it where it was issued; keep its successor in the secret's source only"
}

/// A part of a token's look.
enum Piece: Sendable {
  case text(String)
  case oneOf([String])
  /// As many bytes of a set as there are; their number lies in a range.
  case run(ByteSet, ClosedRange<Int>)
}

extension LeakRule {
  /// A token that begins with one of these texts and goes on in this way. Nothing that belongs to
  /// a word stands before it, and nothing of its last run behind it.
  static func token(
    _ id: String, _ what: String, _ beginnings: [String], _ pieces: [Piece]
  ) -> LeakRule {
    let texts = beginnings.map { Array($0.utf8) }
    return LeakRule(id, what, at: beginnings) { text, offset in
      if offset > 0, ByteSet.alphanumeric.contains(text[offset - 1]) { return nil }
      // Of two beginnings the longer one: `sk_live_`, not `sk_`.
      guard let length = texts.filter({ text.has($0, at: offset) }).map(\.count).max(),
        let end = LeakRule.end(of: pieces, in: text, from: offset + length)
      else { return nil }
      return offset..<end
    }
  }

  static func end(of pieces: [Piece], in text: Text, from offset: Int) -> Int? {
    var index = offset
    for piece in pieces {
      switch piece {
      case .text(let wanted):
        let wanted = Array(wanted.utf8)
        guard text.has(wanted, at: index) else { return nil }
        index += wanted.count
      case .oneOf(let choices):
        guard let found = choices.first(where: { text.has(Array($0.utf8), at: index) })
        else { return nil }
        index += found.utf8.count
      case .run(let set, let lengths):
        let end = text.end(of: set, from: index, atMost: lengths.upperBound + 1)
        guard lengths.contains(end - index) else { return nil }
        index = end
      }
    }
    return index
  }
}

/// Something that must not stand where it stands. It does not hold what it found.
package struct Leak: Sendable, Hashable {
  package let rule: String
  package let what: String
  /// Counted from 1, in the file as it stands.
  package let line: Int
  /// The first 8 digits of the value's SHA-256: tells two values apart, and 32 bits are too few
  /// to find a value by guessing.
  package let fingerprint: String
}
