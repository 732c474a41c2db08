/// One word of a PromQL text.
struct Token: Equatable {
  enum Kind: Equatable {
    case end
    /// The text is broken here; nothing follows.
    case invalid(String, expected: String?)
    /// A name without colons.
    case identifier(String)
    /// A name with colons.
    case metricIdentifier(String)
    /// A word of the language, with its text as written, for it may be a name after all.
    case keyword(Keyword, String)
    case number(NumberLiteral)
    case duration(NumberLiteral)
    case string(StringValue)
    case leftParen, rightParen, leftBrace, rightBrace, leftBracket, rightBracket
    case comma, colon, assign, at
    /// `=~` and `!~`, inside braces only.
    case matches, doesNotMatch
    /// An operator of signs; those of words are keywords.
    case symbol(BinaryOperator)
  }

  let kind: Kind
  let range: SourceRange

  /// The token in a message: `')'`, `number '5'`, `end of the expression`.
  var title: String {
    switch kind {
    case .end: "end of the expression"
    case .invalid: "broken text"
    case .identifier(let name), .metricIdentifier(let name): "name '\(name)'"
    case .keyword(_, let text): "'\(text)'"
    case .number(let literal): "number '\(literal.text)'"
    case .duration(let literal): "duration '\(literal.text)'"
    case .string(let value): "string \(value)"
    case .leftParen: "'('"
    case .rightParen: "')'"
    case .leftBrace: "'{'"
    case .rightBrace: "'}'"
    case .leftBracket: "'['"
    case .rightBracket: "']'"
    case .comma: "','"
    case .colon: "':'"
    case .assign: "'='"
    case .at: "'@'"
    case .matches: "'=~'"
    case .doesNotMatch: "'!~'"
    case .symbol(let operation): "'\(operation.rawValue)'"
    }
  }
}
