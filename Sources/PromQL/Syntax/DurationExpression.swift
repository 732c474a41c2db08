/// A length of time in a range, a subquery step or an offset.
///
/// Almost always one literal; Prometheus 3 also computes (`[step() * 4]`, `offset -(1h + 5m)`)
/// behind the flag `promql-duration-expr`.
/// Source: https://prometheus.io/docs/prometheus/latest/feature_flags/#promql-duration-arithmetic
package struct DurationExpression: Hashable, Sendable {
  /// What the length is.
  package indirect enum Node: Hashable, Sendable {
    /// `5m`, or seconds as a plain number: `300`.
    case literal(NumberLiteral)
    /// `step()`: the resolution of the query.
    case step
    /// `range()`: end minus start of the query.
    case range
    /// `-d`. A unary plus means nothing and is not kept.
    case negated(DurationExpression)
    /// `left op right`, in seconds.
    case arithmetic(DurationExpression, DurationOperator, DurationExpression)
    /// `min_of(a, b)`.
    case smaller(DurationExpression, DurationExpression)
    /// `max_of(a, b)`.
    case larger(DurationExpression, DurationExpression)
  }

  /// What the length is.
  package var node: Node
  /// Where it was written.
  package var place: Place

  /// A length of time.
  package init(_ node: Node, place: Place = .none) {
    self.node = node
    self.place = place
  }

  /// A literal, text kept.
  package static func literal(_ literal: NumberLiteral) -> DurationExpression {
    DurationExpression(.literal(literal))
  }

  /// Whole seconds in Prometheus duration form: 300 is `5m`, 5400 is `1h30m`, -60 is `-1m`.
  package static func seconds(_ seconds: Int) -> DurationExpression {
    let literal = literal(NumberLiteral(seconds: seconds.magnitude))
    return seconds < 0 ? DurationExpression(.negated(literal)) : literal
  }

  /// Seconds, where they do not depend on the query; `nil` with `step()` or `range()` in it.
  package var seconds: Double? {
    switch node {
    case .literal(let literal): return literal.value
    case .step, .range: return nil
    case .negated(let inner): return inner.seconds.map { -$0 }
    case .arithmetic(let left, let operation, let right):
      return left.seconds.flatMap { left in right.seconds.map { operation.apply(left, $0) } }
    case .smaller(let left, let right):
      return left.seconds.flatMap { left in right.seconds.map { min(left, $0) } }
    case .larger(let left, let right):
      return left.seconds.flatMap { left in right.seconds.map { max(left, $0) } }
    }
  }

  /// The value of a literal with any signs in front of it; `nil` for everything computed.
  var signedLiteral: Double? {
    switch node {
    case .literal(let literal): literal.value
    case .negated(let inner): inner.signedLiteral.map { -$0 }
    default: nil
    }
  }

}

/// The operators that lengths of time know; `^` binds tightest and to the right.
package enum DurationOperator: String, Hashable, Sendable, CaseIterable {
  /// `+`
  case add = "+"
  /// `-`
  case subtract = "-"
  /// `*`
  case multiply = "*"
  /// `/`
  case divide = "/"
  /// `%`
  case modulo = "%"
  /// `^`
  case power = "^"

  /// The same operator between expressions, which gives precedence and associativity.
  var binary: BinaryOperator {
    switch self {
    case .add: .add
    case .subtract: .subtract
    case .multiply: .multiply
    case .divide: .divide
    case .modulo: .modulo
    case .power: .power
    }
  }

  func apply(_ left: Double, _ right: Double) -> Double {
    switch self {
    case .add: left + right
    case .subtract: left - right
    case .multiply: left * right
    case .divide: left / right
    case .modulo: left.truncatingRemainder(dividingBy: right)
    case .power: Power.raise(left, to: right)
    }
  }
}

/// Powers without a C library: this module imports nothing.
enum Power {
  /// `base` to a whole exponent; NaN for fractions and for powers no length of time needs.
  static func raise(_ base: Double, to exponent: Double) -> Double {
    guard exponent.magnitude <= 1_024 else { return .nan }
    let count = Int(exponent)
    guard Double(count) == exponent else { return .nan }
    var result = 1.0
    var factor = base
    var rest = count.magnitude
    while rest > 0 {
      if rest & 1 == 1 { result *= factor }
      factor *= factor
      rest >>= 1
    }
    return count < 0 ? 1 / result : result
  }
}
