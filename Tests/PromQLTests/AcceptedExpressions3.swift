extension Accepted {
  /// What Prometheus 3 knows and promtool 2.42 does not.
  static let byThree: [String] =
    literals3 + names3 + functions3 + modifiers3 + durations3 + fills3

  static let literals3 = [
    "5m", "1h30m", "-5m", "foo > 5m", "1_000", "1_000.5", "0x_1F", "0755_5", "foo @ 1m",
    "foo[5]", "foo[300]", "foo[4.18]", "foo[0x1f]", "foo[1e3]", "foo offset 3600",
    "foo offset -5", "foo offset +5m", "foo offset 0", "foo[+5m]", "foo[--5m]", "foo[5m:60]",
    "foo[.5]", "topk(5m, foo)", "1_0e1_0",
  ]

  static let names3 = [
    #"{"foo"}"#, #"{"foo", a="bc"}"#, #"{a="b", "foo"}"#, #"{"http.requests"}"#,
    #"{'foo\'bar', 'a\\dos\\path'='boo\\urns'}"#, "{'foo\\'bar', `a\\dos\\path`=\"boo\"}",
    #"foo{"service.name"="x"}"#, #"foo{"a"=~"b","c"!~"d",}"#, #"{"bar", __name__="baz"}"#,
    #"{"a","b"}"#, #"sum by ("foo bar")({"some.metric"})"#,
    #"sum by ("foo", bar, 'baz')({"some.metric"})"#, #"sum(foo) without ("é")"#,
    #"foo / on ("a.b") group_left ("c.d") bar"#, #" +{"some_metric"}"#, "sum by (a:b) (foo)",
    "foo{a=~\"(?<n>x)\"}", #"{"foo"}[5m]"#, #"{"x y"} @ 5 offset 1m"#,
    "sum by (limitk, limit_ratio, max_of, min_of, fill) (foo)",
    "sum by (anchored, smoothed) (foo)",
  ]

  static let functions3 = [
    "histogram_avg(foo)", "histogram_stddev(foo)", "histogram_stdvar(foo)",
    "double_exponential_smoothing(foo[5m], 0.5, 0.5)", "mad_over_time(foo[5m])",
    "first_over_time(foo[5m])", "ts_of_first_over_time(foo[5m])", "ts_of_last_over_time(foo[5m])",
    "ts_of_max_over_time(foo[5m])", "ts_of_min_over_time(foo[5m])", "start_timestamp(foo)",
    "sort_by_label(foo, 'a')", "sort_by_label_desc(foo, 'a', 'b')", "sort_by_label(foo)",
    "info(foo)", "info(rate(foo[5m]))", #"info(foo{a="b"}, {c="d", e="f"})"#, "info(foo, {})",
    #"info(foo, {c=~".*"})"#, #"info(foo, {__name__="target_info"})"#,
    #"info(foo, {"target_info"})"#, "limitk(5, foo)", "limit_ratio(-0.5, foo)",
    "limitk by (a) (2, foo)", "limit_ratio(0.1, foo) without (a)", "start()", "end()",
    "end() - start()", "step()", "range()", "max_of(1, 2)", "min_of(start(), end())",
    "vector(step())", "histogram_quantiles(foo, 'q', 0.5)",
    "histogram_quantiles(foo, 'q', 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1)",
    "foo </ 5", "foo >/ -2", "foo </ bar", "foo </ on (a) group_left bar >/ 2",
  ]

  static let modifiers3 = [
    "foo anchored", "foo smoothed", "foo[5m] anchored", "foo[5m] smoothed",
    "rate(foo[5m] anchored offset 1m)", "foo anchored[5m]", "foo @ 5 smoothed offset 1m",
    "foo[5m] smoothed smoothed", "rate(foo[5m] ANCHORED)",
  ]

  static let durations3 = [
    "foo[11s+10s-5*2^2]", "foo[-(10s-5s)+20s]", "foo[-10s+15s]", "foo[step()]",
    "foo[  -  step  (  )  ]", "foo[-step()]", "foo[max_of(step(),5s)]", "foo[range()]",
    "foo[2m/range()]", "foo[-range()]", "foo[max_of(range(),5s)]", "foo[(5s)]", "foo[((5s))]",
    "foo[4s+4s:1s*2] offset (5s-8)", "rate(foo[2m+2m])", "foo[-2^2]", "foo[0+-2^2]",
    "foo[5m:step()]", "foo[5m:min_of(step(), 30s)]", "foo[2 * 5m % 7m]", "foo[STEP() + 1]",
    "foo[5m # why\n+ 1]", "foo offset step()", "foo offset -step()", "foo offset +step()",
    "foo offset range()", "foo offset max_of(step(),5s)", "foo offset -min_of(5s,step()+8s)",
    "foo offset (5)", "foo offset -(5)", "foo offset +(5)", "foo offset (5s - 8)",
    "foo offset (5s) - 8", "foo offset --5s", "foo offset --5s - 8", "foo offset -(1^2)",
    "foo offset (-1^2)", "foo offset -1^1", "foo offset 5s-8", "foo offset step() * 2",
    "foo offset -(5s) - 8", "foo offset -(5s) - bar", "(foo offset (5s)) - bar",
    "foo offset (5s) == bar", "foo offset (5s)[5m:]", "foo offset (5s) @ 7", "foo[5m] offset -(1m)",
    "sum(foo offset (1s * 2))", "(foo + bar)[5m:] offset (1m + step())",
  ]

  static let fills3 = [
    "foo + fill(5) bar", "foo + fill (0) bar", "foo + on (a) fill(-5) bar",
    "foo + fill_left(1) bar", "foo + fill_right(2) bar", "foo + fill_left(1) fill_right(2) bar",
    "foo + fill_right(2) fill_left(1) bar", "foo == bool on (a) group_left () fill (1) bar",
    "foo / ignoring (a) fill(NaN) bar", "foo + fill(5m) fill", "fill + fill (1) fill",
  ]
}
