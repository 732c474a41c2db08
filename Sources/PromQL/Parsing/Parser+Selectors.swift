extension Parser {
  /// `name{matcher, …}`; the current token is the name, or the brace when there is none.
  mutating func parseSelector(named name: String?) throws(PromQLError) -> Operand {
    let start = token.range.start
    if name != nil { advance() }
    var matchers: [Matcher] = []
    if accept(.leftBrace) { matchers = try parseMatchers() }
    if let name, let second = matchers.first(where: { $0.label == Matcher.metricName }) {
      throw PromQLError(
        "the metric's name is set twice: '\(name)' and \(second.value)",
        at: second.place.range ?? range(from: start))
    }
    let selector = VectorSelector(metric: name, matchers: matchers)
    return try operand(.selector(selector), from: start, above: [])
  }

  private mutating func parseMatchers() throws(PromQLError) -> [Matcher] {
    var matchers: [Matcher] = []
    while token.kind != .rightBrace {
      matchers.append(try parseMatcher())
      guard accept(.comma) else { break }
    }
    try expect(.rightBrace, "',' or '}'")
    return matchers
  }

  private mutating func parseMatcher() throws(PromQLError) -> Matcher {
    let start = token.range.start
    let label: String
    switch token.kind {
    case .identifier(let name):
      label = name
      advance()
    case .string(let value):
      guard let text = value.text else {
        throw PromQLError("name \(value) is not UTF-8", at: token.range)
      }
      advance()
      if token.kind == .comma || token.kind == .rightBrace {
        return Matcher(Matcher.metricName, .equal, value, place: Place(range(from: start)))
      }
      label = text
    default: throw unexpected(expected: "a label, a quoted name or '}'")
    }
    let operation = try parseMatchOperation()
    guard case .string(let value) = token.kind else {
      throw unexpected(expected: "a quoted label value")
    }
    advance()
    let matcher = Matcher(label, operation, value, place: Place(range(from: start)))
    try checkPattern(matcher, at: range(from: start))
    return matcher
  }

  private mutating func parseMatchOperation() throws(PromQLError) -> MatchOperation {
    let operation: MatchOperation
    switch token.kind {
    case .assign: operation = .equal
    case .symbol(.notEqual): operation = .notEqual
    case .matches: operation = .matches
    case .doesNotMatch: operation = .doesNotMatch
    default: throw unexpected(expected: "'=', '!=', '=~' or '!~'")
    }
    advance()
    return operation
  }

  private func checkPattern(_ matcher: Matcher, at range: SourceRange) throws(PromQLError) {
    switch matcher.operation {
    case .equal, .notEqual: return
    case .matches, .doesNotMatch:
      if let problem = Pattern.problem(matcher.value) {
        throw PromQLError("pattern \(matcher.value) does not compile: \(problem)", at: range)
      }
    }
  }
}

extension Parser {
  /// `[range]` or `[range:step]` after `operand`.
  mutating func parseBrackets(_ operand: Operand) throws(PromQLError) -> Operand {
    let start = operand.expression.place.range?.start ?? .start
    let bracket = advance().range.start
    let range = try parsePositiveDuration()
    if accept(.colon) {
      let step = token.kind == .rightBracket ? nil : try parsePositiveDuration()
      try expect(.rightBracket, "']'")
      let subquery = Subquery(operand.expression, over: range, every: step)
      return try self.operand(.subquery(subquery), from: start, above: [operand.height])
    }
    try expect(.rightBracket, "':' or ']'")
    let brackets = self.range(from: bracket)
    guard case .selector(let selector) = operand.expression.node, !operand.isParenthesised else {
      throw PromQLError(
        "a range is only allowed after a vector selector",
        hint: "a subquery needs a colon: [5m:]", at: brackets)
    }
    if selector.modifiers.offset != nil {
      throw PromQLError("'offset' must stand after the range", at: brackets)
    }
    if selector.modifiers.instant != nil {
      throw PromQLError("'@' must stand after the range", at: brackets)
    }
    let matrix = MatrixSelector(
      selector, over: range, selectorPlace: operand.expression.place)
    return try self.operand(.matrix(matrix), from: start, above: [operand.height])
  }

  /// `offset d` after `operand`.
  mutating func parseOffset(_ operand: Operand) throws(PromQLError) -> Operand {
    let keyword = advance().range
    let offset = try parseOffsetDuration()
    return try modify(operand, keyword, "'offset'") { modifiers in
      guard modifiers.offset == nil else { return false }
      modifiers.offset = offset
      return true
    }
  }

  /// `@ t` after `operand`.
  mutating func parseInstant(_ operand: Operand) throws(PromQLError) -> Operand {
    let sign = advance().range
    let instant = try parseInstantValue()
    return try modify(operand, sign, "'@'") { modifiers in
      guard modifiers.instant == nil else { return false }
      modifiers.instant = instant
      return true
    }
  }

  private mutating func parseInstantValue() throws(PromQLError) -> Instant {
    if case .keyword(let keyword, _) = token.kind, keyword == .start || keyword == .end {
      advance()
      try expect(.leftParen, "'()'")
      try expect(.rightParen, "')'")
      return keyword == .start ? .start : .end
    }
    let start = token.range.start
    let number = try parseSignedNumber(expected: "a timestamp, start() or end()")
    guard number.value.magnitude < 0x1p63 else {
      throw PromQLError(
        "timestamp '\(number.text)' is out of bounds", at: range(from: start))
    }
    return .timestamp(number)
  }

  /// Changes the time modifiers of a selector, a range or a subquery.
  private func modify(
    _ operand: Operand, _ modifier: SourceRange, _ name: String,
    _ change: (inout TimeModifiers) -> Bool
  ) throws(PromQLError) -> Operand {
    var node = operand.expression.node
    let isFirst: Bool
    switch node {
    case .selector(var selector) where !operand.isParenthesised:
      isFirst = change(&selector.modifiers)
      node = .selector(selector)
    case .matrix(var matrix) where !operand.isParenthesised:
      isFirst = change(&matrix.selector.modifiers)
      node = .matrix(matrix)
    case .subquery(var subquery) where !operand.isParenthesised:
      isFirst = change(&subquery.modifiers)
      node = .subquery(subquery)
    default:
      throw PromQLError(
        "\(name) is only allowed after a selector, a range or a subquery", at: modifier)
    }
    guard isFirst else {
      throw PromQLError("\(name) is set twice", at: modifier)
    }
    return replaced(operand, node)
  }

  private func replaced(_ operand: Operand, _ node: Expression.Node) -> Operand {
    let start = operand.expression.place.range?.start ?? .start
    return Operand(
      expression: Expression(node, place: Place(range(from: start))), height: operand.height)
  }

  /// `anchored` or `smoothed` after `operand`.
  mutating func parseEdges(
    _ operand: Operand, _ edges: RangeExtension
  ) throws(PromQLError) -> Operand {
    let keyword = advance().range
    try require(.extendedRanges, "'\(edges.rawValue)'", at: keyword)
    var node = operand.expression.node
    let current: RangeExtension?
    switch node {
    case .selector(var selector) where !operand.isParenthesised:
      current = selector.edges
      selector.edges = edges
      node = .selector(selector)
    case .matrix(var matrix) where !operand.isParenthesised:
      current = matrix.selector.edges
      matrix.selector.edges = edges
      node = .matrix(matrix)
    default:
      throw PromQLError(
        "'\(edges.rawValue)' is only allowed after a selector or a range", at: keyword)
    }
    if let current, current != edges {
      throw PromQLError("'anchored' and 'smoothed' exclude each other", at: keyword)
    }
    return replaced(operand, node)
  }
}
