package import PromQL
package import ServiceContract

/// The few shapes of PromQL that typed queries are made of, in the contract's own units.
extension PromQL.Expression {
  package static func number(_ value: ExactDecimal) -> Self {
    .number(Int(value.mantissa), scale: value.scale)
  }

  package static func over(_ selector: VectorSelector, _ window: Duration) -> Self {
    Self(.matrix(MatrixSelector(selector, over: .seconds(window.wholeSeconds))))
  }

  package func aggregated(_ aggregator: Aggregator, by labels: [String] = []) -> Self {
    let names = labels.map { LabelName($0) }
    return Self(
      .aggregation(Aggregation(aggregator, self, grouping: names.isEmpty ? nil : .by(names))))
  }

  package func combined(
    _ operation: BinaryOperator, _ right: Self, matching: VectorMatching = .allLabels
  ) -> Self {
    Self(.binary(BinaryExpression(self, operation, right, matching: matching)))
  }
}
