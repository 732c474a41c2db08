extension Parser {
  /// `name(argument, …)`; the current token is the name.
  mutating func parseCall() throws(PromQLError) -> Operand {
    let start = token.range.start
    let function = try parseFunction()
    let arguments = try parseArguments()
    return try finish(function, arguments, from: start)
  }

  private mutating func parseFunction() throws(PromQLError) -> Function {
    let range = token.range
    let name: String
    switch advance().kind {
    case .identifier(let text), .keyword(_, let text): name = text
    default: name = ""
    }
    guard let function = Function(rawValue: name) else {
      throw PromQLError(
        "unknown function '\(name)'",
        hint: RemovedFunction.hint(name) ?? Suggestion.function(like: name), at: range)
    }
    if function.isExperimental {
      try require(.experimentalFunctions, "function '\(name)'", at: range)
    }
    return function
  }

  private func finish(
    _ function: Function, _ arguments: [Operand], from start: SourcePosition
  ) throws(PromQLError) -> Operand {
    if function == .info, arguments.count > 1, arguments[1].isParenthesised {
      throw Checker.infoNeedsLabels(at: arguments[1].expression)
    }
    let call = Call(function, arguments.map(\.expression))
    return try operand(.call(call), from: start, above: arguments.map(\.height))
  }

  /// `sum by (label) (operand)`; the current token is the aggregation's name.
  mutating func parseAggregation(_ aggregator: Aggregator) throws(PromQLError) -> Operand {
    let start = token.range.start
    var grouping = try parseAggregationHead(aggregator)
    let arguments = try parseArguments()
    if grouping == nil { grouping = try parseGrouping() }
    return try finish(aggregator, grouping, arguments, from: start)
  }

  private mutating func parseAggregationHead(
    _ aggregator: Aggregator
  ) throws(PromQLError) -> Grouping? {
    let range = advance().range
    if aggregator.isExperimental {
      try require(.experimentalFunctions, "aggregation '\(aggregator.rawValue)'", at: range)
    }
    return try parseGrouping()
  }

  private func finish(
    _ aggregator: Aggregator, _ grouping: Grouping?, _ arguments: [Operand],
    from start: SourcePosition
  ) throws(PromQLError) -> Operand {
    let wanted = aggregator.parameter == nil ? 1 : 2
    guard arguments.count == wanted, let operand = arguments.last else {
      throw PromQLError(
        "'\(aggregator.rawValue)' got \(arguments.count) arguments", expected: "\(wanted)",
        at: range(from: start))
    }
    let aggregation = Aggregation(
      aggregator, operand.expression, grouping: grouping,
      parameter: wanted == 2 ? arguments.first?.expression : nil)
    return try self.operand(
      .aggregation(aggregation), from: start, above: arguments.map(\.height))
  }

  private mutating func parseArguments() throws(PromQLError) -> [Operand] {
    try expect(.leftParen, "'('")
    if accept(.rightParen) { return [] }
    var arguments: [Operand] = []
    repeat {
      try refuse(.rightParen, "an argument after ','")
      arguments.append(try parseExpression(binding: 1))
    } while accept(.comma)
    try expect(.rightParen, "an operator, ',' or ')'")
    return arguments
  }

  private mutating func parseGrouping() throws(PromQLError) -> Grouping? {
    if acceptKeyword(.by) { return .by(try parseLabels()) }
    if acceptKeyword(.without) { return .without(try parseLabels()) }
    return nil
  }

  /// `(label, "other.label")`; a comma may end the list.
  mutating func parseLabels() throws(PromQLError) -> [LabelName] {
    try expect(.leftParen, "'(' and labels")
    var labels: [LabelName] = []
    while token.kind != .rightParen {
      labels.append(try parseLabel())
      guard accept(.comma) else { break }
    }
    try expect(.rightParen, "',' or ')'")
    return labels
  }

  private mutating func parseLabel() throws(PromQLError) -> LabelName {
    switch token.kind {
    case .identifier(let name), .metricIdentifier(let name):
      return LabelName(name, place: Place(advance().range))
    case .keyword(let keyword, let name) where keyword.isGroupingLabel:
      return LabelName(name, place: Place(advance().range))
    case .string(let value):
      guard let name = value.text, !name.isEmpty else {
        throw PromQLError("label name \(value) is empty or not UTF-8", at: token.range)
      }
      return LabelName(name, place: Place(advance().range))
    default: throw unexpected(expected: "a label or ')'")
    }
  }
}

extension Parser {
  /// `on (…) group_left (…) fill (…)`, each of them optional.
  mutating func parseMatching() throws(PromQLError) -> VectorMatching {
    var matching = VectorMatching()
    if acceptKeyword(.on) {
      matching.labels = .on(try parseLabels())
    } else if acceptKeyword(.ignoring) {
      matching.labels = .ignoring(try parseLabels())
    }
    if matching.labels != nil {
      if acceptKeyword(.groupLeft) {
        matching.group = .left(try parseIncluded())
      } else if acceptKeyword(.groupRight) {
        matching.group = .right(try parseIncluded())
      }
    }
    try parseFill(into: &matching)
    return matching
  }

  private mutating func parseIncluded() throws(PromQLError) -> [LabelName] {
    token.kind == .leftParen ? try parseLabels() : []
  }

  private mutating func parseFill(into matching: inout VectorMatching) throws(PromQLError) {
    guard case .keyword(let first, _) = token.kind else { return }
    switch first {
    case .fill:
      let value = try parseFillValue()
      matching.fillLeft = value
      matching.fillRight = value
    case .fillLeft:
      matching.fillLeft = try parseFillValue()
      if case .keyword(.fillRight, _) = token.kind { matching.fillRight = try parseFillValue() }
    case .fillRight:
      matching.fillRight = try parseFillValue()
      if case .keyword(.fillLeft, _) = token.kind { matching.fillLeft = try parseFillValue() }
    default: return
    }
  }

  private mutating func parseFillValue() throws(PromQLError) -> SignedNumber {
    let keyword = advance()
    try require(.fillModifiers, keyword.title, at: keyword.range)
    try expect(.leftParen, "'(' and a number")
    let value = try parseSignedNumber(expected: "a number")
    try expect(.rightParen, "')'")
    return value
  }

  /// A number with at most one sign.
  mutating func parseSignedNumber(expected: String) throws(PromQLError) -> SignedNumber {
    let isNegative = accept(.symbol(.subtract))
    if !isNegative { _ = accept(.symbol(.add)) }
    switch token.kind {
    case .number(let literal), .duration(let literal):
      advance()
      return SignedNumber(literal, isNegative: isNegative)
    default: throw unexpected(expected: expected)
    }
  }
}
