extension UInt8 {
  /// `0`…`9`.
  package var isASCIIDigit: Bool { (0x30...0x39).contains(self) }

  /// `A`…`Z` or `a`…`z`.
  package var isASCIILetter: Bool { (0x61...0x7A).contains(self | 0x20) }

  /// `0`…`9`, `A`…`F` or `a`…`f`.
  var isASCIIHexDigit: Bool { isASCIIDigit || (0x61...0x66).contains(self | 0x20) }

  /// The value of a hexadecimal digit, or `nil`.
  var hexDigitValue: UInt32? {
    if isASCIIDigit { return UInt32(self) - 0x30 }
    return isASCIIHexDigit ? UInt32(self | 0x20) - 0x57 : nil
  }

  /// A blank inside a line: space or tab.
  var isBlank: Bool { self == 0x20 || self == 0x09 }

  /// What Compose and BuildKit take for a blank inside a line: space, tab, vertical tab, form feed,
  /// carriage return.
  var isSpaceInLine: Bool { isBlank || (0x0B...0x0D).contains(self) }
}

extension ArraySlice<UInt8> {
  /// The bytes without blanks at both ends.
  var trimmed: ArraySlice<UInt8> {
    var rest = self
    while let first = rest.first, first.isSpaceInLine { rest.removeFirst() }
    while let last = rest.last, last.isSpaceInLine { rest.removeLast() }
    return rest
  }
}

extension String {
  /// Hands over the bytes in one piece. A walk along `utf8` asks at every byte how the string is
  /// stored, which for printers of a megabyte is most of their time.
  package func withBytes<Result>(_ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    if let result = utf8.withContiguousStorageIfAvailable(body) { return result }
    return Array(utf8).withUnsafeBufferPointer(body)
  }

  /// Whether the bytes of both are the same; equality of `String` alone would also find texts that
  /// only look alike.
  func isIdentical(to other: String) -> Bool {
    // Most texts differ in their length, and those that are equal have to be compared twice.
    utf8.count == other.utf8.count && self == other
      && withBytes { own in other.withBytes { own.elementsEqual($0) } }
  }

  /// The text of bytes without blanks at both ends.
  init(trimming bytes: ArraySlice<UInt8>) { self.init(decoding: bytes.trimmed, as: UTF8.self) }

  /// The string between double quotes with its control characters escaped, for messages and paths.
  var quotedForMessage: String {
    var text = "\""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        text += "\\u{" + String(scalar.value, radix: 16) + "}"
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }

  /// The pieces between line feeds. `split` on characters would not cut at `\r\n`, which is one
  /// character of Swift.
  package var linesByFeed: [Substring] {
    let ends = withBytes { bytes in bytes.indices.filter { bytes[$0] == 0x0A } }
    var lines: [Substring] = []
    lines.reserveCapacity(ends.count + 1)
    var start = startIndex
    for end in ends {
      let feed = utf8.index(startIndex, offsetBy: end)
      lines.append(self[start..<feed])
      start = utf8.index(after: feed)
    }
    lines.append(self[start...])
    return lines
  }
}

/// A text that is compared and hashed by its bytes.
struct ByteText: Hashable {
  let text: String

  static func == (left: ByteText, right: ByteText) -> Bool { left.text.isIdentical(to: right.text) }

  func hash(into hasher: inout Hasher) {
    text.withBytes { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}
