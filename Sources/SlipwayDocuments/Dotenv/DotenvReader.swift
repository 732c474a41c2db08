/// Reads an `env_file` as the parser of compose-go v2 does
/// ([dotenv/parser.go](https://github.com/compose-spec/compose-go/blob/main/dotenv/parser.go)):
/// `export`, `KEY=value`, `KEY: value`, bare `KEY`, both quotes over several lines, comments.
///
/// Variables in values are recognised and not expanded: what they would be is not in the file.
///
/// Two differences: a variable without a name is refused, where Compose keeps one with an empty
/// name, and only blanks of ASCII are blanks.
package struct DotenvReader {
  private var cursor: ByteCursor
  private var variables: [LocatedVariable] = []
  private var comments: [LocatedComment] = []

  /// The file in these bytes.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func read(bytes: [UInt8]) throws(SyntaxError) -> LocatedDotenv {
    let hasMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var reader = DotenvReader(cursor: try ByteCursor(hasMark ? Array(bytes.dropFirst(3)) : bytes))
    try reader.readAll()
    return LocatedDotenv(reader.variables, reader.comments)
  }

  /// The file in this text.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func read(_ text: String) throws(SyntaxError) -> LocatedDotenv {
    try read(bytes: Array(text.utf8))
  }

  private init(cursor: ByteCursor) { self.cursor = cursor }

  private mutating func readAll() throws(SyntaxError) {
    while true {
      cursor.take { $0.isSpaceInLine || $0 == 0x0A }
      switch cursor.next {
      case nil: return
      case UInt8(ascii: "#")?: comment()
      case _?: try variable()
      }
    }
  }

  private mutating func comment() {
    let start = cursor.position
    cursor.take()
    if cursor.next == 0x20 { cursor.take() }
    let text = String(trimming: cursor.take { $0 != 0x0A })
    comments.append(LocatedComment(text: text, start: start))
  }

  private mutating func variable() throws(SyntaxError) {
    skipExport()
    let start = cursor.position
    let first = cursor.index
    while let byte = cursor.next, !"=:\n".utf8.contains(byte) {
      guard byte.isSpaceInLine || DotenvReader.isNameByte(byte) else {
        throw cursor.fault("unexpected \(cursor.nextForMessage) in the name of a variable")
      }
      cursor.take()
    }
    let key = String(trimming: cursor.bytes[first..<cursor.index])
    guard !key.isEmpty else { throw cursor.fault("a variable has no name") }
    guard !key.utf8.contains(where: \.isSpaceInLine) else {
      throw SyntaxError(at: start, "the name of a variable holds a blank")
    }
    let end = cursor.take()
    cursor.take(while: \.isSpaceInLine)
    let valueStart = cursor.position
    let value: LocatedVariable.Value =
      end == nil || end == 0x0A ? .inherited : try self.value()
    variables.append(
      LocatedVariable(
        key: key, value: value, start: start, valueStart: valueStart,
        lastLine: value == .inherited ? start.line : cursor.position.line))
  }

  /// Compose also takes letters of other alphabets, every byte of which is above ASCII.
  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte.isASCIIDigit || byte >= 0x80 || "_.-[]".utf8.contains(byte)
  }

  private mutating func skipExport() {
    guard cursor.starts(with: "export"), let next = cursor.peek(6), next.isSpaceInLine else {
      return
    }
    cursor.skip(6)
    cursor.take(while: \.isSpaceInLine)
  }

  private mutating func value() throws(SyntaxError) -> LocatedVariable.Value {
    let start = cursor.position
    let value: LocatedVariable.Value?
    switch cursor.next {
    case UInt8(ascii: "'")?:
      value = .literal(String(decoding: try quoted(UInt8(ascii: "'")), as: UTF8.self))
    case UInt8(ascii: "\"")?:
      value = DotenvEscapes.resolve(try quoted(UInt8(ascii: "\"")))
    default:
      var line = cursor.take { $0 != 0x0A }
      if let comment = DotenvReader.startOfComment(line) { line = line[..<comment] }
      value = DotenvEscapes.template(Array(String(trimming: line).utf8))
    }
    guard let value else {
      throw SyntaxError(at: start, "'${' without a name and '}' in a value")
    }
    return value
  }

  private static func startOfComment(_ line: ArraySlice<UInt8>) -> Int? {
    line.indices.dropLast().first { line[$0] == 0x20 && line[$0 + 1] == UInt8(ascii: "#") }
  }

  /// The bytes between quotes, with `\` before the quote removed and every other one kept.
  private mutating func quoted(_ quote: UInt8) throws(SyntaxError) -> [UInt8] {
    let start = cursor.position
    cursor.take()
    var result: [UInt8] = []
    var isEscaped = false
    while let byte = cursor.take() {
      if byte == quote, !isEscaped { return result }
      if byte == UInt8(ascii: "\\"), !isEscaped {
        isEscaped = true
        continue
      }
      if isEscaped, byte != quote { result.append(UInt8(ascii: "\\")) }
      isEscaped = false
      result.append(byte)
    }
    throw SyntaxError(at: start, "the quote does not end")
  }
}
