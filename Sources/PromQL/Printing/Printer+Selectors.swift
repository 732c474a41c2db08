extension Printer {
  mutating func write(_ selector: VectorSelector) {
    writeSeries(selector)
    writeEdges(selector)
    write(selector.modifiers)
  }

  mutating func write(_ matrix: MatrixSelector) {
    writeSeries(matrix.selector)
    text += "["
    write(matrix.range)
    text += "]"
    writeEdges(matrix.selector)
    write(matrix.selector.modifiers)
  }

  /// `[range:step] @ t offset d` of a subquery.
  mutating func writeSuffix(_ subquery: Subquery) {
    text += "["
    write(subquery.range)
    text += ":"
    if let step = subquery.step { write(step) }
    text += "]"
    write(subquery.modifiers)
  }

  private mutating func writeSeries(_ selector: VectorSelector) {
    text += selector.name ?? ""
    if selector.matchers.isEmpty {
      if selector.name == nil { text += "{}" }
      return
    }
    text += "{"
    for (index, matcher) in selector.matchers.enumerated() {
      if index > 0 { text += "," }
      write(matcher)
    }
    text += "}"
  }

  private mutating func write(_ matcher: Matcher) {
    if let name = matcher.quotedMetricName {
      text += Quoting.quoted(name)
      return
    }
    let isBare = Names.isBareLabel(matcher.label)
    text += isBare ? matcher.label : Quoting.quoted(StringValue(matcher.label))
    text += matcher.operation.rawValue
    text += Quoting.quoted(matcher.value)
  }

  private mutating func writeEdges(_ selector: VectorSelector) {
    if let edges = selector.edges { text += " \(edges.rawValue)" }
  }

  private mutating func write(_ modifiers: TimeModifiers) {
    switch modifiers.instant {
    case nil: break
    case .timestamp(let number): text += " @ \(number.text)"
    case .start: text += " @ start()"
    case .end: text += " @ end()"
    }
    guard let offset = modifiers.offset else { return }
    text += " offset "
    if case .arithmetic = offset.node {
      text += "("
      write(offset)
      text += ")"
    } else if case .negated(let inner) = offset.node {
      writeNegated(inner, isTight: true)
    } else {
      write(offset)
    }
  }
}

extension Matcher {
  /// The name to write alone between quotes: one that older servers cannot hold either way.
  fileprivate var quotedMetricName: StringValue? {
    guard label == Matcher.metricName, operation == .equal, let name = value.text,
      !name.isEmpty, !Names.isLegacyMetric(name)
    else { return nil }
    return value
  }
}

extension Printer {
  mutating func write(_ duration: DurationExpression) {
    switch duration.node {
    case .literal(let literal): text += literal.text
    case .step: text += "step()"
    case .range: text += "range()"
    case .negated(let inner): writeNegated(inner, isTight: false)
    case .arithmetic(let left, let operation, let right):
      write(left, at: .left(of: operation.binary))
      text += " \(operation.rawValue) "
      write(right, at: .right(of: operation.binary))
    case .smaller(let left, let right): writePair("min_of", left, right)
    case .larger(let left, let right): writePair("max_of", left, right)
    }
  }

  private mutating func writePair(
    _ name: String, _ left: DurationExpression, _ right: DurationExpression
  ) {
    text += "\(name)("
    write(left)
    text += ", "
    write(right)
    text += ")"
  }

  /// `-d`; `isTight` after `offset`, where only one sign and one item belong to the modifier.
  private mutating func writeNegated(_ inner: DurationExpression, isTight: Bool) {
    text += "-"
    let isClosed =
      switch inner.node {
      case .literal, .step, .range, .smaller, .larger: true
      case .negated: !isTight
      case .arithmetic(_, .power, _): !isTight
      case .arithmetic: false
      }
    if !isClosed { text += "(" }
    write(inner)
    if !isClosed { text += ")" }
  }

  private mutating func write(_ duration: DurationExpression, at position: DurationPosition) {
    let isOpen = position.needsParentheses(duration)
    if isOpen { text += "(" }
    write(duration)
    if isOpen { text += ")" }
  }
}

/// A side of an operator between lengths of time.
private enum DurationPosition {
  case left(of: BinaryOperator)
  case right(of: BinaryOperator)

  func needsParentheses(_ child: DurationExpression) -> Bool {
    switch (self, child.node) {
    case (.left(let operation), .arithmetic(_, let inner, _)):
      let precedence = inner.binary.precedence
      return precedence < operation.precedence
        || (precedence == operation.precedence && operation.isRightAssociative)
    case (.right(let operation), .arithmetic(_, let inner, _)):
      let precedence = inner.binary.precedence
      return precedence < operation.precedence
        || (precedence == operation.precedence && !operation.isRightAssociative)
    case (.left(.power), .negated): return true
    default: return false
    }
  }
}
