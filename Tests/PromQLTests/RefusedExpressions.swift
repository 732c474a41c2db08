/// Texts that no Prometheus accepts, and those that promtool 2.42 cannot judge.
///
/// They cover, in our own words, the cases of promql/parser/parse_test.go of
/// github.com/prometheus/prometheus at commit d15adb9ad7e5d9fbde3a9a8f30200593a5a14d86.
enum Refused {
  /// What promtool 2.42 and Prometheus 3 both refuse; promtool is asked about each of them.
  static let byBoth: [String] =
    numbers + strings + selectors + ranges + operators + aggregations + functions

  static let numbers = [
    "# just a comment\n\n", "1+", ".", "2.5.", "100..4", "0deadbeef", "1 /", "*1", "(1))",
    "((1)", "(", ")", "()", "1 2", "1 foo", "0x", "0xg", "1e", "1e+", "1x", "1__0", "1_", "_1.5.",
    "99999999999999999999999e999", "1e309", "0b1", "5m5", "1h1h", "5mm", "1.5h", "5 m", "1m1h",
    "1e5s", "+", "-", "-=", "++-++-+-+-<", "e-+=/(0)", "a>b()",
  ]

  static let strings = [
    "\"", "'", "`", "\"a", "'a\"", "`a", "\"a\nb\"", #""\""#, #""\c""#, #""\x.""#, #""\x1""#,
    #""\8""#, #""\400""#, #""\ud800""#, #""\U00110000""#, #""\u12""#, #""\'""#, #"'\"'"#,
    #""a" "b""#, #"-"string""#, #""a" + 1"#, #""a" + "b""#, #"+"a""#, "`\\``", "\"\u{FFFD}\"",
  ]

  static let selectors = [
    "{", "}", "some{", "some}", "{}", "some_metric{a=b}", #"some_metric{a:b="b"}"#,
    #"foo{a*"b"}"#, #"foo{a>="b"}"#, "foo{gibberish}", "foo{1}", #"{x=""}"#, #"{x=~".*"}"#,
    #"{x!~".+"}"#, #"{x!="a"}"#, #"{x=~"a*"}"#, #"{x=~"a|"}"#, #"{x=~"(a?b?)*"}"#,
    #"{x=~"^$"}"#, #"{x=~"a{0,5}"}"#, #"{x!~"a"}"#, #"{x="",y=~".*"}"#, #"{__name__=""}"#,
    #"foo{__name__="bar"}"#, #"foo{__name__=~"bar"}"#, "foo{__name__= =}", "foo{,}",
    #"foo{a="b",,}"#, #"foo{,a="b"}"#, #"foo{__name__ == "bar"}"#, #"foo{__name__="bar" lol}"#,
    #"foo{a="b" c="d"}"#, #"foo{a=1}"#, #"foo{a}"#, #"foo{a="b"#, #"foo{"a"=}"#, #"foo{=}"#,
    #"foo{a!"b"}"#, #"foo{a~"b"}"#, #"foo{{a="b"}}"#, #"foo{a=~"("}"#, #"foo{a=~"*"}"#,
    #"foo{a=~"a**"}"#, #"foo{a=~"a{1001}"}"#, #"foo{a=~"[z-a]"}"#, #"foo{a=~"[a"}"#,
    #"foo{a=~"\\"}"#, #"foo{a=~"\\q"}"#, #"foo{a=~"(?=a)"}"#, #"foo{a=~"a)"}"#,
    #"foo{a=~"\\p{Klingon}"}"#, #"foo{a!~"("}"#, #"foo{a=~"\\1"}"#,
    #"foo bar"#, "foo.bar", "foo$", "foo;bar", "@@", "é", "foo é", "bool", "on", "ignoring",
    "group_left", "group_right", "atan2", #"on{a="b"}"#, "inf{}", "foo!", "foo=bar", "a b c", "\\",
    "?", "foo{a=\"\\xzz\"}",
  ]

  static let ranges = [
    "foo[", "foo[]", "foo[5m", "foo]", "foo[5mm]", "foo[5m1]", "foo[5m:1m1]", "foo[5y1hs]",
    "foo[5m1h]", "foo[5m1m]", "foo[0m]", "foo[0]", #"foo["5m"]"#, "foo[-1]", "foo[-5m]",
    "foo[5m] OFFSET 1mm", "foo[5m] OFFSET", "foo OFFSET 1m[5m]", "foo[5m] @", "foo @ 1234 [5m]",
    "(foo + bar)[5m]", "(foo)[5m]", "1[5m]",
    "rate(foo[5m])[5m]", "foo[5m][5m]", "foo[5m][5m:]", "(foo + bar)[5m:][10m:5s]",
    "foo[5m:", "foo[:5m]", "foo[5m::]", "foo[5m:5s:]", "foo[5m:0s]", "foo[5m:bar]", "foo[bar]",
    "foo[[5m]]", "foo[5m}", "foo[5m)", "foo[5m,5m]", "foo[5m 5m]", "1 offset 1d",
    "foo offset 1s offset 2s", "foo offset", "foo offset bar", "(foo) offset 5m",
    "rate(foo[5m]) offset 5m", "sum(foo) offset 5m", #""a" offset 5m"#, "foo @ Inf", "foo @ -Inf",
    "foo @ NaN", "foo @ 1e19", "foo @ -1e19", "foo @ bar", "foo @ start", "foo @ start(1)",
    "foo @ 5 @ 6", "foo @ start() @ end()", "(foo) @ 5", "rate(foo[5m]) @ 1234", "foo @ +-5",
    "foo @", "@ 5", "[5m]", "offset 5m 5m", "test[5d] OFFSET 10s [10m:5s]",
    "rate(food[1m])[1h] offset 1h", "rate(food[1m])[1h] @ 100", "1[5m:]", "time()[5m:]",
    "-foo[5m]", "foo[5m] + 1", "1 + foo[5m:]", "foo[5m] and bar",
    "foo[# why\n5m]", "foo[9999999999y]",
  ]

