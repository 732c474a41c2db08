/// A number as its author wrote it, never passed through a binary floating-point value.
package struct ExactNumber: Hashable, Sendable, CustomStringConvertible {
  /// The number in the grammar of JSON: `-?int(.digits)?([eE][+-]?digits)?`.
  package let text: String

  /// A number from its text, or `nil` if the text is not a number of JSON
  /// ([RFC 8259, section 6](https://www.rfc-editor.org/rfc/rfc8259#section-6)).
  package init?(_ text: String) {
    guard ExactNumber.parts(of: text) != nil else { return nil }
    self.text = text
  }

  /// A whole number.
  package init(_ value: Int) { text = String(value) }

  package var description: String { text }

  /// The same value in a form that YAML 1.1 and 1.2 readers both take for a number: a YAML 1.1
  /// float needs a point and a signed exponent.
  var yamlText: String {
    guard let parts = ExactNumber.parts(of: text), parts.exponent != nil || parts.fraction != nil
    else { return text }
    var result = parts.integer + "." + (parts.fraction ?? "0")
    if let exponent = parts.exponent {
      let signed = exponent.hasPrefix("+") || exponent.hasPrefix("-")
      result += "e" + (signed ? exponent : "+" + exponent)
    }
    return result
  }

  private struct Parts {
    var integer: String
    var fraction: String?
    var exponent: String?
  }

  private static func parts(of text: String) -> Parts? {
    let bytes = Array(text.utf8)
    var next = 0
    func digits() -> Range<Int>? {
      let start = next
      while next < bytes.count, bytes[next].isASCIIDigit { next += 1 }
      return next > start ? start..<next : nil
    }
    func piece(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
    if bytes.first == UInt8(ascii: "-") { next = 1 }
    guard let whole = digits() else { return nil }
    // JSON has no leading zeros, and YAML 1.1 would read them as octal.
    if whole.count > 1, bytes[whole.lowerBound] == UInt8(ascii: "0") { return nil }
    var parts = Parts(integer: piece(0..<next))
    if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
      next += 1
      guard let fraction = digits() else { return nil }
      parts.fraction = piece(fraction)
    }
    if next < bytes.count, bytes[next] | 0x20 == UInt8(ascii: "e") {
      next += 1
      let start = next
      if next < bytes.count, [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[next]) {
        next += 1
      }
      guard digits() != nil else { return nil }
      parts.exponent = piece(start..<next)
    }
    return next == bytes.count ? parts : nil
  }
}
