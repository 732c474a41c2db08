import Testing

@testable import PromQL

@Suite struct ParserErrorTests {
  private func message(_ text: String, allowing features: Features = .all) -> String {
    do {
      return "accepted: \(try Parser.parse(text, allowing: features))"
    } catch {
      return error.description
    }
  }

  @Test(arguments: [
    ("", "1:1: the expression is empty, expected a query"),
    ("\n # x\n", "3:1: the expression is empty, expected a query"),
    (
      "1 +",
      "1:4: unexpected end of the expression, expected a selector, a number, a string, a function"
        + " or '('"
    ),
    ("(1", "1:3: unexpected end of the expression, expected an operator or ')'"),
    ("foo bar", "1:5: unexpected name 'bar', expected an operator or the end of the expression"),
    ("foo{a", "1:6: unexpected end of the expression, expected '=', '!=', '=~' or '!~'"),
    ("foo{a=b}", "1:7: unexpected name 'b', expected a quoted label value"),
    ("foo{a*\"b\"}", "1:6: unexpected character '*', expected a label matcher or '}'"),
    ("foo €", "1:5: unexpected character '€'"),
    ("foo{a=\"b}", "1:7: a string is not closed on its line, expected \""),
    (
      "\"\\c\"",
      "1:1: unknown escape '\\c' in a string, expected one of"
        + " \\a \\b \\f \\n \\r \\t \\v \\\\ \\x \\u \\U, octal digits or the quote"
    ),
    ("2.5.", "1:1: bad number or duration '2.5.', expected a form like 0.95, 1e3 or 1h30m"),
    ("sum(a,)", "1:7: unexpected ')', expected an argument after ','"),
    ("sum(a, b)", "1:1: 'sum' got 2 arguments, expected 1"),
    ("topk(a)", "1:1: 'topk' got 1 arguments, expected 2"),
    ("sum by (a b) (c)", "1:11: unexpected name 'b', expected ',' or ')'"),
    ("sum by (1) (c)", "1:9: unexpected number '1', expected a label or ')'"),
    (
      "foo offset",
      "1:11: unexpected end of the expression, expected a duration such as 5m, a"
        + " number of seconds, step(), range() or '('"
    ),
    ("foo @ bar", "1:7: unexpected name 'bar', expected a timestamp, start() or end()"),
  ])
  func `a broken text is refused where it breaks`(_ text: String, _ wanted: String) {
    #expect(message(text) == wanted)
  }

  @Test(arguments: [
    ("rate(foo)", "1:6: argument 1 of 'rate' got an instant vector, expected a range vector"),
    ("rate()", "1:1: 'rate' got 0 arguments, expected 1"),
    ("round(a, 1, 2)", "1:1: 'round' got 3 arguments, expected 1 or 2"),
    ("label_join(a)", "1:1: 'label_join' got 1 argument, expected at least 3"),
    ("sum(1)", "1:5: 'sum' got a scalar, expected an instant vector"),
    ("topk('a', b)", "1:6: the parameter of 'topk' got a string, expected a scalar"),
    ("-'a'", "1:2: '-' got a string, expected a scalar or instant vector"),
    ("a + 'b'", "1:5: '+' got a string, expected a scalar or instant vector"),
    ("1 == 1", "1:3: '==' compares two scalars, expected 'bool' after the operator"),
    ("a + bool b", "1:3: 'bool' may not follow '+', expected a comparison in front of it"),
    ("a and 1", "1:3: 'and' got a scalar, expected instant vectors on both sides"),
    (
      "a + on (x) 1",
      "1:3: series are only paired between instant vectors, expected no modifiers after '+'"
    ),
    ("a and on (x) group_left b", "1:3: 'and' takes no 'group_left' or 'group_right'"),
    ("a + on (x) group_left (x) b", "1:9: label 'x' is both matched on and copied"),
    (
      "{a=~\".*\"}",
      "1:1: the selector could match every series, expected at least one non-empty"
        + " matcher"
    ),
    ("foo{__name__=\"b\"}", "1:5: the metric's name is set twice: 'foo' and \"b\""),
    ("foo{a=~\"(\"}", "1:5: pattern \"(\" does not compile: missing closing )"),
    (
      "(foo)[5m]",
      "1:6: a range is only allowed after a vector selector (a subquery needs a colon: [5m:])"
    ),
    ("foo offset 1m[5m]", "1:14: 'offset' must stand after the range"),
    ("foo @ 5[5m]", "1:8: '@' must stand after the range"),
    (
      "sum(foo) offset 5m", "1:10: 'offset' is only allowed after a selector, a range or a subquery"
    ),
    ("foo offset 1m offset 1m", "1:15: 'offset' is set twice"),
    ("foo[0s]", "1:5: a range must be longer than 0"),
    ("foo[5s/0]", "1:7: division by zero"),
    ("foo @ 1e19", "1:7: timestamp '1e19' is out of bounds"),
    (
      "info(a, b)",
      "1:9: argument 2 of 'info' is not a list of labels, expected matchers only, as in"
        + " {job=\"a\"}"
    ),
  ])
  func `a meaningless text is refused at the part that has no meaning`(
    _ text: String, _ wanted: String
  ) {
    #expect(message(text) == wanted)
  }

  @Test func `a removed function is refused with the name that replaced it`() {
    #expect(
      message("holt_winters(a[5m], 1, 1)")
        == "1:1: unknown function 'holt_winters' (Prometheus 3 renamed 'holt_winters' to"
        + " 'double_exponential_smoothing')")
  }

  @Test func `a misspelt function is refused with the nearest one`() {
    #expect(message("raet(a[5m])") == "1:1: unknown function 'raet'")
    #expect(
      message("histogram_quantil(0.9, a)")
        == "1:1: unknown function 'histogram_quantil' (did you mean 'histogram_quantile'?)")
    #expect(message("RATE(a[5m])") == "1:1: unknown function 'RATE' (did you mean 'rate'?)")
    #expect(message("frobnicate(a)") == "1:1: unknown function 'frobnicate'")
  }

  @Test func `a form behind a flag is refused with the flag`() {
    #expect(
      message("limitk(1, a)", allowing: .stable)
        == "1:1: aggregation 'limitk' is experimental and not enabled (start the server with"
        + " --enable-feature=promql-experimental-functions)")
    #expect(
      message("foo[5m + 1m]", allowing: .experimentalFunctions)
        == "1:8: arithmetic between durations is experimental and not enabled (start the server"
        + " with --enable-feature=promql-duration-expr)")
    #expect(
      message("a + fill(1) b", allowing: .stable)
        == "1:5: 'fill' is experimental and not enabled (start the server with"
        + " --enable-feature=promql-binop-fill-modifiers)")
  }

  @Test func `lines and columns are counted as promtool counts them`() {
    #expect(message("sum(\n\té + )").hasPrefix("2:2: "))
    #expect(message("\"é\" + 1").hasPrefix("1:1: "))
    #expect(message("foo{a=\"é\"} bar").hasPrefix("1:13: "))
  }
}
