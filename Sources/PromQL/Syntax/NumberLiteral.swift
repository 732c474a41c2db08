/// An unsigned PromQL number with its exact text; a sign is a `unary` node around it.
///
/// Forms: decimal (`0.950`, `1e3`, `1_000`), hexadecimal (`0x1f`), octal (`0755`), `Inf`, `NaN`,
/// and durations (`5m`, `1h30m`), which Prometheus 3 reads as seconds.
package struct NumberLiteral: Hashable, Sendable {
  /// The text exactly as it was given.
  package let text: String
  /// The value; seconds for a duration.
  package let value: Double
  /// True for the duration form (`5m`), false for `300`.
  package let isDuration: Bool

  init(text: String, value: Double, isDuration: Bool) {
    self.text = text
    self.value = value
    self.isDuration = isDuration
  }

  /// Compares the texts, which say everything; the value of `NaN` would not equal itself.
  package static func == (left: NumberLiteral, right: NumberLiteral) -> Bool {
    left.text == right.text
  }

  /// Hashes the text.
  package func hash(into hasher: inout Hasher) {
    hasher.combine(text)
  }

  /// A number from its PromQL text, which is kept.
  ///
  /// - Returns: `nil` when `text` is not one number literal of the language, has a sign, or is
  ///   outside the range of a 64-bit float.
  package init?(_ text: String) {
    var lexer = Lexer(text)
    let token = lexer.next()
    guard token.range.start.offset == 0, token.range.end.offset == text.utf8.count else {
      return nil
    }
    switch token.kind {
    case .number(let literal), .duration(let literal): self = literal
    default: return nil
    }
  }

  /// A whole number, in decimal.
  package init(_ value: UInt) {
    self.init(text: String(value), value: Double(value), isDuration: false)
  }

  /// A length of time in Prometheus duration form: 5400 becomes `1h30m`.
  package init(seconds: UInt) {
    self.init(
      text: DurationText.text(milliseconds: Int(clamping: seconds.multipliedClamping(by: 1000))),
      value: Double(seconds), isDuration: true)
  }

  /// True when the literal is zero, as in `0`, `0.0`, `0s`.
  package var isZero: Bool { value == 0 }
}

extension UInt {
  fileprivate func multipliedClamping(by factor: UInt) -> UInt {
    let (product, overflow) = multipliedReportingOverflow(by: factor)
    return overflow ? .max : product
  }
}

extension NumberLiteral: CustomStringConvertible {
  /// The exact text.
  package var description: String { text }
}
