/// An operator that folds the series of one instant vector into fewer.
///
/// Source: https://prometheus.io/docs/prometheus/latest/querying/operators/#aggregation-operators
package enum Aggregator: String, Hashable, Sendable, CaseIterable {
  /// `sum`
  case sum
  /// `avg`
  case avg
  /// `count`
  case count
  /// `min`
  case min
  /// `max`
  case max
  /// `group`: 1 for each group
  case group
  /// `stddev`
  case stddev
  /// `stdvar`
  case stdvar
  /// `topk(k, v)`
  case topk
  /// `bottomk(k, v)`
  case bottomk
  /// `count_values("label", v)`
  case countValues = "count_values"
  /// `quantile(φ, v)`
  case quantile
  /// `limitk(k, v)`; experimental
  case limitk
  /// `limit_ratio(r, v)`; experimental
  case limitRatio = "limit_ratio"

  /// The type of the parameter in front of the operand; `nil` when there is none.
  package var parameter: ValueType? {
    switch self {
    case .sum, .avg, .count, .min, .max, .group, .stddev, .stdvar: nil
    case .topk, .bottomk, .quantile, .limitk, .limitRatio: .scalar
    case .countValues: .string
    }
  }

  /// True when the server needs `--enable-feature=promql-experimental-functions`.
  package var isExperimental: Bool { self == .limitk || self == .limitRatio }
}

/// Which labels the result of an aggregation keeps.
package enum Grouping: Hashable, Sendable {
  /// `by (…)`: these only.
  case by([LabelName])
  /// `without (…)`: all but these.
  case without([LabelName])

  /// The names in parentheses.
  package var names: [LabelName] {
    switch self {
    case .by(let names), .without(let names): names
    }
  }
}

/// `sum by (label) (operand)`.
package struct Aggregation: Hashable, Sendable {
  /// The operator.
  package var aggregator: Aggregator
  /// `by` or `without`; `nil` folds everything into one series.
  package var grouping: Grouping?
  /// `k`, `φ` or the label of `count_values`.
  package var parameter: Expression?
  /// What is folded.
  package var operand: Expression

  /// One aggregation.
  package init(
    _ aggregator: Aggregator, _ operand: Expression, grouping: Grouping? = nil,
    parameter: Expression? = nil
  ) {
    self.aggregator = aggregator
    self.grouping = grouping
    self.parameter = parameter
    self.operand = operand
  }

  /// The parameter, if any, and the operand, as they stand between the parentheses.
  var arguments: [Expression] { (parameter.map { [$0] } ?? []) + [operand] }
}
