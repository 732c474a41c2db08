/// What an expression asks of the metrics it reads: every selector and every label it names.
///
/// Selectors are in the order of the text, labels in the order in which the expressions that name
/// them are complete: inner before outer. Rules hold both against a catalogue of metrics.
package struct Inventory: Hashable, Sendable {
  /// Every selector, once for each time it is written.
  package private(set) var selectors: [SelectorUse] = []
  /// Every label that is named outside a selector.
  package private(set) var labels: [LabelUse] = []
  /// What a server must have enabled to run the expression.
  package private(set) var features: Features = []

  /// Walks the whole tree.
  package init(_ expression: Expression) {
    visit(expression, inside: Context())
  }

  /// Where in the tree the walk is.
  private struct Context {
    var enclosures: [Enclosure] = []
    var subqueries: [Subquery] = []
  }
}

/// What a selector stands in.
package enum Enclosure: Hashable, Sendable {
  /// A function.
  case function(Function)
  /// An aggregation.
  case aggregation(Aggregator)

  /// The name in PromQL.
  package var name: String {
    switch self {
    case .function(let function): function.name
    case .aggregation(let aggregator): aggregator.rawValue
    }
  }
}

/// One selector with what is done to it.
package struct SelectorUse: Hashable, Sendable {
  /// The selector itself.
  package let selector: VectorSelector
  /// Its range, for `metric[5m]`; `nil` for an instant.
  package let range: DurationExpression?
  /// Functions and aggregations around it, the nearest first.
  package let enclosures: [Enclosure]
  /// Subqueries around it, the nearest first.
  package let subqueries: [Subquery]
  /// Where it was written, without its range.
  package let place: Place

  /// The metric's name; `nil` when the selector does not require one name.
  package var metric: String? { selector.metricName }

  /// The conditions on labels, without the metric's name.
  package var matchers: [Matcher] {
    selector.matchers.filter { $0.label != Matcher.metricName }
  }

  /// The nearest function around it, aggregations left out: `rate` in `sum(rate(x[5m]))`.
  package var function: Function? {
    for case .function(let function) in enclosures { return function }
    return nil
  }
}

/// One label named outside a selector.
package struct LabelUse: Hashable, Sendable {
  /// What the label is named for.
  package enum Role: String, Hashable, Sendable, CaseIterable {
    /// `by (…)`
    case by
    /// `without (…)`
    case without
    /// `on (…)`
    case on
    /// `ignoring (…)`
    case ignoring
    /// `group_left (…)`: copied from the right side
    case groupLeft = "group_left"
    /// `group_right (…)`: copied from the left side
    case groupRight = "group_right"
    /// Read by `label_replace` or `label_join`
    case source
    /// Written by `label_replace`, `label_join`, `count_values` or `histogram_quantiles`
    case written
    /// Sorted by
    case sort
  }

  /// The label.
  package let name: String
  /// What it is named for.
  package let role: Role
  /// The selectors whose series should have the label: positions in `Inventory.selectors`.
  ///
  /// For `on` and `ignoring` these are both sides, for `group_left` the right one.
  package let scope: Range<Int>
  /// Where the label was written.
  package let place: Place
}

extension Inventory {
  private mutating func visit(_ expression: Expression, inside context: Context) {
    switch expression.node {
    case .number, .string: break
    case .selector(let selector):
      add(selector, range: nil, at: expression.place, inside: context)
    case .matrix(let matrix):
      features.formUnion(matrix.range.features)
      add(matrix.selector, range: matrix.range, at: matrix.selectorPlace, inside: context)
    case .subquery(let subquery):
      features.formUnion(subquery.range.features)
      features.formUnion(subquery.step?.features ?? [])
      features.formUnion(subquery.modifiers.offset?.features ?? [])
      var inner = context
      inner.subqueries.insert(subquery, at: 0)
      visit(subquery.operand, inside: inner)
    case .unary(_, let operand): visit(operand, inside: context)
    case .binary(let binary): visit(binary, inside: context)
    case .aggregation(let aggregation): visit(aggregation, inside: context)
    case .call(let call): visit(call, inside: context)
    }
  }

