import Foundation
import PromQL
import SlipwayDocuments
import TestSupport
import Testing

@testable import SlipwayEmitters
@testable import SlipwayModel

/// The rehearsal knows beforehand what Prometheus will answer; Prometheus itself is asked.
struct RehearsalTests {
  static let series: [ResolvedSeries] = [
    ResolvedSeries(series: #"up{instance="1",job="a"}"#, values: "1+0x1500"),
    ResolvedSeries(series: #"up{instance="2",job="a"}"#, values: "0+0x1500"),
    ResolvedSeries(series: #"up{instance="1",job="b"}"#, values: "1+0x1500"),
    ResolvedSeries(series: #"sent_total{code="200",job="a"}"#, values: "0+60x1500"),
    ResolvedSeries(series: #"sent_total{code="500",job="a"}"#, values: "0+15x1500"),
    ResolvedSeries(series: #"late_total{job="a"}"#, values: "600+30x1500"),
    ResolvedSeries(series: #"level{job="a"}"#, values: "1000-4x1500"),
    ResolvedSeries(series: #"level{job="b"}"#, values: "8+0x1500"),
    ResolvedSeries(series: #"short{job="b"}"#, values: "8+0x4"),
    ResolvedSeries(series: #"missing{job="b"}"#, values: "_x1500"),
    ResolvedSeries(series: #"took_bucket{job="a",le="0.5"}"#, values: "0+30x1500"),
    ResolvedSeries(series: #"took_bucket{job="a",le="1"}"#, values: "0+45x1500"),
    ResolvedSeries(series: #"took_bucket{job="a",le="+Inf"}"#, values: "0+60x1500"),
  ]

  static let expressions = [
    "up", "up == 1", "up == bool 1", "count(up == 1)", "count by (job) (up == 1)",
    "(count(up{job=\"c\"} == 1) or vector(0)) < 1", "sum without (instance) (up)", "-up",
    "up{job!=\"a\"}", "up{job=~\"b|c\"}", "up{job=~\"[bc]\"}", "up{job!~\"b.*\"}",
    "sum(rate(sent_total[5m]))", "sum by (code) (increase(sent_total[1h]))",
    "rate(late_total[5m])", "increase(late_total[1h])", "increase(sent_total[1m])",
    "sum(rate(sent_total{code=\"500\"}[5m])) / sum(rate(sent_total[5m]))",
    "delta(level[10m])", "deriv(level{job=\"b\"}[10m])", "idelta(level[10m])",
    "max_over_time(level[10m])", "min_over_time(level[10m])", "avg_over_time(level[10m])",
    "sum_over_time(level[10m])", "count_over_time(level[10m])", "last_over_time(level[10m])",
    "changes(level[10m])", "predict_linear(level{job=\"b\"}[1h], 3600)",
    "level - level offset 10m", "level > 500 or level < 9", "level and up", "up unless level",
    "level and on (job) up{instance=\"2\"}", "up * on (job) group_left () level",
    "level * on (job) group_right () up", "level / ignoring (instance) up{instance=\"1\"}",
    "up + up", "level % 7", "2 * level", "100 > level", "1 + 2 * 3", "time() - level",
    "absent(up{job=\"c\",instance=~\"x\"})", "absent(up)", "absent(sum(missing))", "missing",
    "short", "topk(1, level)", "bottomk by (job) (1, up)", "avg(level)", "min(level)", "max(level)",
    "group by (job) (up)", "clamp(level, 0, 10)", "clamp_min(level, 500)", "clamp_max(level, 5)",
    "abs(-level)", "ceil(level / 3)", "floor(level / 3)", "vector(3)", "scalar(level{job=\"b\"})",
    "histogram_quantile(0.5, sum by (le) (rate(took_bucket[5m])))",
    "histogram_quantile(0.6, rate(took_bucket[5m]))", "present_over_time(up[5m])",
    "histogram_quantile(0.99, took_bucket + 1)", "sort(up)", "sgn(level - 500)",
  ]

  @Test(arguments: [0, 1, 3, 10, 70]) func `the rehearsal answers what Prometheus answers`(
    at minute: Int
  ) async throws {
    let rehearsal = Rehearsal(Self.series)
    var tests: [YAMLNode] = []
    for text in Self.expressions {
      let expression = try Parser.parse(text)
      let samples = try rehearsal.vector(expression, at: minute)
      let expected = try samples.map { sample -> YAMLNode in
        let value = try #require(sample.value, "\(text) has no value")
        let number = try #require(ExactNumber(value.description), "\(text) is \(value)")
        return .map([.entry("labels", .string(sample.text)), .entry("value", .number(number))])
      }
      tests.append(
        .map([
          .entry("expr", .string(text)), .entry("eval_time", .string("\(minute)m")),
          .entry("exp_samples", .list(expected)),
        ]))
    }
    let output = try await judged(tests)
    #expect(output.status == 0, "\(output)")
    #expect(output.stdout.contains("SUCCESS"))
  }

  @Test(arguments: [
    #"label_replace(up, "a", "$1", "job", "(.*)")"#, #"label_join(up, "a", "-", "job")"#,
    "max_over_time(up[1h:1m])", "up @ 60", #"count_values("v", up)"#,
  ]) func `what the rehearsal does not understand it does not guess`(_ text: String) throws {
    let expression = try Parser.parse(text)
    #expect(throws: CannotTell.self) {
      try Rehearsal(Self.series).vector(expression, at: 10)
    }
  }

  @Test func `a label that a result has is one that its expression can leave`() throws {
    let rehearsal = Rehearsal(Self.series)
    for text in Self.expressions {
      let expression = try Parser.parse(text)
      let labels = SurvivingLabels(expression)
      for sample in try rehearsal.vector(expression, at: 70) {
        #expect(sample.labels.keys.allSatisfy(labels.contains), "\(text) leaves \(sample.text)")
      }
    }
  }

  @Test(arguments: [
    ("sum(up)", SurvivingLabels.none), ("vector(1)", .none), ("1 + 1", .none),
    ("sum by (job) (up)", .only(["job"])), ("sum by (job) (sum(up))", .none),
    ("count(up) or vector(0)", .none), ("up", .anyBut([])), ("rate(up[5m])", .anyBut(["__name__"])),
    ("sum without (instance) (up)", .anyBut(["instance", "__name__"])),
    ("absent(up{job=\"a\",x=~\"b\"})", .only(["job"])),
    ("up * on (job) group_left (team) owner", .anyBut(["__name__"])),
    ("up * on (job) owner", .only(["job"])), ("up and on () vector(1)", .anyBut([])),
    ("histogram_quantile(0.9, sum by (le, job) (x))", .only(["job"])),
    ("topk(1, sum by (job) (up))", .only(["job"])), ("up{service=\"\"}", .anyBut(["service"])),
    ("count_values(\"v\", up)", .only(["v"])),
  ]) func `the labels that survive are read from the tree`(
    _ text: String, _ labels: SurvivingLabels
  ) throws {
    #expect(SurvivingLabels(try Parser.parse(text)) == labels)
  }

  private func judged(_ tests: [YAMLNode]) async throws -> Tool.Output {
    let document = YAMLNode.map([
      .entry("rule_files", .list([])), .entry("evaluation_interval", "1m"),
      .entry(
        "tests",
        .list([
          .map([
            .entry("interval", "1m"),
            .entry(
              "input_series",
              .list(
                Self.series.map {
                  .map([.entry("series", .string($0.series)), .entry("values", .string($0.values))])
                })),
            .entry("promql_expr_test", .list(tests)),
          ])
        ])),
    ])
    return try await withTemporaryFolder { folder in
      let text = try Document.yaml(document).print()
      return try await Tool.run(
        "promtool", ["test", "rules", try folder.write(text, to: "test.yml")])
    }
  }
}

extension RehearsedSample {
  /// `name{label="value"}`.
  fileprivate var text: String {
    let name = labels[Matcher.metricName]
    let matchers = labels.keys.filter { $0 != Matcher.metricName }.sorted().map {
      Matcher.equal($0, labels[$0] ?? "")
    }
    if name == nil, matchers.isEmpty { return "{}" }
    return Expression.selector(VectorSelector(metric: name, matchers: matchers)).description
  }
}
