/// What a function takes and gives.
package struct Signature: Hashable, Sendable {
  /// The types of the arguments; the last one stands for all that follow it.
  package let parameters: [ValueType]
  /// The fewest arguments.
  package let minimum: Int
  /// The most arguments; `nil` when there is no bound.
  package let maximum: Int?
  /// The type of a call.
  package let result: ValueType

  init(
    _ parameters: [ValueType], minimum: Int? = nil, maximum: Int?? = .none,
    result: ValueType = .vector
  ) {
    self.parameters = parameters
    self.minimum = minimum ?? parameters.count
    self.maximum = maximum ?? parameters.count
    self.result = result
  }

  /// The type of the argument at `index`, from 0; `nil` where no argument may stand.
  package func parameter(at index: Int) -> ValueType? {
    if let maximum, index >= maximum { return nil }
    return index < parameters.count ? parameters[index] : parameters.last
  }
}

extension Function {
  /// The name in PromQL.
  package var name: String { rawValue }

  /// What the function takes and gives.
  package var signature: Signature {
    switch self {
    case .abs, .absent, .acos, .acosh, .asin, .asinh, .atan, .atanh, .ceil, .cos, .cosh, .deg,
      .exp, .floor, .histogramAvg, .histogramCount, .histogramStddev, .histogramStdvar,
      .histogramSum, .ln, .log10, .log2, .rad, .sgn, .sin, .sinh, .sort, .sortDesc, .sqrt,
      .startTimestamp, .tan, .tanh, .timestamp:
      Signature([.vector])
    case .absentOverTime, .avgOverTime, .changes, .countOverTime, .delta, .deriv, .firstOverTime,
      .idelta, .increase, .irate, .lastOverTime, .madOverTime, .maxOverTime, .minOverTime,
      .presentOverTime, .rate, .resets, .stddevOverTime, .stdvarOverTime, .sumOverTime,
      .tsOfFirstOverTime, .tsOfLastOverTime, .tsOfMaxOverTime, .tsOfMinOverTime:
      Signature([.matrix])
    case .dayOfMonth, .dayOfWeek, .dayOfYear, .daysInMonth, .hour, .minute, .month, .year:
      Signature([.vector], minimum: 0)
    case .end, .pi, .range, .start, .step, .time: Signature([], result: .scalar)
    case .clamp: Signature([.vector, .scalar, .scalar])
    case .clampMax, .clampMin: Signature([.vector, .scalar])
    case .doubleExponentialSmoothing: Signature([.matrix, .scalar, .scalar])
    case .histogramFraction: Signature([.scalar, .scalar, .vector])
    case .histogramQuantile: Signature([.scalar, .vector])
    case .histogramQuantiles:
      Signature([.vector, .string, .scalar, .scalar], minimum: 3, maximum: 12)
    case .info: Signature([.vector, .vector], minimum: 1)
    case .labelJoin:
      Signature([.vector, .string, .string, .string], minimum: 3, maximum: .some(nil))
    case .labelReplace: Signature([.vector, .string, .string, .string, .string])
    case .maxOf, .minOf: Signature([.scalar, .scalar], result: .scalar)
    case .predictLinear: Signature([.matrix, .scalar])
    case .quantileOverTime: Signature([.scalar, .matrix])
    case .round: Signature([.vector, .scalar], minimum: 1)
    case .scalar: Signature([.vector], result: .scalar)
    case .sortByLabel, .sortByLabelDesc:
      Signature([.vector, .string], minimum: 1, maximum: .some(nil))
    case .vector: Signature([.scalar])
    }
  }

  /// True when the server needs `--enable-feature=promql-experimental-functions`.
  package var isExperimental: Bool {
    switch self {
    case .doubleExponentialSmoothing, .end, .histogramQuantiles, .info, .madOverTime, .maxOf,
      .minOf, .range, .sortByLabel, .sortByLabelDesc, .start, .startTimestamp, .step,
      .tsOfFirstOverTime, .tsOfLastOverTime, .tsOfMaxOverTime, .tsOfMinOverTime:
      true
    default: false
    }
  }
}

/// Functions that older servers knew and Prometheus 3 does not.
enum RemovedFunction {
  /// What to write instead; `nil` when `name` never was a function.
  static func hint(_ name: String) -> String? {
    switch name {
    case "holt_winters":
      "Prometheus 3 renamed 'holt_winters' to 'double_exponential_smoothing'"
    case "count_scalar": "Prometheus 2 removed 'count_scalar'; write scalar(count(…))"
    case "drop_common_labels": "Prometheus 2 removed 'drop_common_labels'; list labels with 'by'"
    default: nil
    }
  }
}
