/// Values that must stand nowhere: those of an environment's secrets, or canaries that were planted
/// to see where values go. They are looked for in every form in which a file could hold them.
package struct KnownValues: Sendable {
  /// Shorter values stand everywhere by accident.
  package static let least = 8

  private struct Form: Sendable {
    let bytes: [UInt8]
    let value: Int
  }
  private var forms: [Form] = []
  /// Forms by their first four bytes.
  private var starts: [UInt32: [Int]] = [:]
  /// Which first four bytes there are, roughly: most places of a text are passed over by this.
  private var filter = [UInt64](repeating: 0, count: 1_024)
  private var values: [[UInt8]] = []
  /// Values that are too short to be looked for.
  package private(set) var skipped = 0

  package init(_ values: [[UInt8]]) {
    for value in values {
      let value = value.trimmedLineEnd
      guard value.count >= Self.least else {
        skipped += 1
        continue
      }
      self.values.append(value)
      var seen: Set<[UInt8]> = []
      for bytes in Self.forms(of: value) where bytes.count >= Self.least {
        if seen.insert(bytes).inserted { add(Form(bytes: bytes, value: self.values.count - 1)) }
      }
    }
  }

  package var isEmpty: Bool { forms.isEmpty }
  package var count: Int { values.count }

  private mutating func add(_ form: Form) {
    let start = form.bytes[..<4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
    starts[start, default: []].append(forms.count)
    forms.append(form)
    let place = Self.place(start)
    filter[place >> 6] |= 1 << UInt64(place & 63)
  }

  private static func place(_ start: UInt32) -> Int { Int((start &* 2_654_435_761) >> 16) }

  /// Calls `body` with each value that stands in a text, and where.
  func each(in text: Text, _ body: (Range<Int>, [UInt8]) -> Void) {
    guard !isEmpty, text.count >= Self.least, let base = text.bytes.baseAddress else { return }
    var word = UInt32(base[0]) << 8 | UInt32(base[1]) << 16 | UInt32(base[2]) << 24
    filter.withUnsafeBufferPointer { filter in
      var index = 3
      while index < text.count {
        word = word &>> 8 | UInt32(base[index]) &<< 24
        let place = Int((word &* 2_654_435_761) &>> 16)
        if filter[place &>> 6] & (1 &<< UInt64(place & 63)) != 0, let hits = starts[word] {
          for hit in hits where text.has(forms[hit].bytes, at: index - 3) {
            body(index - 3..<index - 3 + forms[hit].bytes.count, values[forms[hit].value])
          }
        }
        index += 1
      }
    }
  }

  // MARK: Forms

  private static func forms(of value: [UInt8]) -> [[UInt8]] {
    var forms = [value, hexadecimal(value, "0123456789abcdef")]
    for keeps in ["-._~", "", "-._~!$&'()*+,;=", "-._~!$&'()*+,;=:@/?"] {
      forms.append(percent(value, keeps))
    }
    forms.append(hexadecimal(value, "0123456789ABCDEF"))
    // What stands for one byte in quoted text, Compose files and single quotes.
    for (byte, text) in [
      ("\"", "\\\""), ("\\", "\\\\"), ("$", "$$"), ("$", "\\$"), ("'", "''"), ("'", "'\\''"),
      ("/", "\\/"), ("&", "&amp;"),
    ] {
      forms.append(replacing(value, byte, by: text))
    }
    forms.append(replacing(replacing(value, "\\", by: "\\\\"), "\"", by: "\\\""))
    // In base64 a value looks different behind one or two other bytes; its first and last
    // characters hold bits of its neighbours.
    for alphabet in [Encoded.standard, Encoded.forURLs] {
      for before in 0..<3 {
        let shifted = [UInt8](repeating: 0, count: before) + value
        let whole = shifted.count / 3 * 4
        let first = before == 0 ? 0 : 4
        let text = Encoded.base64(shifted, alphabet)
        if whole > first { forms.append(Array(text[first..<whole])) }
      }
    }
    // Lines of a key stand apart: indented, or joined by `\n`.
    let lines = value.split { $0 == 0x0A || $0 == 0x0D }
    if lines.count > 1 {
      forms += lines.filter { $0.count >= 24 && $0.first != UInt8(ascii: "-") }.map(Array.init)
    }
    return forms
  }

  private static func replacing(_ value: [UInt8], _ byte: String, by text: String) -> [UInt8] {
    guard let wanted = byte.utf8.first else { return value }
    return value.flatMap { $0 == wanted ? Array(text.utf8) : [$0] }
  }

  private static func hexadecimal(_ value: [UInt8], _ digits: String) -> [UInt8] {
    let digits = Array(digits.utf8)
    return value.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// - Parameter keeps: Writers of addresses do not agree on what needs no escape.
  private static func percent(_ value: [UInt8], _ keeps: String) -> [UInt8] {
    value.flatMap { byte -> [UInt8] in
      ByteSet.alphanumeric.contains(byte) || keeps.utf8.contains(byte)
        ? [byte] : [UInt8(ascii: "%")] + hexadecimal([byte], "0123456789ABCDEF")
    }
  }
}

extension [UInt8] {
  /// Editors and `echo` end a file with a line feed; nobody means it.
  var trimmedLineEnd: [UInt8] {
    var end = count
    while end > 0, self[end - 1] == 0x0A || self[end - 1] == 0x0D { end -= 1 }
    return Array(self[..<end])
  }
}
