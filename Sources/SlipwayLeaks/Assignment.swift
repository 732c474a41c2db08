/// A value that is given to a name which promises a secret.
struct Assignment {
  let value: Range<Int>
  /// Whether a program would read it as text, not as the name of something.
  let isLiteral: Bool

  /// Parts of names that hold secrets, as they are written in files of all kinds.
  static let marks = [
    "password", "PASSWORD", "Password", "passwd", "PASSWD", "passphrase", "PASSPHRASE",
    "secret", "SECRET", "Secret", "token", "TOKEN", "Token", "credential", "CREDENTIAL",
    "apikey", "APIKEY", "apiKey", "ApiKey", "_KEY", "_key", "-key", "-Key", "Key", "_DSN", "_dsn",
    "_PWD", "_pwd", "requirepass", "masterauth",
  ].map { Array($0.utf8) }

  /// Ends of names that tell of a secret and hold none.
  private static let about = [
    "_file", "_path", "_name", "_id", "_algorithm", "_type", "_url", "_count", "_length", "_ttl",
    "_header", "_version", "_env", "-file", "-path", "-name", "publickey", "public_key",
    "public-key", "tokenkind", "keypath", "_label",
  ]

  /// The assignment around a mark that was found.
  static func find(_ text: Text, _ offset: Int, mark: Int) -> Assignment? {
    let start = text.start(of: .word, before: offset)
    let end = text.end(of: .word, from: offset + mark, atMost: 64)
    let name = text.string(start..<end).lowercased()
    guard !about.contains(where: name.hasSuffix) else { return nil }
    var index = end
    if index < text.count, ByteSet.quote.contains(text[index]) { index += 1 }
    if index < text.count, text[index] == UInt8(ascii: "]") { index += 1 }
    let blanks = index
    index = text.end(of: .blank, from: index)
    if let separated = separator(text, index) {
      index = separated
    } else if index > blanks, isGivenByABlank(text, start, name) {
      // `requirepass VALUE`, `ENV NAME VALUE`, `--password VALUE`.
    } else if let next = valueOnTheNextLine(text, index) {
      index = next
    } else {
      return nil
    }
    return value(text, text.end(of: .blank, from: index))
  }

  /// Behind `=`, `:`, `=>`, `:=` or the end of an element's tag.
  private static func separator(_ text: Text, _ offset: Int) -> Int? {
    guard offset < text.count else { return nil }
    switch text[offset] {
    case UInt8(ascii: "="):
      guard offset + 1 < text.count else { return nil }
      // A comparison gives nothing to anybody.
      if text[offset + 1] == UInt8(ascii: "=") { return nil }
      return text[offset + 1] == UInt8(ascii: ">") ? offset + 2 : offset + 1
    case UInt8(ascii: ":"):
      guard offset + 1 < text.count else { return nil }
      return text[offset + 1] == UInt8(ascii: "=") ? offset + 2 : offset + 1
    case UInt8(ascii: ">"): return offset + 1
    default: return nil
    }
  }

  private static func isGivenByABlank(_ text: Text, _ start: Int, _ name: String) -> Bool {
    if name == "requirepass" || name == "masterauth" || name.hasPrefix("--") { return true }
    let keyword = start - 4
    return text.has(Array("ENV ".utf8), at: keyword) || text.has(Array("ARG ".utf8), at: keyword)
  }

  /// `- name: NAME` with `value: VALUE` below it, as Kubernetes writes variables.
  private static func valueOnTheNextLine(_ text: Text, _ offset: Int) -> Int? {
    guard offset < text.count, text[offset] == 0x0A else { return nil }
    let index = text.end(of: .blank, from: offset + 1)
    let word = Array("value:".utf8)
    return text.has(word, at: index) ? index + word.count : nil
  }

  private static func value(_ text: Text, _ offset: Int) -> Assignment? {
    guard offset < text.count else { return nil }
    var start = offset
    // `b"…"` and `f"…"` of Python, `\"` of a text in a text.
    if start + 1 < text.count, text[start] == UInt8(ascii: "\\") { start += 1 }
    guard ByteSet.quote.contains(text[start]) else {
      let end = text.end(ofAllBut: .ends, from: start, atMost: 1_024)
      return end > start ? Assignment(value: start..<end, isLiteral: false) : nil
    }
    let quote = text[start]
    var end = start + 1
    let last = min(text.count, start + 1_024)
    while end < last, text[end] != quote, text[end] != 0x0A, text[end] != UInt8(ascii: "\\") {
      end += 1
    }
    return end > start + 1 ? Assignment(value: start + 1..<end, isLiteral: true) : nil
  }

  /// Whether a value only says where the secret is, or that there is none.
  static func isReference(_ value: String) -> Bool {
    guard let first = value.utf8.first else { return true }
    if "$<{/~@*.[(&!\\".utf8.contains(first) { return true }
    if ["${", "$(", "{{", "%(", "%{", "%s", "\\(", "<%", "](", "#{", "...", "…"].contains(
      where: value.contains)
    {
      return true
    }
    // `***`, `xxxx`, `XXXXXX`
    return Set(value.utf8).count <= 2
  }
}

extension Text {
  /// Where a run of all but these bytes ends.
  func end(ofAllBut set: ByteSet, from offset: Int, atMost length: Int) -> Int {
    var index = offset
    let last = min(count, offset + length)
    while index < last, !set.contains(bytes[index]) { index += 1 }
    return index
  }
}
