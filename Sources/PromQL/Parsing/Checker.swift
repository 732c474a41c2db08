/// Holds a tree against the rules of the language that its grammar does not state.
///
/// Source: `checkAST` in promql/parser/parse.go of github.com/prometheus/prometheus at commit
/// d15adb9ad7e5d9fbde3a9a8f30200593a5a14d86.
enum Checker {
  static func check(_ expression: Expression) throws(PromQLError) {
    for child in checkedChildren(expression) { try check(child) }
    try checkNode(expression)
  }

  /// The matchers in the second argument of `info` select nothing by themselves: they may match
  /// every series, and `checkInfoLabels` looks at them.
  private static func checkedChildren(_ expression: Expression) -> [Expression] {
    guard case .call(let call) = expression.node, call.function == .info else {
      return expression.children
    }
    return Array(call.arguments.prefix(1))
  }

  /// One node, its children being in order. Apart from `check`, which recurses and must stay small.
  private static func checkNode(_ expression: Expression) throws(PromQLError) {
    switch expression.node {
    case .number, .string: return
    case .selector(let selector): try check(selector, at: range(expression))
    case .matrix(let matrix):
      try check(matrix.selector, at: matrix.selectorPlace.range ?? range(expression))
    case .subquery(let subquery): try expect(.vector, subquery.operand, "a subquery")
    case .unary(let sign, let operand):
      guard operand.type == .scalar || operand.type == .vector else {
        throw PromQLError(
          "'\(sign.rawValue)' got \(operand.type.described)",
          expected: "a scalar or instant vector",
          at: range(operand))
      }
    case .binary(let binary): try check(binary, at: range(expression))
    case .aggregation(let aggregation): try check(aggregation)
    case .call(let call): try check(call, at: range(expression))
    }
  }

  private static func range(_ expression: Expression) -> SourceRange {
    expression.place.range ?? SourceRange(.start, .start)
  }

  private static func expect(
    _ type: ValueType, _ expression: Expression, _ context: String
  ) throws(PromQLError) {
    guard expression.type == type else {
      throw PromQLError(
        "\(context) got \(expression.type.described)", expected: type.described,
        at: range(expression))
    }
  }

  private static func check(
    _ selector: VectorSelector, at range: SourceRange
  ) throws(PromQLError) {
    guard selector.name != nil || selector.matchers.contains(where: { !$0.acceptsEmpty }) else {
      throw PromQLError(
        "the selector could match every series", expected: "at least one non-empty matcher",
        at: range)
    }
  }

  private static func check(_ aggregation: Aggregation) throws(PromQLError) {
    let name = "'\(aggregation.aggregator.rawValue)'"
    try expect(.vector, aggregation.operand, name)
    if let type = aggregation.aggregator.parameter, let parameter = aggregation.parameter {
      try expect(type, parameter, "the parameter of \(name)")
    }
  }

  private static func check(_ call: Call, at range: SourceRange) throws(PromQLError) {
    let signature = call.function.signature
    let name = "'\(call.function.name)'"
    let count = call.arguments.count
    guard count >= signature.minimum, signature.maximum.map({ count <= $0 }) ?? true else {
      throw PromQLError(
        "\(name) got \(count) argument\(count == 1 ? "" : "s")", expected: signature.countText,
        at: range)
    }
    for (index, argument) in call.arguments.enumerated() {
      if call.function == .info, index == 1 {
        try checkInfoLabels(argument)
        continue
      }
      if let type = signature.parameter(at: index) {
        try expect(type, argument, "argument \(index + 1) of \(name)")
      }
    }
  }

  /// The second argument of `info` names labels and matches no metric of its own.
  private static func checkInfoLabels(_ argument: Expression) throws(PromQLError) {
    guard case .selector(let selector) = argument.node, selector.name == nil else {
      throw infoNeedsLabels(at: argument)
    }
  }

  static func infoNeedsLabels(at argument: Expression) -> PromQLError {
    PromQLError(
      "argument 2 of 'info' is not a list of labels", expected: "matchers only, as in {job=\"a\"}",
      at: range(argument))
  }
}

extension Checker {
  private static func check(
    _ binary: BinaryExpression, at range: SourceRange
  ) throws(PromQLError) {
    let name = "'\(binary.operation.rawValue)'"
    let place = binary.operatorPlace.range ?? range
    for side in [binary.left, binary.right] where side.type != .scalar && side.type != .vector {
      throw PromQLError(
        "\(name) got \(side.type.described)", expected: "a scalar or instant vector",
        at: self.range(side))
    }
    if binary.returnsBool && !binary.operation.isComparison {
      throw PromQLError(
        "'bool' may not follow \(name)", expected: "a comparison in front of it", at: place)
    }
    let areVectors = binary.left.type == .vector && binary.right.type == .vector
    if binary.left.type == .scalar && binary.right.type == .scalar {
      try checkScalars(binary, name, at: place)
    }
    if !areVectors && binary.operation.isSet {
      throw PromQLError(
        "\(name) got a scalar", expected: "instant vectors on both sides", at: place)
    }
    try checkMatching(binary, areVectors: areVectors, name, at: place)
  }

  private static func checkScalars(
    _ binary: BinaryExpression, _ name: String, at place: SourceRange
  ) throws(PromQLError) {
    if binary.operation.isComparison && !binary.returnsBool {
      throw PromQLError(
        "\(name) compares two scalars", expected: "'bool' after the operator", at: place)
    }
  }

  private static func checkMatching(
    _ binary: BinaryExpression, areVectors: Bool, _ name: String, at place: SourceRange
  ) throws(PromQLError) {
    let matching = binary.matching
    let names = matching.labels?.names ?? []
    if case .on = matching.labels, let included = matching.group?.included {
      for label in names
      where included.contains(where: { $0.text.utf8.elementsEqual(label.text.utf8) }) {
        throw PromQLError(
          "label '\(label.text)' is both matched on and copied", at: label.place.range ?? place)
      }
    }
    let hasFill = matching.fillLeft != nil || matching.fillRight != nil
    if !areVectors && (!names.isEmpty || hasFill) {
      throw PromQLError(
        "series are only paired between instant vectors", expected: "no modifiers after \(name)",
        at: place)
    }
    if areVectors && binary.operation.isSet {
      if matching.group != nil {
        throw PromQLError("\(name) takes no 'group_left' or 'group_right'", at: place)
      }
      if hasFill { throw PromQLError("\(name) takes no 'fill'", at: place) }
    }
  }
}

extension ValueType {
  /// The title with its article.
  fileprivate var described: String { self == .vector ? "an \(title)" : "a \(title)" }
}

extension Signature {
  /// `1`, `1 or 2`, `at least 3`, `3 to 12`.
  fileprivate var countText: String {
    guard let maximum else { return "at least \(minimum)" }
    if minimum == maximum { return "\(minimum)" }
    return minimum + 1 == maximum ? "\(minimum) or \(maximum)" : "\(minimum) to \(maximum)"
  }
}
