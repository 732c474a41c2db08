/// How a string is written in YAML.
enum YAMLScalarStyle: Hashable, Sendable {
  /// Without quotes.
  case plain
  /// Between single quotes, where the text holds double quotes or backslashes.
  case singleQuoted
  /// Between double quotes, the only style that can escape.
  case doubleQuoted
  /// A literal block, `|` or `|-`: the lines stand as they are.
  case literal

  /// The style of a value: literal for text of several lines where the block can hold it.
  init(forValue text: String) {
    self = text.withBytes { bytes in
      YAMLScalarStyle.fitsLiteral(bytes) ? .literal : YAMLScalarStyle(onOneLine: bytes)
    }
  }

  /// The style of a key, which stays on its line.
  init(forKey text: String) { self = text.withBytes { YAMLScalarStyle(onOneLine: $0) } }

  private typealias Bytes = UnsafeBufferPointer<UInt8>

  private init(onOneLine bytes: Bytes) {
    if YAMLScalarStyle.needsEscapes(bytes) {
      self = .doubleQuoted
    } else if YAMLScalarStyle.isPlain(bytes) {
      self = .plain
    } else if bytes.contains(UInt8(ascii: "\"")) || bytes.contains(UInt8(ascii: "\\")) {
      self = .singleQuoted
    } else {
      self = .doubleQuoted
    }
  }

  /// Whether the text holds a character that only double quotes can carry: controls, the line
  /// breaks of YAML 1.1 (NEL, LS, PS), a byte order mark, and non-characters.
  private static func needsEscapes(_ bytes: Bytes) -> Bool {
    if bytes.allSatisfy({ (0x20...0x7E).contains($0) }) { return false }
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.contains {
      $0.value == 0x0A || $0.value == 0x09 || !$0.isYAMLPrintable
    }
  }

  /// Whether a literal block keeps the text byte for byte and looks well: several lines, at most
  /// one line feed at the end, no blank before a line feed, nothing that must be escaped, and a
  /// first character that needs no indentation indicator.
  private static func fitsLiteral(_ bytes: Bytes) -> Bool {
    guard let first = bytes.first, let last = bytes.last, bytes.contains(0x0A),
      first != 0x0A, !first.isBlank, !last.isBlank
    else { return false }
    for (byte, next) in zip(bytes, bytes.dropFirst()) where next == 0x0A && byte.isBlank {
      return false
    }
    if last == 0x0A, bytes.count > 1, bytes[bytes.count - 2] == 0x0A { return false }
    // A tab inside a line is content to every reader; only YAML 1.2 allows it first in a line of a
    // block whose indentation is already known, and all readers we judge by agree.
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.allSatisfy {
      $0.value == 0x0A || $0.value == 0x09 || $0.isYAMLPrintable
    }
  }

  /// Whether readers of YAML 1.1 and of 1.2 both take the text, without quotes and in a block, for
  /// this very string.
  private static func isPlain(_ bytes: Bytes) -> Bool {
    guard let first = bytes.first, let last = bytes.last else { return false }
    guard first != 0x20, last != 0x20, last != UInt8(ascii: ":") else { return false }
    if startsLikeSyntax(bytes, first) || isReservedWord(bytes) || looksLikeNumber(bytes) {
      return false
    }
    for (byte, next) in zip(bytes, bytes.dropFirst()) {
      if byte == UInt8(ascii: ":"), next == 0x20 { return false }
      if byte == 0x20, next == UInt8(ascii: "#") { return false }
    }
    return true
  }

  /// Whether the first characters mean something to a scanner. `-x` is a plain string, but `--- x`
  /// would begin a document.
  private static func startsLikeSyntax(_ bytes: Bytes, _ first: UInt8) -> Bool {
    switch first {
    case UInt8(ascii: "-"):
      return bytes.count == 1 || bytes[1] == 0x20 || bytes.starts(with: "---".utf8)
    case UInt8(ascii: "."): return bytes.starts(with: "...".utf8)
    default: return isIndicator(first)
    }
  }

  private static func isIndicator(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "["),
      UInt8(ascii: "]"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "#"),
      UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: "|"),
      UInt8(ascii: ">"), UInt8(ascii: "'"), UInt8(ascii: "\""), UInt8(ascii: "%"),
      UInt8(ascii: "@"), UInt8(ascii: "`"), UInt8(ascii: "="), UInt8(ascii: "<"):
      true
    default: false
    }
  }

  /// The words that some reader takes for null, a boolean, infinity or not-a-number, whatever their
  /// case, so that nobody has to remember which spellings count.
  private static func isReservedWord(_ bytes: Bytes) -> Bool {
    guard bytes.count <= 5 else { return false }
    var packed: UInt64 = 0
    for byte in bytes { packed = packed << 8 | UInt64(byte.isASCIILetter ? byte | 0x20 : byte) }
    return reserved.contains(packed)
  }

  /// Each as one number, its bytes one behind the other.
  private static let reserved: [UInt64] = [
    "~", "null", "y", "n", "yes", "no", "on", "off", "true", "false",
    ".inf", "-.inf", "+.inf", ".nan",
  ].map { word in word.utf8.reduce(0) { $0 << 8 | UInt64($1) } }

  /// Whether the text could be a number, a time in base sixty or a date of YAML 1.1: a digit in it,
  /// a digit, sign or point at its front, and only characters that occur in those.
  ///
  /// Wider than the truth on purpose: `127.0.0.1:80` is quoted as well, which readers of Compose
  /// files expect.
  private static func looksLikeNumber(_ bytes: Bytes) -> Bool {
    guard let first = bytes.first, first.isASCIIDigit || isSignOrPoint(first) else { return false }
    return bytes.contains(where: \.isASCIIDigit) && bytes.allSatisfy(isOfNumber)
  }
}

extension YAMLScalarStyle {
  private static func isSignOrPoint(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
  }

  /// Whether the byte stands in numbers, times in base sixty or dates.
  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: ":"), UInt8(ascii: "_"), UInt8(ascii: " "), UInt8(ascii: "x"),
      UInt8(ascii: "X"), UInt8(ascii: "o"), UInt8(ascii: "O"), UInt8(ascii: "t"),
      UInt8(ascii: "T"), UInt8(ascii: "z"), UInt8(ascii: "Z"):
      true
    default: byte.isASCIIHexDigit || isSignOrPoint(byte)
    }
  }
}

extension Unicode.Scalar {
  /// Whether the character may stand unescaped in a YAML document, by the production
  /// [`c-printable`](https://yaml.org/spec/1.2.2/#character-set) without tab, line breaks of any
  /// version and the byte order mark.
  var isYAMLPrintable: Bool {
    switch value {
    case 0x20...0x7E, 0xA0...0x2027, 0x202A...0xD7FF, 0xE000...0xFEFE, 0xFF00...0xFFFD: true
    case 0x10000...0x10FFFF: true
    default: false
    }
  }
}
