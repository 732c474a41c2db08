/// How a matcher compares.
package enum MatchOperation: String, Hashable, Sendable, CaseIterable {
  /// `=`
  case equal = "="
  /// `!=`
  case notEqual = "!="
  /// `=~`: the whole value matches an RE2 pattern.
  case matches = "=~"
  /// `!~`
  case doesNotMatch = "!~"
}

/// One condition between the braces of a selector.
package struct Matcher: Hashable, Sendable {
  /// The label; `__name__` for the metric's name.
  package var label: String
  /// How it compares.
  package var operation: MatchOperation
  /// What it compares with: a value, or a pattern.
  package var value: StringValue
  /// From the label to the value.
  package var place: Place

  /// A condition on one label.
  package init(
    _ label: String, _ operation: MatchOperation, _ value: StringValue, place: Place = .none
  ) {
    self.label = label
    self.operation = operation
    self.value = value
    self.place = place
  }

  /// The label that holds a metric's name.
  package static let metricName = "__name__"

  /// True when a series without this label passes. A pattern that does not compile passes none.
  package var acceptsEmpty: Bool {
    switch operation {
    case .equal: value.isEmpty
    case .notEqual: !value.isEmpty
    case .matches: Pattern.matchesEmpty(value) ?? false
    case .doesNotMatch: Pattern.matchesEmpty(value).map { !$0 } ?? false
    }
  }
}

/// Experimental ways for a range to look at its edges (flag `promql-extended-range-selectors`).
package enum RangeExtension: String, Hashable, Sendable, CaseIterable {
  /// `anchored`
  case anchored
  /// `smoothed`
  case smoothed
}

/// The instant of an `@` modifier.
package enum Instant: Hashable, Sendable {
  /// Seconds since 1970, sign apart so that the text stays exact.
  case timestamp(SignedNumber)
  /// `@ start()`
  case start
  /// `@ end()`
  case end
}

/// A number with an optional minus, where the language takes no expression.
package struct SignedNumber: Hashable, Sendable {
  /// True for `-5`.
  package var isNegative: Bool
  /// The digits.
  package var literal: NumberLiteral

  /// A literal with its sign.
  package init(_ literal: NumberLiteral, isNegative: Bool = false) {
    self.literal = literal
    self.isNegative = isNegative
  }

  /// The value with the sign applied.
  package var value: Double { isNegative ? -literal.value : literal.value }

  /// The text with the sign in front.
  package var text: String { isNegative ? "-\(literal.text)" : literal.text }
}

/// The shift in time of a selector or a subquery.
package struct TimeModifiers: Hashable, Sendable {
  /// `offset d`: looks back by this, forward when negative.
  package var offset: DurationExpression?
  /// `@ t`: evaluates at this instant.
  package var instant: Instant?

  /// No shift unless one is named.
  package init(offset: DurationExpression? = nil, instant: Instant? = nil) {
    self.offset = offset
    self.instant = instant
  }
}

/// `metric{label="value"} @ t offset d`: the series that pass every matcher.
package struct VectorSelector: Hashable, Sendable {
  /// The name written in front of the braces; `nil` when the braces hold it.
  ///
  /// Rules ask `metricName`, which knows both ways.
  package let name: String?
  /// The conditions, in the order written.
  package var matchers: [Matcher]
  /// Shift in time.
  package var modifiers: TimeModifiers
  /// `anchored` or `smoothed`.
  package var edges: RangeExtension?

  /// A selector as it is written. A `metric` that cannot stand in front of the braces (`on`,
  /// `http.requests`) becomes the matcher `__name__="…"`, which means the same.
  package init(
    metric: String?, matchers: [Matcher] = [], modifiers: TimeModifiers = TimeModifiers(),
    edges: RangeExtension? = nil
  ) {
    self.modifiers = modifiers
    self.edges = edges
    if let metric, !Names.isBareMetric(metric) {
      name = nil
      self.matchers = [Matcher(Matcher.metricName, .equal, StringValue(metric))] + matchers
    } else {
      name = metric
      self.matchers = matchers
    }
  }

  /// The metric's name, wherever it is written; `nil` when no single name is required.
  package var metricName: String? {
    if let name { return name }
    let names = matchers.filter { $0.label == Matcher.metricName && $0.operation == .equal }
    guard let first = names.first, names.allSatisfy({ $0.value == first.value }) else { return nil }
    return first.value.isEmpty ? nil : first.value.text
  }
}

/// `selector[range]`: the samples of a stretch of time.
///
/// An `offset` or `@` written after the brackets belongs to `selector`.
package struct MatrixSelector: Hashable, Sendable {
  /// The series.
  package var selector: VectorSelector
  /// Where the selector itself was written, without the brackets.
  package var selectorPlace: Place
  /// How far back.
  package var range: DurationExpression

  /// The samples of `selector` over `range`.
  package init(
    _ selector: VectorSelector, over range: DurationExpression, selectorPlace: Place = .none
  ) {
    self.selector = selector
    self.range = range
    self.selectorPlace = selectorPlace
  }
}

/// `expression[range:step]`: an instant query repeated over a stretch of time.
package struct Subquery: Hashable, Sendable {
  /// What is repeated.
  package var operand: Expression
  /// How far back.
  package var range: DurationExpression
  /// How often; `nil` leaves it to the server's evaluation interval.
  package var step: DurationExpression?
  /// Shift in time of the whole.
  package var modifiers: TimeModifiers

  /// `operand` repeated every `step` over `range`.
  package init(
    _ operand: Expression, over range: DurationExpression, every step: DurationExpression? = nil,
    modifiers: TimeModifiers = TimeModifiers()
  ) {
    self.operand = operand
    self.range = range
    self.step = step
    self.modifiers = modifiers
  }
}
