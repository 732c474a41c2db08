/// Writes expressions: one canonical text for each tree.
///
/// Numbers and durations keep their exact text; parentheses stand where the tree needs them and
/// nowhere else; reading the text again gives an equal tree.
package struct Printer {
  /// The longest line of `pretty` text, in characters, wherever a break is possible.
  package static let columnsMax = 90

  var text = ""

  /// The canonical text on one line.
  package static func text(_ expression: Expression) -> String {
    var printer = Printer()
    printer.write(expression)
    return printer.text
  }

  /// The canonical text with line breaks wherever a line would pass `columns` characters.
  ///
  /// Breaks as `promtool promql format` does: arguments and operands on lines of their own,
  /// two spaces deeper, a binary operator on a line between its sides. What cannot be broken
  /// (a selector, a string) may still pass the limit.
  package static func pretty(_ expression: Expression, columns: Int = columnsMax) -> String {
    Layout(columns: columns).text(expression, level: 0)
  }

  mutating func write(_ expression: Expression) {
    switch expression.node {
    case .number(let literal): text += literal.text
    case .string(let value): text += Quoting.quoted(value)
    case .selector(let selector): write(selector)
    case .matrix(let matrix): write(matrix)
    case .subquery(let subquery):
      write(subquery.operand, at: .subqueryOperand)
      writeSuffix(subquery)
    case .unary(let operation, let operand):
      text += operation.rawValue
      write(operand, at: .unaryOperand)
    case .binary(let binary):
      write(binary.left, at: .left(of: binary.operation))
      text += " "
      writeOperator(binary)
      text += " "
      write(binary.right, at: .right(of: binary.operation))
    case .aggregation(let aggregation):
      writeHead(aggregation)
      text += "("
      write(list: aggregation.arguments)
      text += ")"
    case .call(let call):
      text += call.function.name + "("
      write(list: call.arguments)
      text += ")"
    }
  }

  private mutating func write(_ expression: Expression, at position: Position) {
    if position.needsParentheses(expression) {
      text += "("
      write(expression)
      text += ")"
    } else {
      write(expression)
    }
  }

  private mutating func write(list: [Expression]) {
    for (index, expression) in list.enumerated() {
      if index > 0 { text += ", " }
      write(expression)
    }
  }

  /// `sum by (a) ` or `sum`: everything in front of the parenthesis.
  mutating func writeHead(_ aggregation: Aggregation) {
    text += aggregation.aggregator.rawValue
    switch aggregation.grouping {
    case nil: break
    case .by(let names):
      text += " by "
      write(labels: names)
      text += " "
    case .without(let names):
      text += " without "
      write(labels: names)
      text += " "
    }
  }

  /// `/ on (a) group_left (b)`: the operator with everything that modifies it.
  mutating func writeOperator(_ binary: BinaryExpression) {
    text += binary.operation.rawValue
    if binary.returnsBool { text += " bool" }
    switch binary.matching.labels {
    case nil: break
    case .on(let names): writeClause("on", names)
    case .ignoring(let names): writeClause("ignoring", names)
    }
    switch binary.matching.group {
    case nil: break
    case .left(let names): writeClause("group_left", names)
    case .right(let names): writeClause("group_right", names)
    }
    writeFill(binary.matching)
  }

  private mutating func writeClause(_ keyword: String, _ names: [LabelName]) {
    text += " \(keyword) "
    write(labels: names)
  }

  private mutating func writeFill(_ matching: VectorMatching) {
    if let both = matching.fillLeft, both == matching.fillRight {
      text += " fill (\(both.text))"
      return
    }
    if let left = matching.fillLeft { text += " fill_left (\(left.text))" }
    if let right = matching.fillRight { text += " fill_right (\(right.text))" }
  }

  private mutating func write(labels: [LabelName]) {
    text += "("
    for (index, label) in labels.enumerated() {
      if index > 0 { text += ", " }
      let isBare = Names.isBareGroupingLabel(label.text)
      text += isBare ? label.text : Quoting.quoted(StringValue(label.text))
    }
    text += ")"
  }
}

/// A place in a parent where a child may need parentheses.
enum Position {
  case left(of: BinaryOperator)
  case right(of: BinaryOperator)
  case unaryOperand
  case subqueryOperand

  /// A sign binds like `*`.
  private static let unaryPrecedence = BinaryOperator.multiply.precedence

  func needsParentheses(_ child: Expression) -> Bool {
    guard let precedence = Position.precedence(child) else {
      return swallowsOperator(child)
    }
    switch self {
    case .left(let operation):
      if precedence < operation.precedence { return true }
      if precedence == operation.precedence && operation.isRightAssociative { return true }
      return swallowsOperator(child)
    case .right(let operation):
      // A sign needs nothing in front of it to be told from an operator.
      if case .unary = child.node { return false }
      return precedence < operation.precedence
        || (precedence == operation.precedence && !operation.isRightAssociative)
    case .unaryOperand:
      if case .unary = child.node { return false }
      return precedence <= Position.unaryPrecedence
    case .subqueryOperand: return true
    }
  }

  private static func precedence(_ expression: Expression) -> Int? {
    switch expression.node {
    case .binary(let binary): binary.operation.precedence
    case .unary: unaryPrecedence
    default: nil
    }
  }

  /// `x offset (a + b) - c` reads as `x offset ((a + b) - c)`, so the left side is closed.
  private func swallowsOperator(_ child: Expression) -> Bool {
    guard case .left(let operation) = self,
      DurationOperator(rawValue: operation.rawValue) != nil
    else { return false }
    return Position.endsInOpenOffset(child)
  }

  private static func endsInOpenOffset(_ expression: Expression) -> Bool {
    switch expression.node {
    case .selector(let selector): isOpen(selector.modifiers.offset)
    case .matrix(let matrix): isOpen(matrix.selector.modifiers.offset)
    case .subquery(let subquery): isOpen(subquery.modifiers.offset)
    case .unary(_, let operand):
      !Position.unaryOperand.needsParentheses(operand) && endsInOpenOffset(operand)
    case .binary(let binary):
      !Position.right(of: binary.operation).needsParentheses(binary.right)
        && endsInOpenOffset(binary.right)
    case .number, .string, .aggregation, .call: false
    }
  }

  private static func isOpen(_ offset: DurationExpression?) -> Bool {
    guard case .arithmetic = offset?.node else { return false }
    return true
  }
}
