extension Parser {
  /// The longest length of time: 2^63 nanoseconds, in seconds.
  private static let secondsMax = 0x1p63 / 1e9

  /// A range or a step: constants must be above zero.
  mutating func parsePositiveDuration() throws(PromQLError) -> DurationExpression {
    let duration = try parseDuration(binding: 1)
    if let seconds = duration.signedLiteral, seconds <= 0 {
      throw PromQLError(
        "a range must be longer than 0", at: duration.place.range ?? token.range)
    }
    return duration
  }

  /// The length after `offset`. Without parentheses it ends after one item with at most one sign:
  /// `x offset 5m - 3` subtracts 3 from the vector.
  mutating func parseOffsetDuration() throws(PromQLError) -> DurationExpression {
    let start = token.range.start
    switch token.kind {
    case .leftParen:
      let first = try parseDurationItem()
      return try climb(first, binding: 1)
    case .symbol(.add), .symbol(.subtract):
      let sign = advance().kind
      if token.kind == .symbol(.add) || token.kind == .symbol(.subtract) {
        let inner = try parseDuration(binding: BinaryOperator.power.precedence)
        return try climb(signed(sign, inner, from: start), binding: 1)
      }
      return signed(sign, try parseDurationItem(), from: start)
    default: return try parseDurationItem()
    }
  }

  private mutating func parseDuration(binding: Int) throws(PromQLError) -> DurationExpression {
    try enter()
    defer { leave() }
    let start = token.range.start
    switch token.kind {
    case .symbol(.add), .symbol(.subtract):
      let sign = advance().kind
      let inner = try parseDuration(binding: BinaryOperator.power.precedence)
      return try climb(signed(sign, inner, from: start), binding: binding)
    default: return try climb(try parseDurationItem(), binding: binding)
    }
  }

  private func signed(
    _ sign: Token.Kind, _ inner: DurationExpression, from start: SourcePosition
  ) -> DurationExpression {
    let place = Place(range(from: start))
    if sign == .symbol(.add) { return DurationExpression(inner.node, place: place) }
    return DurationExpression(.negated(inner), place: place)
  }

  /// Everything that binds at least as tightly as `binding` after `left`.
  private mutating func climb(
    _ left: DurationExpression, binding: Int
  ) throws(PromQLError) -> DurationExpression {
    var left = left
    var links = 0
    while case .symbol(let symbol) = token.kind,
      let operation = DurationOperator(rawValue: symbol.rawValue), symbol.precedence >= binding
    {
      links += 1
      try enter()
      let operatorRange = advance().range
      try require(.durationArithmetic, "arithmetic between durations", at: operatorRange)
      let right = try parseDuration(
        binding: symbol.precedence + (symbol.isRightAssociative ? 0 : 1))
      if operation == .divide || operation == .modulo, right.signedLiteral == 0 {
        throw PromQLError("division by zero", at: operatorRange)
      }
      let start = left.place.range?.start ?? operatorRange.start
      left = DurationExpression(
        .arithmetic(left, operation, right), place: Place(range(from: start)))
    }
    for _ in 0..<links { leave() }
    return left
  }

  private mutating func parseDurationItem() throws(PromQLError) -> DurationExpression {
    let first = token.range
    switch token.kind {
    case .number(let literal), .duration(let literal):
      advance()
      guard literal.value <= Parser.secondsMax else {
        throw PromQLError("duration '\(literal.text)' is out of range", at: first)
      }
      return DurationExpression(.literal(literal), place: Place(first))
    case .leftParen:
      try require(.durationArithmetic, "a duration in parentheses", at: first)
      advance()
      let inner = try parseDuration(binding: 1)
      try expect(.rightParen, "an operator or ')'")
      return inner
    case .keyword(let keyword, _) where keyword.isDuration:
      try require(.durationArithmetic, "a computed duration", at: first)
      advance()
      try expect(.leftParen, "'('")
      return try parseDurationCall(keyword, from: first.start)
    default:
      throw unexpected(
        expected: "a duration such as 5m, a number of seconds, step(), range() or '('")
    }
  }

  private mutating func parseDurationCall(
    _ keyword: Keyword, from start: SourcePosition
  ) throws(PromQLError) -> DurationExpression {
    if keyword == .step || keyword == .range {
      try expect(.rightParen, "')'")
      let place = Place(range(from: start))
      return DurationExpression(keyword == .step ? .step : .range, place: place)
    }
    let left = try parseDuration(binding: 1)
    try expect(.comma, "','")
    let right = try parseDuration(binding: 1)
    try expect(.rightParen, "')'")
    let place = Place(range(from: start))
    return DurationExpression(
      keyword == .minOf ? .smaller(left, right) : .larger(left, right), place: place)
  }
}