  static let operators = [
    "1 and 1", "1 == 1", "1 > 1", "1 or 1", "1 unless 1", "1 !~ 1", "1 =~ 1", "foo and 1",
    "1 and foo", "foo or 1", "1 or foo", "foo unless 1", "1 unless foo", "1 or on(bar) foo",
    "foo == on(bar) 10", "foo + group_left(baz) bar", "foo and on(bar) group_left(baz) bar",
    "foo and on(bar) group_right(baz) bar", "foo or on(bar) group_left(baz) bar",
    "foo unless on(bar) group_right(baz) bar", "foo and on() group_left bar",
    #"http{g="p"} + on(instance) group_left(job,instance) cpu"#, "foo + bool bar",
    "foo + bool 10", "foo and bool 10", "foo and bool bar", "a - on(b) ignoring(c) d",
    "foo == bool bool bar", "foo on(a) bool == bar", "foo == on(a) bool bar", "foo + on bar",
    "foo + on(a bar", "foo + on(1) bar", "foo + on(,) bar", "foo + on(a,,b) bar", "foo ==",
    "== foo",
    "foo === bar", "foo = bar", "foo ! bar", "foo <> bar", "foo ** bar", "foo && bar",
    "foo + + ", "foo and", "and foo bar", "foo atan2", "time() == 5", "scalar(foo) >= 1",
    "foo + on(a) group_left(a) bar", "foo or 5 > 3", "1 + (2 == 3)", "foo - on(a) 5",
    "rate(foo) + 1", "!foo", "~foo", "foo + (bar", "foo + )bar(", "*test",
  ]

  static let aggregations = [
    "sum(", "sum()", "sum(,)", "sum(foo", "sum(rate(", "sum foo", "sum(foo,)", "sum(foo, bar)",
    "sum without(==)(foo)", "sum without(,)(foo)", "sum without(foo,,)(foo)",
    "sum foo by (test)", "sum (foo) by test", "sum () by (test)", "MIN keep_common (foo)",
    "MIN (foo) keep_common", "sum (foo) without (test) by (test)",
    "sum without (test) (foo) by (test)", "topk(foo)", "topk(foo,)", "topk(foo, bar)",
    "topk('5', foo)", "topk(5, 5)", "topk(5, foo, bar)", "count_values(5, foo)",
    "count_values(foo)", "quantile('a', foo)", "sum(5)", "sum('a')", "sum(foo[5m])",
    "sum(time())", "sum by a (foo)", "sum by (a", "sum by (a b) (foo)", "sum by (1) (foo)",
    "sum by (inf) (foo)", "sum by (without) (foo)", "sum by (a) foo", "by (a) sum(foo)",
    "avg(foo)(bar)", "quantile(0.5)", "sum by (a.b) (foo)", "sum on (a) (foo)",
  ]

  static let functions = [
    "floor()", "floor(foo, bar)", "floor(foo, 1)", "floor(1)", "floor('a')", "floor(foo[5m])",
    "hour(foo, foo, foo)", "hour(1)", "time(foo)", "pi(1)", "nope()", "non_existent_function()",
    "rate(foo)", "rate(avg)", "rate()", "rate(5)", "rate(foo[5m], 1)", "rate(foo[5m]",
    "rate foo", "rate(foo[5m],)", "rate(,foo[5m])", "RATE(foo[5m])", "round()",
    "round(foo, 1, 2)", "round(foo, bar)", "label_replace(foo, 'a', 'b', 'c')",
    "label_replace(foo, 'a', 'b', 'c', 5)", "label_replace(a, `b`, `c\u{FFFD}`, `d`, `.*`)",
    "label_join(foo)", "label_join(foo, 'a')", "label_join(foo, 'a', '-', 5)",
    "histogram_quantile(foo, 0.9)", "histogram_quantile(0.9)", "histogram_fraction(0, foo)",
    "vector(foo)", "vector('a')", "scalar(1)", "scalar(foo, bar)", "clamp(foo, 1)",
    "clamp_max(foo)", "predict_linear(foo, 5)", "predict_linear(foo[5m])",
    "quantile_over_time(foo[5m], 0.5)", "absent()", "absent(1)", "timestamp(foo[5m])",
    "sum_over_time(foo)", "foo()", "foo:bar(1)", "drop_common_labels(foo)", "count_scalar(foo)",
    "sort()", "time() time()", "rate(foo[5m])(bar)", "exp(foo, bar)", "day_of_year(foo[5m])",
  ]
}
