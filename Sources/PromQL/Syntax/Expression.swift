/// A PromQL expression: the syntax tree of the whole language of Prometheus 3.
///
/// Parentheses are not nodes: the tree's shape says what belongs together and `Printer` writes
/// the ones that are needed. Two expressions are equal when they mean the same text, wherever
/// they were written.
/// Source: https://prometheus.io/docs/prometheus/latest/querying/basics/
package struct Expression: Hashable, Sendable {
  /// The kinds of expression.
  package indirect enum Node: Hashable, Sendable {
    /// `0.95`, `5m`
    case number(NumberLiteral)
    /// `"text"`
    case string(StringValue)
    /// `metric{label="value"}`
    case selector(VectorSelector)
    /// `metric[5m]`
    case matrix(MatrixSelector)
    /// `expression[1h:5m]`
    case subquery(Subquery)
    /// `-expression`
    case unary(UnaryOperator, Expression)
    /// `left / on (label) right`
    case binary(BinaryExpression)
    /// `sum by (label) (expression)`
    case aggregation(Aggregation)
    /// `rate(metric[5m])`
    case call(Call)
  }

  /// What the expression is.
  package var node: Node
  /// Where it was written, without parentheses around it.
  package var place: Place

  /// An expression.
  package init(_ node: Node, place: Place = .none) {
    self.node = node
    self.place = place
  }

  /// The type of the expression's value.
  package var type: ValueType {
    switch node {
    case .number: return .scalar
    case .string: return .string
    case .selector, .aggregation: return .vector
    case .matrix, .subquery: return .matrix
    case .unary(_, let operand): return operand.type
    case .binary(let binary):
      return binary.left.type == .scalar && binary.right.type == .scalar ? .scalar : .vector
    case .call(let call): return call.function.signature.result
    }
  }
}

extension Expression {
  /// The expressions directly below, in the order of the text; lengths of time are none.
  package var children: [Expression] {
    switch node {
    case .number, .string, .selector, .matrix: []
    case .subquery(let subquery): [subquery.operand]
    case .unary(_, let operand): [operand]
    case .binary(let binary): [binary.left, binary.right]
    case .aggregation(let aggregation): aggregation.arguments
    case .call(let call): call.arguments
    }
  }
}

/// `function(argument, …)`.
package struct Call: Hashable, Sendable {
  /// The function.
  package var function: Function
  /// Its arguments, in order.
  package var arguments: [Expression]

  /// A call; `validated()` holds it against the function's signature.
  package init(_ function: Function, _ arguments: [Expression]) {
    self.function = function
    self.arguments = arguments
  }
}

/// What an expression evaluates to.
package enum ValueType: String, Hashable, Sendable, CaseIterable {
  /// One number.
  case scalar
  /// One string.
  case string
  /// One sample for each series at one instant.
  case vector
  /// Many samples for each series.
  case matrix

  /// The name used in messages and in Prometheus's documentation.
  package var title: String {
    switch self {
    case .scalar: "scalar"
    case .string: "string"
    case .vector: "instant vector"
    case .matrix: "range vector"
    }
  }
}

extension Expression: CustomStringConvertible {
  /// The canonical text, on one line.
  package var description: String { Printer.text(self) }
}
