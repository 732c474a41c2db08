/// Reads JSON text, strictly by [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259): no comments, no
/// trailing commas, no byte order mark, no lone surrogates, and each name once in its object.
package struct JSONReader {
  private var cursor: ByteCursor
  private var nodes = 0

  /// The document in these bytes.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func read(bytes: [UInt8]) throws(SyntaxError) -> LocatedDocument {
    var reader = JSONReader(cursor: try ByteCursor(bytes))
    let root = try reader.value(depth: 0)
    reader.skipBlanks()
    guard reader.cursor.isAtEnd else {
      throw reader.cursor.fault("unexpected \(reader.cursor.nextForMessage) after the value")
    }
    return LocatedDocument(root)
  }

  /// The document in this text.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func read(_ text: String) throws(SyntaxError) -> LocatedDocument {
    try read(bytes: Array(text.utf8))
  }

  private init(cursor: ByteCursor) { self.cursor = cursor }

  private mutating func skipBlanks() { cursor.skipBlanks() }

  private mutating func value(depth: Int) throws(SyntaxError) -> LocatedValue {
    skipBlanks()
    nodes += 1
    guard nodes <= DocumentLimits.nodes else {
      throw cursor.fault("more than \(DocumentLimits.nodes) values")
    }
    guard depth <= DocumentLimits.depth else {
      throw cursor.fault("nested deeper than \(DocumentLimits.depth) levels")
    }
    let start = cursor.position
    let content: LocatedValue.Content
    switch cursor.next {
    case UInt8(ascii: "{"): content = .map(try members(depth: depth))
    case UInt8(ascii: "["): content = .list(try elements(depth: depth))
    case UInt8(ascii: "\""): content = .string(try string())
    case let byte? where byte.isASCIIDigit || byte == UInt8(ascii: "-"):
      content = .number(try number())
    case UInt8(ascii: "t"): content = try word("true", .bool(true))
    case UInt8(ascii: "f"): content = try word("false", .bool(false))
    case UInt8(ascii: "n"): content = try word("null", .null)
    default: throw cursor.fault("expected a value, found \(cursor.nextForMessage)")
    }
    return LocatedValue(content, start: start, lastLine: cursor.position.line)
  }

  private mutating func word(
    _ word: String, _ content: LocatedValue.Content
  ) throws(SyntaxError) -> LocatedValue.Content {
    guard cursor.starts(with: word) else { throw cursor.fault("expected '\(word)'") }
    cursor.skip(word.utf8.count)
    return content
  }

  private mutating func expect(_ byte: UInt8) throws(SyntaxError) {
    guard cursor.next == byte else {
      let name = String(decoding: [byte], as: UTF8.self)
      throw cursor.fault("expected '\(name)', found \(cursor.nextForMessage)")
    }
    cursor.take()
  }

  /// Takes the closing bracket, or the comma before another item.
  private mutating func hasAnother(
    before close: UInt8, isFirst: Bool
  ) throws(SyntaxError) -> Bool {
    skipBlanks()
    if cursor.next == close {
      cursor.take()
      return false
    }
    if !isFirst { try expect(UInt8(ascii: ",")) }
    return true
  }

  private mutating func elements(depth: Int) throws(SyntaxError) -> [LocatedValue] {
    cursor.take()
    var elements: [LocatedValue] = []
    while try hasAnother(before: UInt8(ascii: "]"), isFirst: elements.isEmpty) {
      elements.append(try value(depth: depth + 1))
    }
    return elements
  }

  private mutating func members(depth: Int) throws(SyntaxError) -> [LocatedMember] {
    cursor.take()
    var members: [LocatedMember] = []
    var seen = SeenKeys()
    while try hasAnother(before: UInt8(ascii: "}"), isFirst: members.isEmpty) {
      skipBlanks()
      let start = cursor.position
      guard cursor.next == UInt8(ascii: "\"") else {
        throw cursor.fault("expected a name, found \(cursor.nextForMessage)")
      }
      let key = try string()
      guard seen.insert(key) else {
        throw SyntaxError(at: start, "the name \(key.quotedForMessage) stands twice in its object")
      }
      skipBlanks()
      try expect(UInt8(ascii: ":"))
      let value = try value(depth: depth + 1)
      members.append(LocatedMember(key: key, keyStart: start, value: value))
    }
    return members
  }

  private mutating func number() throws(SyntaxError) -> String {
    let start = cursor.position
    let bytes = cursor.take { $0.isASCIIDigit || "+-.eE".utf8.contains($0) }
    let text = String(decoding: bytes, as: UTF8.self)
    guard ExactNumber(text) != nil else {
      throw SyntaxError(at: start, "\(text.quotedForMessage) is not a number")
    }
    return text
  }

  private mutating func string() throws(SyntaxError) -> String {
    cursor.take()
    if let text = cursor.takeText(before: UInt8(ascii: "\"")) { return text }
    var bytes: [UInt8] = []
    while true {
      switch cursor.next {
      case UInt8(ascii: "\"")?:
        cursor.take()
        return String(decoding: bytes, as: UTF8.self)
      case UInt8(ascii: "\\")?:
        try escape(into: &bytes)
      case let byte? where byte >= 0x20:
        bytes.append(byte)
        cursor.take()
      case nil: throw cursor.fault("the string does not end")
      case _?: throw cursor.fault("a control character must be escaped in a string")
      }
    }
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(SyntaxError) {
    let start = cursor.position
    cursor.take()
    switch cursor.take() {
    case UInt8(ascii: "b")?: bytes.append(0x08)
    case UInt8(ascii: "t")?: bytes.append(0x09)
    case UInt8(ascii: "n")?: bytes.append(0x0A)
    case UInt8(ascii: "f")?: bytes.append(0x0C)
    case UInt8(ascii: "r")?: bytes.append(0x0D)
    case let byte? where "\"\\/".utf8.contains(byte): bytes.append(byte)
    case UInt8(ascii: "u")?:
      var code = try hexadecimal(start)
      if (0xD800...0xDBFF).contains(code), cursor.starts(with: "\\u") {
        cursor.skip(2)
        let low = try hexadecimal(start)
        guard (0xDC00...0xDFFF).contains(low) else {
          throw SyntaxError(at: start, "half of a surrogate pair")
        }
        code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(code) else {
        throw SyntaxError(at: start, "half of a surrogate pair")
      }
      bytes.append(contentsOf: String(scalar).utf8)
    default: throw SyntaxError(at: start, "no such escape")
    }
  }

  private mutating func hexadecimal(_ start: Position) throws(SyntaxError) -> UInt32 {
    var code: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = cursor.take()?.hexDigitValue else {
        throw SyntaxError(at: start, "'\\u' needs four hexadecimal digits")
      }
      code = code << 4 | digit
    }
    return code
  }
}
