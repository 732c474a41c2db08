import Testing

@testable import PromQL

/// The tables against the rule checker itself, for everything that its version knows.
@Suite struct PromtoolTests {
  @Test func `promtool accepts what the tables say both accept`() throws {
    let refusals = try Promtool().refusals(Accepted.byBoth)
    for (index, words) in refusals.sorted(by: { $0.key < $1.key }) {
      Issue.record("promtool refuses \(Accepted.byBoth[index]): \(words)")
    }
  }

  @Test func `promtool refuses what the tables say both refuse`() throws {
    let texts = Refused.byBoth
    let refusals = try Promtool().refusals(texts)
    for (index, text) in texts.enumerated() where refusals[index] == nil {
      Issue.record("promtool accepts \(text)")
    }
  }

  @Test func `promtool accepts the canonical and the pretty text of what both accept`() throws {
    let trees = try Accepted.byBoth.map { try Parser.parse($0) }
    let texts = trees.map(Printer.text) + trees.map { Printer.pretty($0, columns: 20) }
    let refusals = try Promtool().refusals(texts)
    for (index, words) in refusals.sorted(by: { $0.key < $1.key }) {
      Issue.record("promtool refuses \(texts[index]): \(words)")
    }
  }

  @Test func `promtool and this parser agree on every function that both know`() throws {
    let newer = try newerFunctions()
    var texts: [String] = []
    for function in Function.allCases where !newer.contains(function) {
      let signature = function.signature
      let most = signature.maximum ?? signature.minimum + 2
      texts += (0...(most + 1)).map { ExampleCall.text(function, count: $0) }
      texts += (0..<signature.minimum).map {
        ExampleCall.text(function, count: signature.minimum, wrongAt: $0)
      }
    }
    try expectAgreement(texts)
  }

  @Test func `promtool and this parser agree on patterns`() throws {
    let patterns = PatternTests.accepted + PatternTests.refused
    try expectAgreement(patterns.map { "a{x=~\(StringValue($0))}" })
  }

  @Test func `promtool and this parser agree on what could match every series`() throws {
    let patterns = PatternTests.matchesEmpty.map { StringValue($0.0) }
    try expectAgreement(patterns.map { "{x=~\($0)}" } + patterns.map { "{x!~\($0)}" })
  }

  @Test func `promtool and this parser agree on damaged expressions`() throws {
    var dice = Dice(seed: 11)
    let source = Accepted.byBoth
    let texts = (0..<6_000).map { _ in
      var words = Array(dice.pick(source).unicodeScalars.map { Character($0) })
      let index = dice.roll(max(1, words.count))
      if !words.isEmpty, dice.roll(2) == 0 {
        words.remove(at: index)
      } else {
        words.insert(dice.pick(Array("()[]{},:+-*/%^@=!<>\"'#a1 \n")), at: min(index, words.count))
      }
      return String(words)
    }
    try expectAgreement(texts.filter { !isBeyondOlderServers($0) })
  }

  /// Functions that the installed tool does not know: it is asked, not trusted to a list.
  private func newerFunctions() throws -> Set<Function> {
    let all = Function.allCases
    let texts = all.map { ExampleCall.text($0, count: $0.signature.minimum) }
    let refusals = try Promtool().refusals(texts)
    return Set(all.indices.filter { refusals[$0] != nil }.map { all[$0] })
  }

  private func expectAgreement(_ texts: [String]) throws {
    let refusals = try Promtool().refusals(texts)
    for (index, text) in texts.enumerated() {
      let own = (try? Parser.parse(text)) == nil ? "no" : "yes"
      let theirs = refusals[index].map { "no: \($0)" } ?? "yes"
      #expect(theirs.hasPrefix(own), "\(text): promtool says \(theirs), this parser \(own)")
    }
  }

  /// True for what Prometheus 3 accepts and the installed tool cannot: it is younger.
  private func isBeyondOlderServers(_ text: String) -> Bool {
    guard let tree = try? Parser.parse(text) else { return false }
    return !Inventory(tree).features.isEmpty || NewerForms.occur(in: tree)
      || text.contains("[+") || text.contains("[ +") || text.lowercased().contains("offset +")
  }
}

/// Forms that came with Prometheus 3 and need no flag.
private enum NewerForms {
  static func occur(in expression: Expression) -> Bool {
    expression.children.contains(where: occur) || occur(at: expression.node)
  }

  private static func occur(at node: Expression.Node) -> Bool {
    switch node {
    case .number(let literal): isNewer(literal) || literal.isDuration
    case .string, .unary, .call: false
    case .selector(let selector): isNewer(selector)
    case .matrix(let matrix): isNewer(matrix.range) || isNewer(matrix.selector)
    case .subquery(let subquery):
      isNewer(subquery.range) || subquery.step.map(isNewer) ?? false || isNewer(subquery.modifiers)
    case .binary(let binary):
      binary.operation == .trimUpper || binary.operation == .trimLower
        || (binary.matching.labels?.names ?? []).contains(where: isNewer)
        || (binary.matching.group?.included ?? []).contains(where: isNewer)
    case .aggregation(let aggregation):
      (aggregation.grouping?.names ?? []).contains(where: isNewer)
    }
  }

  private static func isNewer(_ literal: NumberLiteral) -> Bool { literal.text.contains("_") }

  private static func isNewer(_ label: LabelName) -> Bool { !Names.isBareLabel(label.text) }

  private static func isNewer(_ selector: VectorSelector) -> Bool {
    selector.matchers.contains { !Names.isBareLabel($0.label) } || isNewer(selector.modifiers)
  }

  private static func isNewer(_ modifiers: TimeModifiers) -> Bool {
    if case .timestamp(let number) = modifiers.instant, number.literal.isDuration { return true }
    return modifiers.offset.map(isNewer) ?? false
  }

  /// Older servers take a duration and at most one sign.
  private static func isNewer(_ duration: DurationExpression) -> Bool {
    switch duration.node {
    case .literal(let literal): !literal.isDuration || literal.isZero
    case .negated(let inner): isNewer(inner)
    default: true
    }
  }
}
