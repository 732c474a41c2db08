/// Trees without text: what a typed query is made of.
///
/// Nothing here fails. A tree that Prometheus would refuse (a rate over no time, a grouping
/// without `on`) can be built; `validated()` says what is wrong with it.
extension Expression {
  /// A whole number.
  package static func number(_ value: Int) -> Expression {
    number(value, scale: 0)
  }

  /// An exact decimal: `number(95, scale: 2)` is `0.95`, `number(950, scale: 3)` is `0.950`.
  ///
  /// - Parameters:
  ///   - unscaled: All digits, with the sign.
  ///   - scale: How many of them stand after the point; below 0 counts as 0.
  package static func number(_ unscaled: Int, scale: Int) -> Expression {
    let literal = number(NumberLiteral(unscaled.magnitude, scale: scale))
    return unscaled < 0 ? Expression(.unary(.minus, literal)) : literal
  }

  /// A number with its exact text.
  package static func number(_ literal: NumberLiteral) -> Expression {
    Expression(.number(literal))
  }

  /// A string.
  package static func string(_ text: String) -> Expression {
    Expression(.string(StringValue(text)))
  }

  /// The series of one metric at one instant.
  package static func selector(_ metric: String, _ matchers: [Matcher] = []) -> Expression {
    selector(VectorSelector(metric: metric, matchers: matchers))
  }

  /// A selector as an expression.
  package static func selector(_ selector: VectorSelector) -> Expression {
    Expression(.selector(selector))
  }

  /// `selector[window]`.
  package static func matrix(
    _ selector: VectorSelector, over window: DurationExpression
  ) -> Expression {
    Expression(.matrix(MatrixSelector(selector, over: window)))
  }

  /// `operand[window:step]`.
  package static func subquery(
    _ operand: Expression, over window: DurationExpression, every step: DurationExpression? = nil,
    modifiers: TimeModifiers = TimeModifiers()
  ) -> Expression {
    Expression(.subquery(Subquery(operand, over: window, every: step, modifiers: modifiers)))
  }

  /// `left operation right`; `bool` makes a comparison answer 0 or 1 instead of dropping series.
  package static func binary(
    _ left: Expression, _ operation: BinaryOperator, _ right: Expression, bool: Bool = false,
    matching: VectorMatching = .allLabels
  ) -> Expression {
    Expression(
      .binary(
        BinaryExpression(left, operation, right, returnsBool: bool, matching: matching)))
  }

  /// `-operand`.
  package static func negated(_ operand: Expression) -> Expression {
    Expression(.unary(.minus, operand))
  }

  /// Reads the printed text back and checks it as Prometheus would.
  ///
  /// - Returns: The same expression, its places pointing into `description`.
  /// - Throws: The first reason for which Prometheus would refuse the text.
  package func validated(allowing features: Features = .all) throws(PromQLError) -> Expression {
    try Parser.parse(description, allowing: features)
  }
}

extension Expression {
  /// `function(argument, …)`.
  package static func call(_ function: Function, _ arguments: Expression...) -> Expression {
    Expression(.call(Call(function, arguments)))
  }

  /// `function(selector[window])`, for every function of one range vector.
  package static func call(
    _ function: Function, _ selector: VectorSelector, over window: DurationExpression
  ) -> Expression {
    call(function, matrix(selector, over: window))
  }

  /// Growth per second of a counter.
  package static func rate(
    _ selector: VectorSelector, over window: DurationExpression
  ) -> Expression {
    call(.rate, selector, over: window)
  }

  /// Growth of a counter.
  package static func increase(
    _ selector: VectorSelector, over window: DurationExpression
  ) -> Expression {
    call(.increase, selector, over: window)
  }

  /// The quantile `fraction` (0 to 1) of a histogram; classic ones need `le` in the operand.
  package static func histogramQuantile(
    _ fraction: Expression, _ buckets: Expression
  ) -> Expression {
    call(.histogramQuantile, fraction, buckets)
  }

  /// 1 when `operand` has no series.
  package static func absent(_ operand: Expression) -> Expression {
    call(.absent, operand)
  }

  /// Now, in seconds since 1970.
  package static let time = call(.time)
}

extension Expression {
  /// An aggregation in its general form.
  package static func aggregate(
    _ aggregator: Aggregator, _ operand: Expression, _ grouping: Grouping? = nil,
    parameter: Expression? = nil
  ) -> Expression {
    Expression(
      .aggregation(
        Aggregation(aggregator, operand, grouping: grouping, parameter: parameter)))
  }

  /// `sum`; without labels, everything is folded into one series.
  package static func sum(_ operand: Expression, by labels: [LabelName] = []) -> Expression {
    aggregate(.sum, operand, labels.isEmpty ? nil : .by(labels))
  }

  /// `sum without (…)`: these labels are dropped, all others kept.
  package static func sum(_ operand: Expression, without labels: [LabelName]) -> Expression {
    aggregate(.sum, operand, .without(labels))
  }

  /// `avg`; without labels, everything is folded into one series.
  package static func avg(_ operand: Expression, by labels: [LabelName] = []) -> Expression {
    aggregate(.avg, operand, labels.isEmpty ? nil : .by(labels))
  }

  /// `min`; without labels, everything is folded into one series.
  package static func min(_ operand: Expression, by labels: [LabelName] = []) -> Expression {
    aggregate(.min, operand, labels.isEmpty ? nil : .by(labels))
  }

  /// `max`; without labels, everything is folded into one series.
  package static func max(_ operand: Expression, by labels: [LabelName] = []) -> Expression {
    aggregate(.max, operand, labels.isEmpty ? nil : .by(labels))
  }

  /// `count`; without labels, everything is folded into one series.
  package static func count(_ operand: Expression, by labels: [LabelName] = []) -> Expression {
    aggregate(.count, operand, labels.isEmpty ? nil : .by(labels))
  }

  /// The `count` series with the greatest values, of each group.
  package static func topk(
    _ count: Int, _ operand: Expression, by labels: [LabelName] = []
  ) -> Expression {
    aggregate(.topk, operand, labels.isEmpty ? nil : .by(labels), parameter: number(count))
  }

  /// The quantile `fraction` (0 to 1) over series, of each group.
  package static func quantile(
    _ fraction: Expression, _ operand: Expression, by labels: [LabelName] = []
  ) -> Expression {
    aggregate(.quantile, operand, labels.isEmpty ? nil : .by(labels), parameter: fraction)
  }
}
