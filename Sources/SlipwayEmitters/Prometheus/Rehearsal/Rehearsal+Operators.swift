import PromQL

// Operators between scalars and vectors, with Prometheus' rules for labels.
// Source: VectorBinop and resultMetric of promql/engine.go.
extension Rehearsal {
  func value(_ binary: BinaryExpression, at minute: Int) throws(CannotTell) -> Value {
    switch (binary.left.type, binary.right.type) {
    case (.scalar, .scalar):
      let (left, right) = (
        try scalar(binary.left, at: minute), try scalar(binary.right, at: minute)
      )
      return .scalar(binary.operation.apply(left, right))
    case (_, .scalar):
      let right = try scalar(binary.right, at: minute)
      return .vector(
        try vector(binary.left, at: minute).compactMap { sample in
          binary.result(sample.labels, sample.value, right, keeping: sample.value)
        })
    case (.scalar, _):
      let left = try scalar(binary.left, at: minute)
      return .vector(
        try vector(binary.right, at: minute).compactMap { sample in
          binary.result(sample.labels, left, sample.value, keeping: sample.value)
        })
    default:
      let left = try vector(binary.left, at: minute)
      let right = try vector(binary.right, at: minute)
      if binary.operation.isSet { return .vector(binary.combined(left, right)) }
      return .vector(try binary.matched(left, right))
    }
  }
}

extension BinaryExpression {
  /// One result; `nil` when a comparison drops it.
  fileprivate func result(
    _ labels: LabelMap, _ left: Double?, _ right: Double?, keeping kept: Double?
  ) -> RehearsedSample? {
    let value = operation.apply(left, right)
    guard operation.isComparison, !returnsBool else {
      return RehearsedSample(labels: labels, value: value).withoutName
    }
    if value == 0 { return nil }
    return RehearsedSample(labels: labels, value: kept)
  }

  fileprivate func combined(
    _ left: [RehearsedSample], _ right: [RehearsedSample]
  ) -> [RehearsedSample] {
    switch operation {
    case .and, .unless:
      let signatures = Set(right.map { signature(of: $0.labels) })
      return left.filter { signatures.contains(signature(of: $0.labels)) == (operation == .and) }
    default:
      let signatures = Set(left.map { signature(of: $0.labels) })
      return left + right.filter { !signatures.contains(signature(of: $0.labels)) }
    }
  }

  fileprivate func matched(
    _ left: [RehearsedSample], _ right: [RehearsedSample]
  ) throws(CannotTell) -> [RehearsedSample] {
    guard matching.fillLeft == nil, matching.fillRight == nil else { throw CannotTell() }
    var swaps = false
    if case .right = matching.group { swaps = true }
    let (many, one) = swaps ? (right, left) : (left, right)
    var partners: [LabelMap: RehearsedSample] = [:]
    for sample in one { partners[signature(of: sample.labels)] = sample }
    return many.compactMap { sample in
      guard let partner = partners[signature(of: sample.labels)] else { return nil }
      let (first, second) = swaps ? (partner.value, sample.value) : (sample.value, partner.value)
      return result(labels(of: sample, partner), first, second, keeping: first)
    }
  }

  private func labels(of many: RehearsedSample, _ one: RehearsedSample) -> LabelMap {
    var labels = many.labels
    if let group = matching.group {
      for name in group.included { labels[name.text] = one.labels[name.text] }
      return labels
    }
    switch matching.labels {
    case nil: return labels
    case .on(let names):
      labels = labels.keeping(names)
      return labels
    case .ignoring(let names): return labels.dropping(names)
    }
  }

  private func signature(of labels: LabelMap) -> LabelMap {
    let name = LabelName(Matcher.metricName)
    switch matching.labels {
    case nil: return labels.dropping([name])
    case .on(let names): return labels.keeping(names)
    case .ignoring(let names): return labels.dropping(names + [name])
    }
  }
}

extension BinaryOperator {
  /// The value; of a comparison 1 or 0; `nil` when a side is unknown.
  fileprivate func apply(_ left: Double?, _ right: Double?) -> Double? {
    guard let left, let right else { return nil }
    switch self {
    case .add: return left + right
    case .subtract: return left - right
    case .multiply: return left * right
    case .divide: return left / right
    case .modulo: return left.truncatingRemainder(dividingBy: right)
    case .equal: return left == right ? 1 : 0
    case .notEqual: return left != right ? 1 : 0
    case .less: return left < right ? 1 : 0
    case .lessOrEqual: return left <= right ? 1 : 0
    case .greater: return left > right ? 1 : 0
    case .greaterOrEqual: return left >= right ? 1 : 0
    case .power, .atan2, .trimUpper, .trimLower, .and, .or, .unless: return nil
    }
  }
}
