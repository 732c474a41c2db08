import Testing

@testable import PromQL

@Suite struct PrinterTests {
  @Test(arguments: [
    ("  foo  ", "foo"), ("foo{}", "foo"), ("foo{ a = 'b', }", #"foo{a="b"}"#),
    ("((foo))", "foo"), ("(a + b) + c", "a + b + c"), ("a + (b + c)", "a + (b + c)"),
    ("(a * b) + (c * d)", "a * b + c * d"), ("(a + b) * c", "(a + b) * c"),
    ("(a ^ b) ^ c", "(a ^ b) ^ c"), ("a ^ (b ^ c)", "a ^ b ^ c"), ("-(a * b)", "-(a * b)"),
    ("-(a ^ b)", "-a ^ b"), ("(-a) ^ b", "(-a) ^ b"), ("(-a) * b", "-a * b"), ("-(1)", "-1"),
    ("- - a", "--a"), ("a or (b and c)", "a or b and c"), ("(a or b) and c", "(a or b) and c"),
    ("SUM(a)BY(b,c)", "sum by (b, c) (a)"), ("sum(a)", "sum(a)"), ("sum by()(a)", "sum by () (a)"),
    ("sum(a)without(b)", "sum without (b) (a)"), ("topk(5,a)", "topk(5, a)"),
    ("sum by (\"a b\", 'c') (x)", "sum by (\"a b\", c) (x)"),
    ("sum by (\"without\") (x)", "sum by (\"without\") (x)"),
    ("a/on(b)group_left c", "a / on (b) group_left () c"),
    ("a>bool ignoring(x)b", "a > bool ignoring (x) b"),
    ("a + fill_left(1) fill_right(1) b", "a + fill (1) b"),
    ("foo[5m]offset 1m@5", "foo[5m] @ 5 offset 1m"), ("foo[ 5m : ]", "foo[5m:]"),
    ("foo offset 1m [5m:30s]", "foo offset 1m[5m:30s]"), ("foo offset -5m", "foo offset -5m"),
    ("foo offset +5m", "foo offset 5m"), ("foo smoothed offset 1m", "foo smoothed offset 1m"),
    ("foo[(1m+2m)*3]", "foo[(1m + 2m) * 3]"), ("foo[1m+(2m*3)]", "foo[1m + 2m * 3]"),
    ("foo offset (1m+2m)", "foo offset (1m + 2m)"), ("foo offset -(-(1m))", "foo offset -(-1m)"),
    ("(foo offset (1m+2m)) - 3", "(foo offset (1m + 2m)) - 3"),
    ("foo offset (1m+2m) == 3", "foo offset (1m + 2m) == 3"),
    ("'a\\'b\"c'", #""a'b\"c""#), ("`a\\b`", #""a\\b""#),
    (#""\xff\u00e9\n\x07\x01""#, #""\xffé\n\a\x01""#),
    ("\"\\ufffd\\u00a0\\u200b\"", #""\ufffd\u00a0\u200b""#),
    ("rate( foo [5m] )", "rate(foo[5m])"), ("foo # comment\n + bar", "foo + bar"),
    (#"{"foo"}"#, #"{__name__="foo"}"#), (#"{"foo.bar"}"#, #"{"foo.bar"}"#),
    (#"{__name__="foo.bar"}"#, #"{"foo.bar"}"#),
    (#"foo{"a.b"="c","d"="e"}"#, #"foo{"a.b"="c",d="e"}"#),
    ("a </ b", "a </ b"), ("a atan2 b", "a atan2 b"), ("foo @ start()", "foo @ start()"),
  ])
  func `every tree has one canonical text`(_ text: String, _ wanted: String) throws {
    #expect(try Parser.parse(text).description == wanted)
  }

  @Test(arguments: [
    "0.950", "1e3", "1E+3", "0x1F", "0755", "1_000", "5.", ".5", "Inf", "inf", "NaN", "5m",
    "1h30m", "90m",
  ])
  func `the text of a number is kept`(_ text: String) throws {
    #expect(try Parser.parse(text).description == text)
    #expect(try Parser.parse("foo > \(text)").description == "foo > \(text)")
    #expect(try Parser.parse("foo[90m:5400]").description == "foo[90m:5400]")
  }

  @Test func `a short expression stays on its line`() throws {
    let text = "sum by (job) (rate(http_requests_total[5m])) > 0.95"
    #expect(Printer.pretty(try Parser.parse(text)) == text)
  }

  @Test func `a long expression is broken at its operators and calls`() throws {
    let text = """
      histogram_quantile(0.99, sum by (le, route) (rate(http_request_duration_seconds_bucket\
      {environment="production", service="flowrex"}[5m]))) / on (route) group_left (team) \
      (max by (route, team) (slo_latency_seconds{environment="production"}) + 0.001 * vector(1)) > 1
      """
    let wanted = """
          histogram_quantile(
            0.99,
            sum by (le, route) (
              rate(
                http_request_duration_seconds_bucket{environment="production",service="flowrex"}[5m]
              )
            )
          )
        / on (route) group_left (team)
          (max by (route, team) (slo_latency_seconds{environment="production"}) + 0.001 * vector(1))
      >
        1
      """
    let tree = try Parser.parse(text)
    #expect(Printer.pretty(tree, columns: 96) == wanted)
    #expect(try Parser.parse(wanted) == tree)
  }

  @Test func `a long operand in parentheses is indented between them`() throws {
    let tree = try Parser.parse(
      "(aaaaaaaaaaaaaaa + bbbbbbbbbbbbbbb) * -(ccccccccccccccc or ddddddddd)")
    let wanted = """
        (
            aaaaaaaaaaaaaaa
          +
            bbbbbbbbbbbbbbb
        )
      *
        -(
            ccccccccccccccc
          or
            ddddddddd
        )
      """
    #expect(Printer.pretty(tree, columns: 24) == wanted)
  }

  @Test func `a long subquery keeps its range at the end`() throws {
    let tree = try Parser.parse("max_over_time((aaaaaaaaaaaa + bbbbbbbbbbbb)[1h:5m] offset 1d)")
    let wanted = """
      max_over_time(
        (
            aaaaaaaaaaaa
          +
            bbbbbbbbbbbb
        )[1h:5m] offset 1d
      )
      """
    #expect(Printer.pretty(tree, columns: 20) == wanted)
  }
}
