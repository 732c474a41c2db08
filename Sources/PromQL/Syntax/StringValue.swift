/// The value of a PromQL string after its escapes are resolved.
///
/// It is bytes, not a `String`, because `"\xff"` is a legal PromQL string and is not UTF-8.
package struct StringValue: Hashable, Sendable {
  /// The bytes; UTF-8 unless the source used `\x` or octal escapes to leave it.
  package let bytes: [UInt8]

  /// A value from raw bytes.
  package init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// A value from text.
  package init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The text; `nil` when the bytes are not UTF-8.
  package var text: String? {
    String(validating: bytes, as: UTF8.self)
  }

  /// True for `""`.
  package var isEmpty: Bool { bytes.isEmpty }
}

extension StringValue: ExpressibleByStringLiteral {
  /// A value from a Swift literal.
  package init(stringLiteral value: String) {
    self.init(value)
  }
}

extension StringValue: CustomStringConvertible {
  /// The double-quoted PromQL form, as `Printer` writes it.
  package var description: String { Quoting.quoted(self) }
}
