/// Why a text is not PromQL that Prometheus 3 would run.
package struct PromQLError: Error, Hashable, Sendable {
  /// What is wrong: lower case, no full stop, names the offending text in quotes.
  package let message: String
  /// What would have been accepted at this place; `nil` when the message says it all.
  package let expected: String?
  /// What to do about it; `nil` when that is plain.
  package let hint: String?
  /// The offending text.
  package let source: SourceRange

  init(_ message: String, expected: String? = nil, hint: String? = nil, at source: SourceRange) {
    self.message = message
    self.expected = expected
    self.hint = hint
    self.source = source
  }

  /// Line of the first offending byte, from 1.
  package var line: Int { source.start.line }

  /// Column of the first offending byte, from 1, in UTF-8 bytes.
  package var column: Int { source.start.column }
}

extension PromQLError: CustomStringConvertible {
  /// `1:5: unexpected ')', expected an expression`, the hint in parentheses.
  package var description: String {
    var text = "\(line):\(column): \(message)"
    if let expected { text += ", expected \(expected)" }
    if let hint { text += " (\(hint))" }
    return text
  }
}
