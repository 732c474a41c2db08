/// Reads PromQL.
///
/// Accepts what Prometheus 3 accepts, with these exceptions, each of which no server could run:
/// label and metric names that are not UTF-8, `NaN` as a length of time, a constant range of zero
/// or less hidden in parentheses, and trees deeper than `Limits.nestingMax`.
/// Source: promql/parser/generated_parser.y of github.com/prometheus/prometheus at commit
/// d15adb9ad7e5d9fbde3a9a8f30200593a5a14d86.
package struct Parser {
  private var lexer: Lexer
  private(set) var token: Token
  private var following: Token?
  /// Where the token before `token` ended.
  private(set) var lastEnd = SourcePosition.start
  private var depth = 0
  let features: Features

  /// An expression on its way up, with what its parent must know and the tree does not say.
  struct Operand {
    var expression: Expression
    /// Levels of the tree.
    var height: Int
    /// True for `(x)`: modifiers and ranges must stand inside the parentheses.
    var isParenthesised = false
  }

  private init(_ text: String, allowing features: Features) {
    lexer = Lexer(text)
    token = lexer.next()
    self.features = features
  }

  /// Reads one expression and checks its types.
  ///
  /// - Parameters:
  ///   - text: The expression; comments and line breaks are allowed.
  ///   - features: What the server was started with; the whole language unless said otherwise.
  /// - Returns: The tree, every node with its place in `text`.
  /// - Throws: The first reason for which Prometheus would refuse the text.
  package static func parse(
    _ text: String, allowing features: Features = .all
  ) throws(PromQLError) -> Expression {
    guard text.utf8.count <= Limits.textBytesMax else {
      throw PromQLError(
        "the expression has \(text.utf8.count) bytes",
        expected: "at most \(Limits.textBytesMax)", at: SourceRange(.start, .start))
    }
    var parser = Parser(text, allowing: features)
    if parser.token.kind == .end {
      throw PromQLError("the expression is empty", expected: "a query", at: parser.token.range)
    }
    let operand = try parser.parseExpression(binding: 1)
    guard parser.token.kind == .end else {
      throw parser.unexpected(expected: "an operator or the end of the expression")
    }
    try Checker.check(operand.expression)
    return operand.expression
  }

  /// Moves to the next token and returns the one that was current.
  @discardableResult
  mutating func advance() -> Token {
    let current = token
    lastEnd = current.range.end
    token = following ?? lexer.next()
    following = nil
    return current
  }

  /// The kind of the token after the current one.
  mutating func peek() -> Token.Kind {
    let next = following ?? lexer.next()
    following = next
    return next.kind
  }

  mutating func accept(_ kind: Token.Kind) -> Bool {
    guard token.kind == kind else { return false }
    advance()
    return true
  }

  mutating func expect(_ kind: Token.Kind, _ expected: String) throws(PromQLError) {
    guard accept(kind) else { throw unexpected(expected: expected) }
  }

  func refuse(_ kind: Token.Kind, _ expected: String) throws(PromQLError) {
    if token.kind == kind { throw unexpected(expected: expected) }
  }

  /// The error for a token that may not stand here.
  func unexpected(expected: String) -> PromQLError {
    if case .invalid(let message, let lexerExpected) = token.kind {
      return PromQLError(message, expected: lexerExpected, at: token.range)
    }
    return PromQLError("unexpected \(token.title)", expected: expected, at: token.range)
  }

  /// From `start` to the end of the last token.
  func range(from start: SourcePosition) -> SourceRange { SourceRange(start, lastEnd) }

  /// Goes one level deeper; every call is paired with `leave`.
  mutating func enter() throws(PromQLError) {
    depth += 1
    guard depth <= Limits.nestingMax else { throw tooDeep(at: token.range) }
  }

  mutating func leave() { depth -= 1 }

  private func tooDeep(at range: SourceRange) -> PromQLError {
    PromQLError(
      "the expression is nested too deeply", expected: "at most \(Limits.nestingMax) levels",
      at: range)
  }

  /// An operand above `children`, unless that makes the tree too deep.
  func operand(
    _ node: Expression.Node, from start: SourcePosition, above heights: [Int]
  ) throws(PromQLError) -> Operand {
    let height = (heights.max() ?? 0) + 1
    let range = range(from: start)
    guard height <= Limits.nestingMax else { throw tooDeep(at: range) }
    return Operand(expression: Expression(node, place: Place(range)), height: height)
  }

  /// Refuses what the server's flags do not allow.
  func require(
    _ feature: Features, _ what: String, at range: SourceRange
  ) throws(PromQLError) {
    guard !features.contains(feature) else { return }
    let flag = feature.flags.joined(separator: ",")
    throw PromQLError(
      "\(what) is experimental and not enabled",
      hint: "start the server with --enable-feature=\(flag)",
      at: range)
  }
}

// The functions below call each other once for every level of the text. What does not recurse is
// kept in functions of its own, so that a level costs little stack.
extension Parser {
  /// An expression whose operators bind at least as tightly as `binding`.
  mutating func parseExpression(binding: Int) throws(PromQLError) -> Operand {
    try enter()
    defer { leave() }
    var left = try parseSigned()
    while let operation = binaryOperator, operation.precedence >= binding {
      left = try parseBinary(left, operation)
    }
    return left
  }

