package import PromQL
public import ServiceContract

/// A PromQL expression whose value has the unit `U`.
public struct Query<U: Unit>: Sendable {
  package let expression: PromQL.Expression
  /// The labels by which its series differ; a legend shows them.
  package let labels: [String]

  package init(_ expression: PromQL.Expression, labels: [String] = []) {
    self.expression = expression
    self.labels = labels
  }

  /// `{{endpoint}} {{method}}`, or nothing for one series.
  package var legend: String { labels.map { "{{\($0)}}" }.joined(separator: " ") }

  /// The PromQL text.
  public var text: String { expression.description }
}

extension Query {
  /// A query in the language itself; a mistake in it is a finding that names this line.
  public static func raw(_ text: String, by labels: [String] = []) -> Self {
    // An expression that does not parse is kept as a selector of its whole text, which names no
    // metric; the rule `queries/parse` says what is wrong and where.
    if let expression = try? Parser.parse(text) { return Self(expression, labels: labels) }
    return Self(
      .selector(
        VectorSelector(
          metric: nil, matchers: [Matcher(Matcher.metricName, .equal, StringValue(text))])),
      labels: labels)
  }

  /// The same, one series for each value of nothing: the sum of all.
  public var sum: Self { Self(expression.aggregated(.sum)) }
  /// The greatest of all series.
  public var max: Self { Self(expression.aggregated(.max)) }
  /// The smallest of all series.
  public var min: Self { Self(expression.aggregated(.min)) }

  /// This query as a part of another in the same unit.
  public func share(of whole: Query<U>) -> Query<Ratio> {
    Query<Ratio>(expression.combined(.divide, whole.expression), labels: labels)
  }

  /// The difference of two queries in the same unit.
  public static func - (left: Self, right: Self) -> Self {
    Self(left.expression.combined(.subtract, right.expression), labels: left.labels)
  }

  public static func + (left: Self, right: Self) -> Self {
    Self(left.expression.combined(.add, right.expression), labels: left.labels)
  }
}

extension Query {
  /// The same, each series with a label that another metric of the same target knows: addresses of
  /// containers come and go, names of machines stay.
  public func named<L: LabelSet>(
    by label: KeyPath<L, OpenLabel>, of info: Gauge<L, Count>
  ) -> Self {
    let name = L()[keyPath: label].name
    return Self(carrying(name, of: info), labels: labels + [name])
  }

  /// The same, for series that differ by another label too, which legends show beside the name.
  public func named<L: LabelSet, M: LabelSet>(
    by label: KeyPath<L, OpenLabel>, of info: Gauge<L, Count>,
    and other: KeyPath<M, OpenLabel>
  ) -> Self {
    let name = L()[keyPath: label].name
    return Self(carrying(name, of: info), labels: labels + [name, M()[keyPath: other].name])
  }

  /// A metric that is always 1 lends its labels.
  private func carrying<L: LabelSet>(_ name: String, of info: Gauge<L, Count>) -> PromQL.Expression
  {
    expression.combined(
      .multiply, .selector(info.all.selector()),
      matching: .on([LabelName("instance")], group: .left([LabelName(name)])))
  }
}

extension Query<Ratio> {
  /// What is missing to the whole.
  public var rest: Self {
    Self(PromQL.Expression.number(1).combined(.subtract, expression), labels: labels)
  }
}
