extension Lexer {
  /// A string, when a quote comes next; else `nil`.
  mutating func scanString(_ next: Unicode.Scalar) -> Token.Kind? {
    switch next {
    case "`": return scanRawString()
    case "\"", "'": return scanQuotedString(quote: bytes[index])
    default: return nil
    }
  }

  private mutating func broken(_ message: String, expected: String? = nil) -> Token.Kind {
    index = bytes.count
    return .invalid(message, expected: expected)
  }

  private mutating func scanRawString() -> Token.Kind {
    index += 1
    let start = index
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "`") {
        index += 1
        return .string(StringValue(bytes: Array(bytes[start..<index - 1])))
      }
      if isReplacementCharacter() { return broken("a string may not hold a bare U+FFFD") }
      index += 1
    }
    return broken("a string in backticks is not closed", expected: "'`'")
  }

  private mutating func scanQuotedString(quote: UInt8) -> Token.Kind {
    index += 1
    var value: [UInt8] = []
    while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
      let byte = bytes[index]
      if byte == quote {
        index += 1
        return .string(StringValue(bytes: value))
      }
      if byte == UInt8(ascii: "\\") {
        if let problem = scanEscape(quote: quote, into: &value) { return problem }
        continue
      }
      if isReplacementCharacter() {
        return broken("a string may not hold a bare U+FFFD", expected: "\\ufffd")
      }
      value.append(byte)
      index += 1
    }
    return broken(
      "a string is not closed on its line", expected: "\(Character(Unicode.Scalar(quote)))")
  }

  /// Prometheus reads U+FFFD as the mark of broken UTF-8.
  private func isReplacementCharacter() -> Bool {
    bytes[index] == 0xEF && bytes[index...].starts(with: [0xEF, 0xBF, 0xBD])
  }

  private mutating func scanEscape(quote: UInt8, into value: inout [UInt8]) -> Token.Kind? {
    index += 1
    guard let next = peek() else { return broken("an escape is not finished") }
    if bytes[index] == quote {
      value.append(quote)
      index += 1
      return nil
    }
    switch next {
    case "0"..."7": return scanCode(digits: 3, radix: 8, isByte: true, into: &value)
    case "x":
      index += 1
      return scanCode(digits: 2, radix: 16, isByte: true, into: &value)
    case "u":
      index += 1
      return scanCode(digits: 4, radix: 16, isByte: false, into: &value)
    case "U":
      index += 1
      return scanCode(digits: 8, radix: 16, isByte: false, into: &value)
    default:
      guard let byte = Lexer.simpleEscape(next) else {
        let shown = Quoting.scalar(in: bytes, at: index).map { String(Character($0.0)) } ?? "?"
        return broken(
          "unknown escape '\\\(shown)' in a string",
          expected: "one of \\a \\b \\f \\n \\r \\t \\v \\\\ \\x \\u \\U, octal digits or the quote"
        )
      }
      value.append(byte)
      index += 1
      return nil
    }
  }

  private static func simpleEscape(_ scalar: Unicode.Scalar) -> UInt8? {
    switch scalar {
    case "a": 0x07
    case "b": 0x08
    case "f": 0x0C
    case "n": 0x0A
    case "r": 0x0D
    case "t": 0x09
    case "v": 0x0B
    case "\\": 0x5C
    default: nil
    }
  }

  private mutating func scanCode(
    digits: Int, radix: UInt32, isByte: Bool, into value: inout [UInt8]
  ) -> Token.Kind? {
    var code: UInt32 = 0
    for _ in 0..<digits {
      guard index < bytes.count, let digit = bytes[index].hexValue, digit < radix else {
        return broken("an escape is not finished", expected: "\(digits) digits")
      }
      code = code &* radix &+ digit
      index += 1
    }
    if isByte {
      guard let byte = UInt8(exactly: code) else { return broken("an octal escape is above 255") }
      value.append(byte)
      return nil
    }
    guard let scalar = Unicode.Scalar(code) else {
      return broken("an escape names no Unicode character")
    }
    value.append(contentsOf: Array(String(Character(scalar)).utf8))
    return nil
  }
}
