/// A reversible exchange of characters that libyaml's emitter escapes for private-use characters
/// that it lets through.
///
/// Each character gets a stand-in that occurs in none of the document's strings, so putting it back
/// in the output cannot touch anything else. When the 6,400 private-use characters are all taken
/// the rest is left to the emitter, which escapes it: longer to read, the same to every reader.
struct YAMLStandIns {
  private var standIn: [Unicode.Scalar: Unicode.Scalar] = [:]
  private var original: [Unicode.Scalar: Unicode.Scalar] = [:]

  /// Whether a string with this byte has a part in the exchange.
  static func concerns(_ byte: UInt8) -> Bool { byte >= 0x80 || byte == 0x09 }

  /// Stand-ins for a document that consists of these strings, and of others that do not concern
  /// the exchange.
  init(for texts: [String]) {
    var wanted: Set<Unicode.Scalar> = []
    var taken: Set<Unicode.Scalar> = []
    for text in texts {
      for scalar in text.unicodeScalars {
        if scalar.value > 0xFFFF || scalar.value == 0x09 { wanted.insert(scalar) }
        if YAMLStandIns.privateUse.contains(scalar.value) { taken.insert(scalar) }
      }
    }
    var free = YAMLStandIns.privateUse.lazy.compactMap(Unicode.Scalar.init)
      .filter { !taken.contains($0) }.makeIterator()
    for scalar in wanted.sorted() {
      guard let next = free.next() else { return }
      standIn[scalar] = next
      original[next] = scalar
    }
  }

  /// The private-use area of the Basic Multilingual Plane.
  private static let privateUse: ClosedRange<UInt32> = 0xE000...0xF8FF

  /// The string to give to the emitter. A tab is exchanged in literal blocks only: elsewhere `\t`
  /// is what a reader of the file should see.
  func replace(in text: String, for style: YAMLScalarStyle) -> String {
    guard !standIn.isEmpty else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if scalar.value == 0x09, style != .literal {
        result.append(scalar)
      } else {
        result.append(standIn[scalar] ?? scalar)
      }
    }
    return String(result)
  }

  /// The emitter's output with the characters put back.
  func restore(_ output: [UInt8]) -> String {
    let text = String(decoding: output, as: UTF8.self)
    guard !original.isEmpty else { return text }
    var result = String.UnicodeScalarView()
    for scalar in text.unicodeScalars { result.append(original[scalar] ?? scalar) }
    return String(result)
  }
}
