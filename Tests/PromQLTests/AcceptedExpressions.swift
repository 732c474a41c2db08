/// Expressions that every Prometheus accepts, and those that only Prometheus 3 does.
///
/// They cover, in our own words, the cases of promql/parser/parse_test.go of
/// github.com/prometheus/prometheus at commit d15adb9ad7e5d9fbde3a9a8f30200593a5a14d86.
enum Accepted {
  /// What promtool 2.42 and Prometheus 3 both know; promtool is asked about each of them.
  static let byBoth: [String] =
    numbers + strings + selectors + ranges + operators + aggregations + functions + layouts

  static let numbers = [
    "0", "1", "42", ".5", "5.", "0.5", "0.50", "123.4567", "5e3", "5e-3", "5E+3", "1e0", "0xc",
    "0xC", "0XfF", "0x10", "0755", "0.000", "007", "089", "Inf", "inf", "+Inf", "-Inf", "-iNF",
    "NaN", "nan", "-NaN", "+5.5e-3", "-0755", "--1", "-+-1", "- 1", "1e308", "1e-400",
    "9223372036854775807", "9223372036854775808", "00.5", "(1)", "((1))", "( ( 1 ) )",
  ]

  static let strings = [
    #""""#, "''", "``", #""text""#, "'text'", "`text`", #""a \" b""#, #"'a \' b'"#, #""a ' b""#,
    #"'a " b'"#, "`a \\ b`", #""\a\b\f\n\r\t\v\\""#, #""\x41\101\u0041\U00000041""#,
    #""\xff\377""#, #""é☺😀""#, "`two\nlines`", "\"#not a comment\"", #""\u00e9""#,
    #"'\U0001F600'"#, "(\"a\")",
  ]

  static let selectors = [
    "foo", "foo:bar", ":foo", "_foo", "Foo9", "foo{}", "foo { }", #"foo{a="b"}"#,
    #"foo{a="b",}"#, #"foo{ a = "b" , c != 'd' , e =~ `f` , g !~ "h" }"#, #"foo{a=""}"#,
    #"foo{a!=""}"#, #"foo{bar='}'}"#, #"foo{NaN='bc'}"#, #"foo{inf="x",by="y",on="z"}"#,
    #"{a="b"}"#, #"{__name__="foo"}"#, #"{__name__=~"foo|bar"}"#, #"{__name__!=""}"#,
    #"{__name__="bar", __name__="baz"}"#, #"{__name__=~"bar", __name__!~"baz"}"#,
    #"{x="",y="z"}"#, #"{x=~".+"}"#, #"{x!=""}"#, #"{x!~".*"}"#, #"{x=~"a?b"}"#, #"{x!~"a*"}"#,
    #"{x=~"a{1,3}"}"#, #"foo{a="b", a="c", a!="d"}"#, #"foo{a="x # y"}"#, #"{_="1"}"#,
    "min", "max", "sum", "avg", "count", "group", "stddev", "stdvar", "topk", "bottomk",
    "quantile", "count_values", "by", "without", "offset", "and", "or", "unless", "start", "end",
    #"offset{step="1s"}"#, #"start{end="foo"}"#, #"end{start="foo"}"#, #"sum{a="b"}"#, "SUM",
    "foo * sum", "sum * foo", "a + sum", "sum(sum)", "rate(avg[5m])", "and and and", "or or or",
    "offset offset 5m", "by + without", "step", "range", "anchored", "smoothed", "fill",
    "fill + fill", "fill_left - fill_right", "limitk", "limit_ratio", "max_of * min_of",
    #"anchored{job="test"}"#, #"smoothed{job="test"}"#, #"step{offset="1s"}[5m]"#,
    #"foo{a=~"(?i)x|y"}"#, #"foo{a=~"[[:alpha:]]+\\d{2,}"}"#, #"foo{a=~"\\p{Greek}|\\pL"}"#,
    #"foo{a=~"(?P<n>x)"}"#, #"foo{a=~"x*z*y"}"#, "foo{a=~\"\"}",
  ]

