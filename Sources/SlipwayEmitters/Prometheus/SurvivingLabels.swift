import PromQL

/// Which labels the series of an expression can have, as far as its text says.
///
/// A rule's own labels, a legend and a dashboard's colours depend on it: `sum(…)` leaves none, `by`
/// leaves those it names, and a bare selector leaves whatever was scraped.
enum SurvivingLabels: Hashable {
  /// None but these.
  case only(Set<String>)
  /// Any but these.
  case anyBut(Set<String>)

  static let none = SurvivingLabels.only([])

  init(_ expression: Expression) {
    switch expression.node {
    case .number, .string: self = .none
    case .selector(let selector): self = .selected(by: selector)
    case .matrix(let matrix): self = .selected(by: matrix.selector)
    case .subquery(let subquery): self.init(subquery.operand)
    case .unary(_, let operand): self = SurvivingLabels(operand).without([Matcher.metricName])
    case .aggregation(let aggregation): self.init(aggregation)
    case .binary(let binary): self.init(binary)
    case .call(let call): self.init(call)
    }
  }

  func contains(_ label: String) -> Bool {
    switch self {
    case .only(let names): names.contains(label)
    case .anyBut(let names): !names.contains(label)
    }
  }

  /// Whether there can only be one series.
  var isSingle: Bool { self == .none }

  private static func selected(by selector: VectorSelector) -> Self {
    // A label that must be empty is not there.
    let empty = selector.matchers.filter { $0.operation == .equal && $0.value.isEmpty }
    return .anyBut(Set(empty.map(\.label)))
  }

  private func without(_ names: Set<String>) -> Self {
    switch self {
    case .only(let kept): .only(kept.subtracting(names))
    case .anyBut(let gone): .anyBut(gone.union(names))
    }
  }

  private func keeping(_ names: Set<String>) -> Self { .only(names.filter(contains)) }

  private func with(_ names: Set<String>) -> Self {
    switch self {
    case .only(let kept): .only(kept.union(names))
    case .anyBut(let gone): .anyBut(gone.subtracting(names))
    }
  }

  private func union(_ other: Self) -> Self {
    switch (self, other) {
    case (.only(let left), .only(let right)): .only(left.union(right))
    case (.anyBut(let left), .anyBut(let right)): .anyBut(left.intersection(right))
    case (.anyBut(let gone), .only(let kept)), (.only(let kept), .anyBut(let gone)):
      .anyBut(gone.subtracting(kept))
    }
  }

  private init(_ aggregation: Aggregation) {
    let operand = SurvivingLabels(aggregation.operand)
    switch aggregation.aggregator {
    case .topk, .bottomk, .limitk, .limitRatio:
      self = operand
      return
    default: break
    }
    switch aggregation.grouping {
    case nil: self = .none
    case .by(let names): self = operand.keeping(Set(names.map(\.text)))
    case .without(let names):
      self = operand.without(Set(names.map(\.text) + [Matcher.metricName]))
    }
    if aggregation.aggregator == .countValues, let parameter = aggregation.parameter,
      case .string(let value) = parameter.node, let label = value.text
    {
      self = self.with([label])
    }
  }

  private init(_ binary: BinaryExpression) {
    let (left, right) = (SurvivingLabels(binary.left), SurvivingLabels(binary.right))
    let drops: Set<String> =
      binary.operation.isComparison && !binary.returnsBool ? [] : [Matcher.metricName]
    switch (binary.left.type, binary.right.type, binary.operation) {
    case (.scalar, .scalar, _): self = .none
    case (_, .scalar, _): self = left.without(drops)
    case (.scalar, _, _): self = right.without(drops)
    case (_, _, .and), (_, _, .unless): self = left
    case (_, _, .or): self = left.union(right)
    default: self = Self.matched(left, right, binary.matching).without(drops)
    }
  }

  private static func matched(
    _ left: Self, _ right: Self, _ matching: VectorMatching
  ) -> Self {
    switch matching.group {
    case .left(let names): return left.with(Set(names.map(\.text)))
    case .right(let names): return right.with(Set(names.map(\.text)))
    case nil: break
    }
    switch matching.labels {
    case nil: return left
    case .on(let names): return left.keeping(Set(names.map(\.text)))
    case .ignoring(let names): return left.without(Set(names.map(\.text)))
    }
  }

  private init(_ call: Call) {
    let operand = call.arguments.first { $0.type == .vector || $0.type == .matrix }
    switch call.function {
    case .vector, .time, .scalar: self = .none
    case .absent, .absentOverTime:
      var labels: Set<String> = []
      if case .selector(let selector)? = operand?.node {
        labels = Set(selector.matchers.filter { $0.operation == .equal }.map(\.label))
      }
      self = .only(labels.subtracting([Matcher.metricName]))
    case .histogramQuantile:
      self = operand.map(SurvivingLabels.init)?.without(["le", Matcher.metricName]) ?? .none
    case .labelReplace, .labelJoin, .info, .histogramQuantiles: self = .anyBut([])
    case .sort, .sortDesc, .sortByLabel, .sortByLabelDesc, .lastOverTime, .firstOverTime:
      self = operand.map(SurvivingLabels.init) ?? .none
    default:
      self = operand.map(SurvivingLabels.init)?.without([Matcher.metricName]) ?? .none
    }
  }
}
