/// Walks through the tags of an XML document without a document type: entities that a document
/// declares itself are how ten lines become a billion, and no report has them.
struct XMLScanner {
  enum Tag: Hashable, Sendable {
    case open(String, [String: String], isEmpty: Bool)
    case close(String)
  }

  private let bytes: [UInt8]
  private var index = 0
  /// Names that are open; a report is a few levels deep.
  private(set) var open: [String] = []
  private static let depthMax = 32
  private static let attributesMax = 64

  init(_ bytes: [UInt8]) throws(ReadingFailure) {
    guard !bytes.isEmpty else { throw ReadingFailure("it is empty") }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      throw ReadingFailure("it is no UTF-8 text")
    }
    self.bytes = bytes
    // A byte order mark is allowed.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
  }

  private func fault(_ what: String) -> ReadingFailure {
    index >= bytes.count
      ? ReadingFailure("it ends in the middle, after \(bytes.count.grouped) bytes")
      : ReadingFailure("it is no XML: byte \(index.grouped): \(what)")
  }

  private func starts(with text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    return text.withUTF8Buffer { bytes[index..<(index + count)].elementsEqual($0) }
  }

  private mutating func skip(past text: StaticString) throws(ReadingFailure) {
    while index < bytes.count, !starts(with: text) { index += 1 }
    guard index < bytes.count else { throw fault("") }
    index += text.utf8CodeUnitCount
  }

  /// The next tag; `nil` at the end, which comes only when all are closed.
  mutating func next() throws(ReadingFailure) -> Tag? {
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "<") else {
        // Text between tags: what a test printed. Outside of the root only blanks may stand.
        if open.isEmpty, !isBlank(bytes[index]) { throw fault("text outside of a tag") }
        index += 1
        continue
      }
      if starts(with: "<!--") {
        try skip(past: "-->")
      } else if starts(with: "<?") {
        try skip(past: "?>")
      } else if starts(with: "<![CDATA["), !open.isEmpty {
        try skip(past: "]]>")
      } else if starts(with: "<!") {
        throw ReadingFailure("it declares a document type, which no report needs")
      } else {
        return try tag()
      }
    }
    guard open.isEmpty else { throw fault("") }
    return nil
  }

  private mutating func tag() throws(ReadingFailure) -> Tag {
    index += 1
    if index < bytes.count, bytes[index] == UInt8(ascii: "/") {
      index += 1
      let name = try word()
      guard open.popLast() == name else { throw fault("'</\(name)>' closes nothing") }
      skipBlanks()
      try take(">")
      return .close(name)
    }
    let name = try word()
    var attributes: [String: String] = [:]
    while true {
      skipBlanks()
      guard index < bytes.count else { throw fault("") }
      if bytes[index] == UInt8(ascii: "/") {
        index += 1
        try take(">")
        return .open(name, attributes, isEmpty: true)
      }
      if bytes[index] == UInt8(ascii: ">") { break }
      let key = try word()
      skipBlanks()
      try take("=")
      skipBlanks()
      let value = try quoted()
      guard attributes.updateValue(value, forKey: key) == nil else {
        throw fault("'\(key)' stands twice in '<\(name)>'")
      }
      guard attributes.count <= Self.attributesMax else { throw fault("too many attributes") }
    }
    index += 1
    open.append(name)
    guard open.count <= Self.depthMax else {
      throw fault("nested deeper than \(Self.depthMax) levels")
    }
    return .open(name, attributes, isEmpty: false)
  }

  private func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private mutating func skipBlanks() {
    while index < bytes.count, isBlank(bytes[index]) { index += 1 }
  }

  private mutating func take(_ byte: Character) throws(ReadingFailure) {
    guard index < bytes.count, bytes[index] == byte.asciiValue else {
      throw fault("'\(byte)' is missing")
    }
    index += 1
  }

  private mutating func word() throws(ReadingFailure) -> String {
    let start = index
    while index < bytes.count, !isBlank(bytes[index]), !endsWord(bytes[index]) {
      index += 1
    }
    guard index > start, index - start <= 256, index < bytes.count else {
      throw fault("a name is missing")
    }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private func endsWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "/"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "<"): true
    case UInt8(ascii: "\""), UInt8(ascii: "'"): true
    default: false
    }
  }

  private mutating func quoted() throws(ReadingFailure) -> String {
    guard index < bytes.count, isQuote(bytes[index]) else { throw fault("a quote is missing") }
    let quote = bytes[index]
    index += 1
    let start = index
    while index < bytes.count, bytes[index] != quote || !endsValue(index) { index += 1 }
    guard index < bytes.count else { throw fault("") }
    defer { index += 1 }
    return Self.unescape(String(decoding: bytes[start..<index], as: UTF8.self))
  }

  /// Whether a quote ends its attribute. swift-testing escapes no name, so `"` and `<` stand in the
  /// names of tests as they are written: only a quote before another attribute, or before the end
  /// of the tag, is one.
  private func endsValue(_ quote: Int) -> Bool {
    var next = quote + 1
    while next < bytes.count, isBlank(bytes[next]) { next += 1 }
    guard next < bytes.count else { return false }
    if bytes[next] == UInt8(ascii: ">") { return true }
    if bytes[next] == UInt8(ascii: "/") {
      return next + 1 < bytes.count && bytes[next + 1] == UInt8(ascii: ">")
    }
    guard next > quote + 1 else { return false }
    let start = next
    while next < bytes.count, next - start < 32, isNameByte(bytes[next]) { next += 1 }
    return next > start && next + 1 < bytes.count && bytes[next] == UInt8(ascii: "=")
      && isQuote(bytes[next + 1])
  }

  private func isQuote(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
  }

  private func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 97...122, 65...90, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ":"): true
    default: false
    }
  }

  /// The five entities that every document has; names of tests hold them.
  private static func unescape(_ text: String) -> String {
    guard text.contains("&") else { return text }
    return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      .replacing("&quot;", with: "\"").replacing("&apos;", with: "'")
      .replacing("&amp;", with: "&")
  }
}
