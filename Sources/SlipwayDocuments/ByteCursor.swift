/// A place in a text that moves forward byte by byte and knows its line and column.
struct ByteCursor {
  let bytes: [UInt8]
  private(set) var index = 0
  private var line = 1
  private var column = 1

  /// A cursor at the start of bytes that are valid UTF-8 and within the bounds.
  ///
  /// - Throws: `SyntaxError` for more than `DocumentLimits.bytes`, and at the first byte that is
  ///   not UTF-8.
  init(_ bytes: [UInt8]) throws(SyntaxError) {
    guard bytes.count <= DocumentLimits.bytes else {
      throw SyntaxError(
        at: Position(line: 1, column: 1), "the text is larger than \(DocumentLimits.bytes) bytes")
    }
    self.bytes = bytes
    if String(validating: bytes, as: UTF8.self) == nil {
      skip(ByteCursor.validPrefix(of: bytes))
      throw fault("the text is not UTF-8")
    }
  }

  private static func validPrefix(of bytes: [UInt8]) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var input = bytes.makeIterator()
    var count = 0
    while case .valid(let scalar) = parser.parseScalar(from: &input) { count += scalar.count }
    return count
  }

  /// Where the next byte stands.
  var position: Position { Position(line: line, column: column) }

  /// The next byte, or `nil` at the end.
  var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  /// Whether nothing is left.
  var isAtEnd: Bool { index == bytes.count }

  /// The byte this far behind the next one, or `nil` outside of the text.
  func peek(_ offset: Int) -> UInt8? {
    bytes.indices.contains(index + offset) ? bytes[index + offset] : nil
  }

  /// Whether the rest begins with these bytes.
  func starts(with prefix: String) -> Bool { bytes[index...].starts(with: prefix.utf8) }

  /// Takes the next byte.
  @discardableResult
  mutating func take() -> UInt8? {
    guard index < bytes.count else { return nil }
    let byte = bytes[index]
    index += 1
    if byte == 0x0A {
      line += 1
      column = 1
    } else if index == bytes.count || bytes[index] & 0xC0 != 0x80 {
      // A character counts once, with its last byte.
      column += 1
    }
    return byte
  }

  /// Takes this many bytes, or what is left.
  mutating func skip(_ count: Int) {
    for _ in 0..<count { take() }
  }

  /// Takes bytes as long as they satisfy the condition, and returns them.
  @discardableResult
  mutating func take(while condition: (UInt8) -> Bool) -> ArraySlice<UInt8> {
    let start = index
    while let byte = next, condition(byte) { take() }
    return bytes[start..<index]
  }

  /// Takes spaces, tabs, line feeds and carriage returns.
  mutating func skipBlanks() {
    let count = bytes.count
    while index < count {
      switch bytes[index] {
      case 0x20, 0x0D, 0x09: column += 1
      case 0x0A:
        line += 1
        column = 1
      default: return
      }
      index += 1
    }
  }

  /// Takes the text up to this mark, and the mark, if the text is ASCII without controls and
  /// without a backslash: as almost every text is, and then nothing else has to be looked at.
  mutating func takeText(before mark: UInt8) -> String? {
    let length = bytes.withUnsafeBufferPointer { bytes -> Int? in
      var end = index
      while end < bytes.count, bytes[end] != mark {
        guard (0x20...0x7E).contains(bytes[end]), bytes[end] != UInt8(ascii: "\\") else {
          return nil
        }
        end += 1
      }
      return end < bytes.count ? end - index : nil
    }
    guard let length else { return nil }
    let text = String(decoding: bytes[index..<(index + length)], as: UTF8.self)
    index += length + 1
    column += length + 1
    return text
  }

  /// An error at the next byte.
  func fault(_ message: String) -> SyntaxError { SyntaxError(at: position, message) }

  /// The next character as it should be named in an error.
  var nextForMessage: String {
    guard index < bytes.count else { return "the end" }
    let tail = bytes[index..<min(index + 4, bytes.count)]
    let character = String(decoding: tail, as: UTF8.self).unicodeScalars.first ?? " "
    return String(character).quotedForMessage
  }
}
