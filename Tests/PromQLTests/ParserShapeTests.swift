import Testing

@testable import PromQL

@Suite struct ParserShapeTests {
  /// The tree with every operand in brackets, so that its shape can be compared.
  private func shape(_ text: String) throws -> String {
    shape(try Parser.parse(text))
  }

  private func shape(_ expression: Expression) -> String {
    switch expression.node {
    case .binary(let binary):
      "[\(shape(binary.left)) \(binary.operation.rawValue) \(shape(binary.right))]"
    case .unary(let sign, let operand): "[\(sign.rawValue)\(shape(operand))]"
    case .subquery(let subquery): "[\(shape(subquery.operand)) over \(subquery.range.node)]"
    default: Printer.text(expression)
    }
  }

  @Test(arguments: [
    ("a + b * c", "[a + [b * c]]"), ("a * b + c", "[[a * b] + c]"),
    ("a - b - c", "[[a - b] - c]"), ("a - (b - c)", "[a - [b - c]]"),
    ("a ^ b ^ c", "[a ^ [b ^ c]]"), ("(a ^ b) ^ c", "[[a ^ b] ^ c]"),
    ("-a ^ b", "[-[a ^ b]]"), ("-a * b", "[[-a] * b]"), ("-a + b", "[[-a] + b]"),
    ("a ^ -b * c", "[[a ^ [-b]] * c]"), ("a ^ -b ^ c", "[a ^ [-[b ^ c]]]"),
    ("a * -b * c", "[[a * [-b]] * c]"), ("--a", "[-[-a]]"),
    ("a or b and c", "[a or [b and c]]"), ("a and b unless c", "[[a and b] unless c]"),
    ("a + b > c and d or e", "[[[[a + b] > c] and d] or e]"),
    ("a atan2 b * c", "[[a atan2 b] * c]"), ("a </ b + c", "[a </ [b + c]]"),
    ("a == b >/ c", "[[a == b] >/ c]"), ("a or b + c ^ d", "[a or [b + [c ^ d]]]"),
    ("-1^2", "[-[1 ^ 2]]"), ("-1^-2", "[-[1 ^ [-2]]]"), ("+1 + -2 * 1", "[[+1] + [[-2] * 1]]"),
  ])
  func `operators bind as in Prometheus`(_ text: String, _ wanted: String) throws {
    #expect(try shape(text) == wanted)
  }

  @Test(arguments: [
    ("foo offset 5s-8", "[foo offset 5s - 8]"), ("foo offset -1^1", "[foo offset -1 ^ 1]"),
    ("foo offset (5s) - 8", "foo offset (5s - 8)"),
    ("foo offset -(5s) - 8", "[foo offset -5s - 8]"),
    ("foo offset step() * 2", "[foo offset step() * 2]"),
    ("foo offset --5s - 8", "foo offset (--5s - 8)"),
    ("foo offset (-1^2)", "foo offset -(1 ^ 2)"), ("-foo offset 5m", "[-foo offset 5m]"),
    ("a + foo offset 5m", "[a + foo offset 5m]"),
  ])
  func `an offset takes no more than Prometheus gives it`(
    _ text: String, _ wanted: String
  ) throws {
    #expect(try shape(text) == wanted)
  }

  @Test func `a range remembers whose samples it takes`() throws {
    let tree = try Parser.parse("foo{a=\"b\"}[5m] @ 100 offset 1m")
    guard case .matrix(let matrix) = tree.node else {
      Issue.record("not a range: \(tree)")
      return
    }
    #expect(matrix.selector.name == "foo")
    #expect(matrix.selector.matchers == [.equal("a", "b")])
    #expect(matrix.range == .seconds(300))
    #expect(matrix.selector.modifiers.offset == .seconds(60))
    let instant = NumberLiteral("100").map { Instant.timestamp(SignedNumber($0)) }
    #expect(matrix.selector.modifiers.instant == instant)
  }

  @Test func `modifiers of a binary operator are kept apart`() throws {
    let tree = try Parser.parse("a == bool on (x, \"y.z\") group_left (q) fill_right (-1) b")
    guard case .binary(let binary) = tree.node else {
      Issue.record("not a binary expression: \(tree)")
      return
    }
    #expect(binary.returnsBool)
    #expect(binary.matching.labels == .on(["x", "y.z"]))
    #expect(binary.matching.group == .left(["q"]))
    #expect(binary.matching.fillLeft == nil)
    #expect(binary.matching.fillRight?.value == -1)
  }

  @Test func `a metric may be called like a keyword`() throws {
    for name in ["sum", "by", "offset", "start", "fill", "and", "SUM"] {
      let tree = try Parser.parse(name)
      guard case .selector(let selector) = tree.node else {
        Issue.record("not a selector: \(tree)")
        return
      }
      #expect(selector.metricName == name)
    }
  }

  @Test func `a name between braces is the metric's name`() throws {
    for text in [#"{"foo"}"#, #"{__name__="foo"}"#, "foo", #"{a="b", "foo"}"#] {
      guard case .selector(let selector) = try Parser.parse(text).node else { continue }
      #expect(selector.metricName == "foo", "\(text)")
    }
    for text in [#"{__name__=~"foo"}"#, #"{"a", "b"}"#, #"{a="b"}"#, #"{__name__!="a", b="c"}"#] {
      guard case .selector(let selector) = try Parser.parse(text).node else { continue }
      #expect(selector.metricName == nil, "\(text)")
    }
  }

  @Test func `every node knows where it was written`() throws {
    let text = "sum by (a) (\n  rate(foo{b=\"é\"}[5m]) # x\n  / bar\n)"
    let tree = try Parser.parse(text)
    let slices = places(tree).map { range in
      String(decoding: Array(text.utf8)[range.start.offset..<range.end.offset], as: UTF8.self)
    }
    #expect(
      slices == [
        text, "rate(foo{b=\"é\"}[5m]) # x\n  / bar", "rate(foo{b=\"é\"}[5m])", "foo{b=\"é\"}[5m]",
        "bar",
      ])
    let bar = try #require(places(tree).last)
    #expect((bar.start.line, bar.start.column) == (3, 5))
    let rate = try #require(places(tree).dropFirst().first)
    #expect((rate.start.line, rate.start.column, rate.end.line) == (2, 3, 3))
  }

  private func places(_ expression: Expression) -> [SourceRange] {
    (expression.place.range.map { [$0] } ?? []) + expression.children.flatMap(places)
  }
}