  private mutating func add(
    _ selector: VectorSelector, range: DurationExpression?, at place: Place,
    inside context: Context
  ) {
    features.formUnion(selector.modifiers.offset?.features ?? [])
    if selector.edges != nil { features.insert(.extendedRanges) }
    selectors.append(
      SelectorUse(
        selector: selector, range: range, enclosures: context.enclosures,
        subqueries: context.subqueries, place: place))
  }

  private mutating func add(_ names: [LabelName], _ role: LabelUse.Role, _ scope: Range<Int>) {
    labels += names.map { LabelUse(name: $0.text, role: role, scope: scope, place: $0.place) }
  }

  private mutating func visit(_ binary: BinaryExpression, inside context: Context) {
    let start = selectors.count
    visit(binary.left, inside: context)
    let middle = selectors.count
    visit(binary.right, inside: context)
    let end = selectors.count
    switch binary.matching.labels {
    case nil: break
    case .on(let names): add(names, .on, start..<end)
    case .ignoring(let names): add(names, .ignoring, start..<end)
    }
    switch binary.matching.group {
    case nil: break
    case .left(let names): add(names, .groupLeft, middle..<end)
    case .right(let names): add(names, .groupRight, start..<middle)
    }
    if binary.matching.fillLeft != nil || binary.matching.fillRight != nil {
      features.insert(.fillModifiers)
    }
  }

  private mutating func visit(_ aggregation: Aggregation, inside context: Context) {
    if aggregation.aggregator.isExperimental { features.insert(.experimentalFunctions) }
    var inner = context
    inner.enclosures.insert(.aggregation(aggregation.aggregator), at: 0)
    if let parameter = aggregation.parameter { visit(parameter, inside: inner) }
    let start = selectors.count
    visit(aggregation.operand, inside: inner)
    let scope = start..<selectors.count
    if aggregation.aggregator == .countValues, let parameter = aggregation.parameter {
      add(string: parameter, .written, scope)
    }
    switch aggregation.grouping {
    case nil: break
    case .by(let names): add(names, .by, scope)
    case .without(let names): add(names, .without, scope)
    }
  }

  private mutating func visit(_ call: Call, inside context: Context) {
    if call.function.isExperimental { features.insert(.experimentalFunctions) }
    var inner = context
    inner.enclosures.insert(.function(call.function), at: 0)
    let start = selectors.count
    for argument in call.arguments { visit(argument, inside: inner) }
    let scope = start..<selectors.count
    for (index, argument) in call.arguments.enumerated() {
      if let role = call.function.labelRole(at: index) { add(string: argument, role, scope) }
    }
  }

  private mutating func add(string: Expression, _ role: LabelUse.Role, _ scope: Range<Int>) {
    guard case .string(let value) = string.node, let name = value.text else { return }
    labels.append(LabelUse(name: name, role: role, scope: scope, place: string.place))
  }
}

extension Function {
  /// What the string at `index` names a label for; `nil` when it is no label.
  fileprivate func labelRole(at index: Int) -> LabelUse.Role? {
    switch (self, index) {
    case (.labelReplace, 1), (.labelJoin, 1), (.histogramQuantiles, 1): .written
    case (.labelReplace, 3): .source
    case (.labelJoin, 3...): .source
    case (.sortByLabel, 1...), (.sortByLabelDesc, 1...): .sort
    default: nil
    }
  }
}

extension DurationExpression {
  /// Arithmetic needs a flag; a literal with a sign does not.
  fileprivate var features: Features {
    switch node {
    case .literal: .stable
    case .negated(let inner): inner.signedLiteral == nil ? .durationArithmetic : .stable
    default: .durationArithmetic
    }
  }
}