  static let ranges = [
    "foo[5m]", "foo[5s]", "foo[1ms]", "foo[1000ms]", "foo[1h]", "foo[1d]", "foo[1w]", "foo[1y]",
    "foo[5m30s]", "foo[1y2w3d4h5m6s7ms]", "foo[ 5m ]", "foo [5m]", #"foo{a="b"}[5m]"#,
    "foo[5m] offset 1m", "foo[5m] OFFSET 1h30m", "foo offset 5m", "foo offset -7m",
    "foo OFFSET 1m30ms", "foo @ 1603774568", "foo @ -100", "foo @ .3", "foo @ 3.", "foo @ 3.33",
    "foo @ 3e2", "foo @ 3e-1", "foo @ 0xA", "foo @ -3.3e1", "foo @ +5", "foo @ start()",
    "foo @ end()", "foo @ START()", "foo @ end ( )", "foo[5m] @ 100", "foo[5y] @ start()",
    "foo @ 5 offset 1m", "foo offset 1m @ 5", "foo[5m] @ 5 offset 1m", "foo[5m] offset 1m @ 5",
    "foo[10m:6s]", "foo[10m5s:1h6ms]", "foo[10m:]", "foo[10m : ]", "foo[10m:6s] offset 1m",
    "foo[10m:6s] @ end()", "foo[10m:] offset 1m @ 123", "foo offset 1m [10m:5s]",
    "foo @ 123 [10m:5s]", "foo @ 123 offset 1m [10m:5s]", "(foo + bar)[5m:]",
    "(foo + bar)[5m:] offset 10m", #"(foo + bar{nm="val"} @ 1234)[5m:] @ 1603775019"#,
    "sum(foo)[5m:]", "sum without(and, by, avg)(foo) [30m:10s]", "rate(foo[5m])[1h:5m]",
    "min_over_time(rate(foo[2s])[5m:5s])", "min_over_time(rate(foo[2s])[5m:])[4m:3s]",
    "min_over_time(rate(foo[2s])[5m:] offset 4m)[4m:3s]",
    "min_over_time(rate(foo[2s])[5m:] @ 1603775091)[4m:3s]", "max_over_time((time() - foo)[5m:5s])",
    "vector(1)[5m:]", "(foo)[5m:]", "-foo offset 5m", "-foo @ 5", "foo + bar offset 5m",
    "foo ^ bar @ 5", "foo offset 5m + bar offset 6m", "sum_over_time(foo[5m:] offset 1m) != bar",
    "(foo[5m])", "(foo offset 5m) + 1", "foo[5m # a comment\n]",
  ]

  static let operators = [
    "1 + 1", "1 - 1", "1 * 1", "1 % 1", "1 / 1", "1 ^ 1", "1 == bool 1", "1 != bool 1",
    "1 > bool 1", "1 >= bool 1", "1 < bool 1", "1 <= bool 1", "-1^2", "-1*2", "-1+2", "-1^-2",
    "+1 + -2 * 1", "1 + 2/(3*1)", "1 < bool 2 - 1 * 2", "-foo", "+foo", " +foo", "- - foo",
    "foo * bar", "foo == 1", "foo == bool 1", "2.5 / bar", "foo and bar", "foo or bar",
    "foo unless bar", "foo AND bar", "foo + bar or bla and blub", "foo and bar unless baz or qux",
    "bar + on(foo) bla / on(baz, buz) group_right(test) blub", "foo * on(test,blub) bar",
    "foo*on(test,blub)group_left bar", "foo and on(test,blub) bar", "foo and on() bar",
    "foo and ignoring(test,blub) bar", "foo and ignoring() bar", "foo unless on(bar) baz",
    "foo / on(test,blub) group_left(bar) bar", "foo / ignoring(test,blub) group_left(blub) bar",
    "foo - on(test,blub) group_right(bar,foo) bar", "foo - ignoring(a) group_right() bar",
    "foo - ignoring(test,blub) group_right(bar,foo) bar", "foo > on() bar", "foo > bool on() bar",
    "foo unless on(start) bar", "foo unless on(end) bar", "foo atan2 bar", "foo ATAN2 2",
    "2 atan2 3", "foo == on (a, b,) bar", "foo / on (by) group_left (on, bool) bar", "1 + on() 2",
    "foo * on(a) group_left (bar) baz", "a ^ b ^ c", "(a ^ b) ^ c", "a - b - c", "a - (b - c)",
    "(a + b) * c", "a + b * c", "a * b + c", "a or b and c", "(a or b) and c", "a > b > c",
    "a == bool b == bool c", "a % b atan2 c", "-a * b", "-(a * b)", "-(a ^ b)", "(-a) ^ b",
    "a * -b", "a ^ -b * c", "a--b", "a-+b", "1 + foo", "foo != Inf", "time() > bool 5",
    "scalar(foo) + 1", "foo + on(a,a) bar", "foo / ignoring (a) group_left (a) bar",
    "foo\n+\nbar", "foo>bar", "foo<bar", "foo>=bar", "foo<=bar", "foo!=bar", "foo==bar",
    "1 == bool (2 > bool 3)", "(foo) or (bar)", "foo and (bar or baz)", "group_leftx + 1",
  ]

