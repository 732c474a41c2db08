extension Refused {
  /// What Prometheus 3 refuses and promtool 2.42 accepts: names that were removed, numbers whose
  /// hexadecimal `e` the newer lexer takes for an exponent, and texts it read too kindly.
  static let sinceThree = [
    "holt_winters(foo[5m], 0.5, 0.5)", "0xce", "0xee", "1 + 0xce", "foo @ start() [5m]",
    "foo @ end()[5m]", "foo[1s s 1s]", "foo[5s x 5s]",
  ]

  /// What Prometheus 3 refuses in forms that promtool 2.42 does not know at all.
  static let byThree: [String] = newForms + durations

  static let newForms = [
    "", " ", "info(foo, bar)", #"info(foo, bar{a="b"})"#, #"info(foo, {a="b"} == 1)"#,
    #"info(foo, ({a="b"}))"#, "info()", "info(foo, {}, {})", "info(1)", "limitk(foo)",
    "limitk(foo, foo)", "limit_ratio('a', foo)", "START()", "start(1)", "max_of(1)",
    "max_of(foo, 1)", "histogram_quantiles(foo, 'q')", "histogram_quantiles(foo)",
    "histogram_quantiles(foo, 'q', 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)",
    "sort_by_label()", "sort_by_label(foo, 5)", "histogram_avg(1)", "mad_over_time(foo)",
    "double_exponential_smoothing(foo[5m], 0.5)", #"sum by ("") (foo)"#, #"sum by ("foo)(bar)"#,
    #"sum by ("\xff") (foo)"#, #"{"foo"xx}"#, #"{"foo" "bar"}"#, #"foo{"bar"}"#,
    "1 anchored", "sum(foo) anchored", "foo[5m:] anchored", "foo anchored smoothed",
    "foo[5m] smoothed anchored", "(foo) anchored", "1[5m] smoothed", "foo </ bool 5", "1 </ 'a'",
    "foo + fill bar", "foo + fill() bar", "foo + fill(a) bar", "foo + fill(1) 5",
    "foo and fill(1) bar", "foo or fill_left(1) bar", "foo + fill_left(1) fill_left(2) bar",
    "foo + fill(1) on (a) bar", "foo + fill(--1) bar", "0xffffffffffffffff", "foo @ 1_",
    "foo + fill(1) fill(2) bar", #"{""}"#, #"foo{"a"}"#,
  ]

  static let durations = [
    "foo[step]", "foo[step()/0d]", "foo[5s/0d]", "foo offset (4d/0)", "foo[5s%0d]",
    "foo offset 9.5e10", "foo[9.5e10]", "foo offset Inf", "foo offset step()[5m]", "foo[step(1)]",
    "foo[max_of(5s)]", "foo[min_of(5s,)]", "foo[max_of 5s]", "foo[(5s]", "foo[5s)]", "foo[5s +]",
    "foo[+]", "foo[5s + bar]", "foo[step():1m]", "foo[range() * step():]", "foo[start()]",
    "foo[5m + 'a']", "foo[5m > 1m]", "foo[5m @ 5]", "foo offset (5s) - bar", "foo offset ()",
    "foo offset - ", "foo offset +-", "foo offset rate(x[5m])", "foo[5m] offset step",
    "foo offset 1m offset step()", "foo offset (1m + 1m) offset 5m", "foo[inf]", "foo[1e10]",
  ]

  /// What this parser refuses and Prometheus 3 parses, though no server can evaluate it.
  static let strictly = [
    "foo[(-5s)]", "foo[(0)]", "foo offset NaN", "foo[5s/(0)]", #"{"\xff"}"#, #"foo{"\xff"="a"}"#,
  ]
}
