/// A value as the builder resolves it, by its shell lexer
/// ([lex.go](https://github.com/moby/buildkit/blob/master/frontend/dockerfile/shell/lex.go)), up to
/// variables.
struct DockerfileValue {
  /// The value after quotes and escapes. If it holds variables, their dollar signs stand bare, and
  /// so do escaped ones.
  private(set) var text = ""
  /// Whether `$name`, `${name}` or a numbered or special parameter occurs in it.
  private(set) var holdsVariables = false

  /// The value of a word with its quotes and escapes.
  init(_ word: String, escape: UInt8) {
    let bytes = Array(word.utf8)
    var result: [UInt8] = []
    var quote: UInt8?
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      let next = index + 1 < bytes.count ? bytes[index + 1] : nil
      index += 1
      switch byte {
      case escape where quote != UInt8(ascii: "'"):
        let isTaken =
          quote == nil || next == UInt8(ascii: "\"") || next == UInt8(ascii: "$")
          || next == escape
        if !isTaken { result.append(byte) }
        if let next { result.append(next) }
        index += 1
      case quote: quote = nil
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        if quote == nil { quote = byte } else { result.append(byte) }
      case UInt8(ascii: "$") where quote != UInt8(ascii: "'"):
        result.append(byte)
        if let next, DockerfileValue.beginsName(next) { holdsVariables = true }
      default: result.append(byte)
      }
    }
    text = String(decoding: result, as: UTF8.self)
  }

  private static func beginsName(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || "_{@*#?-$!".utf8.contains(byte)
  }
}