  static let aggregations = [
    "sum(foo)", "SUM(foo)", "sum (foo)", "sum by (a)(foo)", "sum by(a) (foo)", "sum(foo) by (a)",
    "sum by ()(foo)", "sum by (a,b,)(foo)", "sum without (a) (foo)", "sum(foo) without (a)",
    "sum without ()(foo)", "avg by (foo)(some_metric)", "max by (foo)(some_metric)",
    "min(foo)", "count(foo)", "group(foo)", "group by (a) (foo)", "stddev(foo)",
    "stdvar by (foo)(some_metric)", "topk(5, foo)", "bottomk(5, foo)", "topk by (a) (5, foo)",
    "topk(scalar(foo), foo)", "topk(1 + 1, foo)", "quantile(0.9, foo)",
    "quantile by (a) (-0.5, foo)", #"count_values("value", foo)"#,
    "count_values without (a) ('value', foo)",
    "sum without(and, by, avg, count, alert, annotations)(foo)",
    "sum by (on, ignoring, group_left, group_right, bool, offset, start, end)(foo)",
    "sum by (min, max, sum, topk, quantile, stddev, stdvar, group, atan2, or, unless)(foo)",
    "sum by (a, a) (foo)", "(sum(foo))", "(sum(foo) )", "(sum(foo) by (bar))",
    "(sum by (bar) (foo))", "sum by (job)(rate(http_requests_total[30m]))", "sum(sum(sum(foo)))",
    "sum(foo + bar)", "sum(foo) + sum(bar)", "sum by (a) (foo) / on (a) sum by (a) (bar)",
    "-sum(foo)", "sum(-foo)", "sum(foo == 1)", "sum(time() + foo)", "count(foo > 5) > 2",
    "sum(vector(1))", "sum((foo))", "sum by (__name__) (foo)", "sum by (step, range) (foo)",
    "max without (le) (histogram_quantile(0.99, sum by (le) (rate(foo_bucket[5m]))))",
  ]

  static let functions = [
    "time()", "time ( )", "pi()", "vector(1)", "vector(time())", "scalar(foo)", "round(foo)",
    "round(foo, 5)", "hour()", "hour(foo)", "minute()", "month()", "year()", "day_of_month()",
    "day_of_week()", "day_of_year(foo)", "days_in_month()", #"floor(some_metric{foo!="bar"})"#,
    "rate(some_metric[5m])", "rate(foo[5m] offset 1h)", "rate(foo[5m:])", "rate((foo[5m]))",
    "label_replace(foo, 'a', '$1', 'b', '(.*)')", "label_join(foo, 'a', '-')",
    "label_join(foo, 'a', '-', 'b')", "label_join(foo, 'a', '-', 'b', 'c', 'd')",
    "histogram_quantile(0.9, foo)", "histogram_quantile(scalar(x), foo)", "histogram_count(foo)",
    "histogram_sum(foo)", "histogram_fraction(0, 0.2, foo)", "clamp(foo, 0, 1)",
    "clamp_max(foo, 1)", "clamp_min(foo, -1)", "predict_linear(foo[1h], 4 * 3600)",
    "quantile_over_time(0.5, foo[5m])", "absent(foo{a='b'})", "absent(sum(foo))",
    "absent_over_time(foo[5m])", "sort(foo)", "sort_desc(foo)", "timestamp(foo)",
    "sum_over_time(foo[5m])", "exp(foo) + ln(foo) + log2(foo) + log10(foo)",
    "changes(foo[5m]) + resets(foo[5m])", "deriv(foo[5m]) - delta(foo[5m])",
    "irate(foo[5m]) / idelta(foo[5m])", "last_over_time(foo[5m]) or present_over_time(foo[5m])",
    "sgn(foo) * sqrt(foo) * abs(foo)", "acos(foo)", "deg(foo)", "rad(foo)", "sinh(foo)",
    "increase(foo[5m]) > 0", "rate(foo[5m]) * 60", "rate(foo[5m])[1h:]", "ceil(rate(foo[5m]))",
    "stddev_over_time(foo[5m]) + stdvar_over_time(foo[5m])",
  ]

  static let layouts = [
    "# first\nfoo", "foo # last", "foo\n# last\n", "sum(\n  foo # why\n)", "\tfoo\r\n+\r\nbar",
    "foo{ # why\n a=\"b\" # because\n}", "  foo  ", "sum # by\nby (a) (foo)", "foo #",
    "foo # \"not a string", "# ((( \nfoo", "foo #é\n + bar",
  ]
}