  private mutating func parseBinary(
    _ left: Operand, _ operation: BinaryOperator
  ) throws(PromQLError) -> Operand {
    let head = try parseOperator(operation)
    let next = operation.precedence + (operation.isRightAssociative ? 0 : 1)
    let right = try parseExpression(binding: next)
    return try joined(left, head, right)
  }

  private mutating func parseSigned() throws(PromQLError) -> Operand {
    if let sign { return try parseSign(sign) }
    return try parsePostfix()
  }

  private mutating func parseSign(_ sign: UnaryOperator) throws(PromQLError) -> Operand {
    let start = advance().range.start
    let inner = try parseExpression(binding: BinaryOperator.power.precedence)
    return try operand(.unary(sign, inner.expression), from: start, above: [inner.height])
  }

  private mutating func parsePostfix() throws(PromQLError) -> Operand {
    var operand = try parsePrimary()
    while isModifier { operand = try parseModifier(operand) }
    return operand
  }

  private mutating func parsePrimary() throws(PromQLError) -> Operand {
    switch opening() {
    case .parenthesis: return try parseParenthesised()
    case .call: return try parseCall()
    case .aggregation(let aggregator): return try parseAggregation(aggregator)
    case .leaf: return try parseLeaf()
    }
  }

  private mutating func parseParenthesised() throws(PromQLError) -> Operand {
    advance()
    var inner = try parseExpression(binding: 1)
    try expect(.rightParen, "an operator or ')'")
    inner.isParenthesised = true
    return inner
  }
}

extension Parser {
  /// An operator with its modifiers, before its right side is known.
  private struct OperatorHead {
    let operation: BinaryOperator
    let place: Place
    let returnsBool: Bool
    let matching: VectorMatching
  }

  private var binaryOperator: BinaryOperator? {
    switch token.kind {
    case .symbol(let operation): operation
    case .keyword(let keyword, _): keyword.binaryOperator
    default: nil
    }
  }

  private mutating func parseOperator(
    _ operation: BinaryOperator
  ) throws(PromQLError) -> OperatorHead {
    let place = Place(advance().range)
    let returnsBool = acceptKeyword(.bool)
    return OperatorHead(
      operation: operation, place: place, returnsBool: returnsBool, matching: try parseMatching())
  }

  private func joined(
    _ left: Operand, _ head: OperatorHead, _ right: Operand
  ) throws(PromQLError) -> Operand {
    let start = left.expression.place.range?.start ?? .start
    let binary = BinaryExpression(
      left.expression, head.operation, right.expression, returnsBool: head.returnsBool,
      matching: head.matching, operatorPlace: head.place)
    return try operand(.binary(binary), from: start, above: [left.height, right.height])
  }

  mutating func acceptKeyword(_ keyword: Keyword) -> Bool {
    guard case .keyword(keyword, _) = token.kind else { return false }
    advance()
    return true
  }

  private var sign: UnaryOperator? {
    switch token.kind {
    case .symbol(.add): .plus
    case .symbol(.subtract): .minus
    default: nil
    }
  }

  private var isModifier: Bool {
    switch token.kind {
    case .leftBracket, .at, .keyword(.offset, _), .keyword(.anchored, _), .keyword(.smoothed, _):
      true
    default: false
    }
  }

  private mutating func parseModifier(_ operand: Operand) throws(PromQLError) -> Operand {
    switch token.kind {
    case .leftBracket: try parseBrackets(operand)
    case .at: try parseInstant(operand)
    case .keyword(.anchored, _): try parseEdges(operand, .anchored)
    case .keyword(.smoothed, _): try parseEdges(operand, .smoothed)
    default: try parseOffset(operand)
    }
  }

  /// How an operand starts.
  private enum Opening {
    case parenthesis
    case call
    case aggregation(Aggregator)
    /// Anything without an expression inside.
    case leaf
  }

  private mutating func opening() -> Opening {
    switch token.kind {
    case .leftParen: return .parenthesis
    case .identifier: return peek() == .leftParen ? .call : .leaf
    case .keyword(let keyword, _):
      let next = peek()
      if let aggregator = keyword.aggregator {
        switch next {
        case .leftParen, .keyword(.by, _), .keyword(.without, _): return .aggregation(aggregator)
        default: return .leaf
        }
      }
      return keyword.isFunction && next == .leftParen ? .call : .leaf
    default: return .leaf
    }
  }

  /// A number, a string or a selector; a word of the language may be a metric's name.
  private mutating func parseLeaf() throws(PromQLError) -> Operand {
    let start = token.range.start
    switch token.kind {
    case .number(let literal), .duration(let literal):
      advance()
      return try operand(.number(literal), from: start, above: [])
    case .string(let value):
      advance()
      return try operand(.string(value), from: start, above: [])
    case .leftBrace: return try parseSelector(named: nil)
    case .identifier(let name), .metricIdentifier(let name):
      return try parseSelector(named: name)
    case .keyword(let keyword, let name) where keyword.isMetricName:
      return try parseSelector(named: name)
    default: throw unexpected(expected: "a selector, a number, a string, a function or '('")
    }
  }
}
