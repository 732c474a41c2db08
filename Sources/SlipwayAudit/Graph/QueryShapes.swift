import PromQL

/// A comparison that decides an alert.
struct Comparison {
  let operation: BinaryOperator
  /// What is compared.
  let subject: PromQL.Expression
  /// What it is compared with, if that is a number.
  let number: Double?
  /// Whether a division makes the subject.
  let isRatio: Bool

  var isAbove: Bool { operation == .greater || operation == .greaterOrEqual }
  var isBelow: Bool { operation == .less || operation == .lessOrEqual }
  var isZero: Bool { operation == .equal && number == 0 }
}

extension MetricQuery {
  /// The outermost comparison with a number, the first of several.
  var comparison: Comparison? { expression.flatMap(Self.comparison) }

  private static func comparison(_ expression: PromQL.Expression) -> Comparison? {
    guard case .binary(let binary) = expression.node else { return nil }
    if binary.operation.isComparison {
      let number = value(binary.right)
      return Comparison(
        operation: binary.operation, subject: binary.left, number: number,
        isRatio: divides(binary.left))
    }
    return comparison(binary.left) ?? comparison(binary.right)
  }

  private static func value(_ expression: PromQL.Expression) -> Double? {
    switch expression.node {
    case .number(let literal): literal.value
    case .unary(.minus, let inner): value(inner).map { -$0 }
    case .binary(let binary):
      if let left = value(binary.left), let right = value(binary.right) {
        switch binary.operation {
        case .multiply: left * right
        case .divide: left / right
        case .add: left + right
        case .subtract: left - right
        default: nil
        }
      } else {
        nil
      }
    default: nil
    }
  }

  private static func divides(_ expression: PromQL.Expression) -> Bool {
    if case .binary(let binary) = expression.node, binary.operation == .divide { return true }
    return expression.children.contains(where: divides)
  }

  /// The names of the metrics in it.
  var metrics: [String] { uses.compactMap(\.metric) }

  /// Whether a name or a matcher says that failures are counted.
  var isAboutFailures: Bool {
    countsByStatus
      || metrics.contains { $0.mentions("error", "fail", "exception", "rejected") }
  }

  /// Whether a matcher takes the failed ones among series that are told apart by their status.
  var countsByStatus: Bool {
    uses.contains { use in
      use.matchers.contains { matcher in
        let value = matcher.value.text ?? ""
        return matcher.operation != .notEqual && matcher.operation != .doesNotMatch
          && (value.hasPrefix("5") || value.hasPrefix("[45]"))
      }
    }
  }

  /// What the first quantile is taken of.
  var quantileOperand: PromQL.Expression? {
    nodes.lazy.compactMap { $0.call(.histogramQuantile) }.first?.arguments.last
  }

  /// The job of `up{job="…"} == 0`.
  var jobOfUp: String? {
    guard let use = uses.first, uses.count == 1, use.metric == "up", comparison?.isZero ?? false
    else { return nil }
    return use.matchers.first { $0.label == "job" && $0.operation == .equal }?.value.text
  }

  /// A metric that every process has, asked for without saying of which.
  var metricOfEveryProcess: String? {
    uses.first { use in
      (use.metric ?? "").hasPrefix("process_")
        && !use.matchers.contains { ["job", "instance", "service", "app"].contains($0.label) }
    }?.metric
  }

  /// Whether a selector takes every series of its metric.
  func isBroad(_ use: SelectorUse) -> Bool { use.matchers.allSatisfy { $0.operation != .equal } }

  /// Every node of the tree, outer before inner.
  var nodes: [PromQL.Expression] {
    func all(_ expression: PromQL.Expression) -> [PromQL.Expression] {
      [expression] + expression.children.flatMap(all)
    }
    return expression.map(all) ?? []
  }
}

extension PromQL.Expression {
  /// The call of this function that the node is.
  func call(_ function: Function) -> Call? {
    if case .call(let call) = node, call.function == function { return call }
    return nil
  }

  /// Whether an aggregation stands anywhere in it.
  var holdsAggregation: Bool {
    if case .aggregation = node { return true }
    return children.contains(where: \.holdsAggregation)
  }

  /// Whether a rate of some kind stands anywhere in it.
  var holdsRate: Bool {
    if case .call(let call) = node, [.rate, .irate, .increase].contains(call.function) {
      return true
    }
    return children.contains(where: \.holdsRate)
  }
}

extension Double {
  /// Without a fraction that says nothing.
  var plain: String {
    magnitude < 1e15 && Double(Int(self)) == self ? String(Int(self)) : String(self)
  }
}
