/// Walks through JSON text and keeps nothing of it: for reports of hundreds of megabytes, of which
/// a few numbers matter. Nesting is bounded, and what is passed over costs no stack.
///
/// Strict where it looks ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)): a name that stands
/// twice in an object that is read is refused, for two readers could take different ones.
struct JSONScanner {
  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0
  private static let depthMax = 128

  init(_ bytes: [UInt8]) throws(ReadingFailure) {
    guard !bytes.isEmpty else { throw ReadingFailure("it is empty") }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw ReadingFailure("it is no UTF-8 text")
    }
    self.bytes = bytes
  }

  /// After the outermost value nothing may follow: two documents in one file are one too many.
  mutating func end() throws(ReadingFailure) {
    skipBlanks()
    guard index == bytes.count else { throw fault("something follows the value") }
  }

  private func fault(_ what: String) -> ReadingFailure {
    index >= bytes.count
      ? ReadingFailure("it ends in the middle, after \(bytes.count.grouped) bytes")
      : ReadingFailure("it is no JSON: byte \(index.grouped): \(what)")
  }

  private mutating func skipBlanks() {
    while index < bytes.count {
      let byte = bytes[index]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      index += 1
    }
  }

  /// The first byte of the value that comes.
  private mutating func peek() throws(ReadingFailure) -> UInt8 {
    skipBlanks()
    guard index < bytes.count else { throw fault("a value is missing") }
    return bytes[index]
  }

  private mutating func take(_ byte: Character) throws(ReadingFailure) {
    skipBlanks()
    guard index < bytes.count, bytes[index] == byte.asciiValue else {
      throw fault("'\(byte)' is missing")
    }
    index += 1
  }

  /// Calls `member` for each member of an object; it reads the value or passes over it.
  mutating func object(
    _ what: String, _ member: (inout JSONScanner, String) throws(ReadingFailure) -> Void
  ) throws(ReadingFailure) {
    guard try peek() == UInt8(ascii: "{") else { throw ReadingFailure("\(what) is no object") }
    try enter()
    var seen: Set<String> = []
    if try peek() != UInt8(ascii: "}") {
      while true {
        let key = try string("a name")
        guard seen.insert(key).inserted else {
          throw ReadingFailure("'\(key.prefix(60))' stands twice in \(what)")
        }
        try take(":")
        let before = index
        try member(&self, key)
        if index == before { try skip() }
        guard try peek() == UInt8(ascii: ",") else { break }
        index += 1
      }
    }
    try take("}")
    depth -= 1
  }

  /// Calls `element` for each element of a list.
  mutating func list(
    _ what: String, _ element: (inout JSONScanner) throws(ReadingFailure) -> Void
  ) throws(ReadingFailure) {
    guard try peek() == UInt8(ascii: "[") else { throw ReadingFailure("\(what) is no list") }
    try enter()
    if try peek() != UInt8(ascii: "]") {
      while true {
        let before = index
        try element(&self)
        if index == before { try skip() }
        guard try peek() == UInt8(ascii: ",") else { break }
        index += 1
      }
    }
    try take("]")
    depth -= 1
  }

  private mutating func enter() throws(ReadingFailure) {
    index += 1
    depth += 1
    guard depth <= Self.depthMax else { throw fault("nested deeper than \(Self.depthMax) levels") }
  }

  mutating func string(_ what: String) throws(ReadingFailure) -> String {
    guard try peek() == UInt8(ascii: "\"") else { throw ReadingFailure("\(what) is no text") }
    let start = index
    try skipString()
    let piece = bytes[start..<index]
    guard piece.contains(UInt8(ascii: "\\")) else {
      return String(decoding: piece.dropFirst().dropLast(), as: UTF8.self)
    }
    // The few that have escapes are left to the reader that knows them all.
    return try JSONFields.string(Array(piece))
  }

  /// The text, or `nil` for a value of another kind, which is passed over.
  mutating func text() throws(ReadingFailure) -> String? {
    if try peek() == UInt8(ascii: "\"") { return try string("") }
    try skip()
    return nil
  }

  mutating func flag(_ what: String) throws(ReadingFailure) -> Bool {
    _ = try peek()
    let start = index
    try skip()
    switch String(decoding: bytes[start..<index], as: UTF8.self) {
    case "true": return true
    case "false": return false
    default: throw ReadingFailure("\(what) is neither true nor false")
    }
  }

  /// Whether `null` stood there; then it is passed over.
  mutating func takeNull() throws(ReadingFailure) -> Bool {
    guard try peek() == UInt8(ascii: "n") else { return false }
    try skip()
    return true
  }

  /// A whole number that is not negative.
  mutating func count(_ what: String) throws(ReadingFailure) -> Int {
    _ = try peek()
    let start = index
    while index < bytes.count, (48...57).contains(bytes[index]) { index += 1 }
    let digits = String(decoding: bytes[start..<index], as: UTF8.self)
    let follows = index < bytes.count ? bytes[index] : 0x20
    guard let number = Int(digits), !".eE+-".utf8.contains(follows) else {
      throw ReadingFailure("\(what) is no whole number")
    }
    return number
  }

  /// Passes over a value, of whatever kind.
  mutating func skip() throws(ReadingFailure) {
    var open: [UInt8] = []
    repeat {
      let byte = try peek()
      switch byte {
      case UInt8(ascii: "{"), UInt8(ascii: "["):
        open.append(byte + 2)
        guard depth + open.count <= Self.depthMax else {
          throw fault("nested deeper than \(Self.depthMax) levels")
        }
        index += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        guard open.popLast() == byte else { throw fault("a bracket that closes nothing") }
        index += 1
      case UInt8(ascii: "\""): try skipString()
      case UInt8(ascii: ","), UInt8(ascii: ":"):
        guard !open.isEmpty else { throw fault("a value is missing") }
        index += 1
      default: try skipWord()
      }
    } while !open.isEmpty
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 48...57, 97...122, UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"): true
    case UInt8(ascii: "E"): true
    default: false
    }
  }

  private mutating func skipString() throws(ReadingFailure) {
    index += 1
    while index < bytes.count {
      switch bytes[index] {
      case UInt8(ascii: "\""):
        index += 1
        return
      case UInt8(ascii: "\\"): index += 2
      case 0..<0x20: throw fault("a control character in a text")
      default: index += 1
      }
    }
    index = bytes.count
    throw fault("a text does not end")
  }

  private mutating func skipWord() throws(ReadingFailure) {
    let start = index
    while index < bytes.count, isWordByte(bytes[index]) { index += 1 }
    // Most words of a large report are counters.
    if index > start, index - start < 18, bytes[start] != UInt8(ascii: "0"),
      bytes[start..<index].allSatisfy({ $0 >= 48 && $0 <= 57 })
    {
      return
    }
    let word = String(decoding: bytes[start..<index], as: UTF8.self)
    guard ["true", "false", "null"].contains(word) || JSONFields.isNumber(word) else {
      if index == bytes.count { throw fault("") }
      index = start
      throw fault("'\(word.prefix(20))' is no value")
    }
  }
}
