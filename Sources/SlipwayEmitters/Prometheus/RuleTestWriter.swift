import PromQL
import ServiceContract
import Slipway
import SlipwayDiagnostics
import SlipwayDocuments
import SlipwayModel

/// The unit tests of a family's alerts, for `promtool test rules`: each fires on what it must fire
/// on, with exactly these labels and annotations, and stays quiet on the rest. (A11, B01 … B05)
struct RuleTestWriter {
  let rules: RuleWriter
  let family: RuleFamily

  var document: YAMLNode {
    .map([
      .entry("rule_files", .list(ruleFiles.map { .string("../" + $0) })),
      .entry("evaluation_interval", "1m"),
      .entry("tests", .list(family.alerts.flatMap(tests))),
    ])
  }

  /// Recorded series are computed in the test too, where an alert reads one.
  private var ruleFiles: [String] {
    let recorded = Set(rules.environment.recordings.map(\.name))
    let reads = family.alerts.contains { alert in
      Inventory(alert.expression).selectors.contains { use in
        use.metric.map(recorded.contains) ?? false
      }
    }
    return (reads ? [RuleWriter.recordingsFile] : []) + [rules.file(of: family)]
  }

  private func tests(of alert: RuleAlert) -> [YAMLNode] {
    let prediction = Prediction(of: alert)
    let fires = test(
      alert, "fires", alert.firesOn, at: prediction.minute, argument: "firesOn",
      expecting: prediction)
    guard let quiet = alert.quietOn else { return [fires] }
    return [
      fires,
      test(
        alert, "stays quiet", quiet, at: prediction.minute, argument: "quietOn", expecting: nil),
    ]
  }

  private func test(
    _ alert: RuleAlert, _ verb: String, _ series: [ResolvedSeries], at minute: Int,
    argument: String, expecting prediction: Prediction?
  ) -> YAMLNode {
    let origins = [alert.origin.at(argument)]
    var entries: [YAMLEntry?] = [
      .entry("name", .string("\(alert.name) \(verb)", from: [alert.origin])),
      .entry("interval", "1m"),
      .entry(
        "input_series",
        .list(
          series.map {
            .map([
              .entry("series", .string($0.series, from: origins)),
              .entry("values", .string($0.values(until: minute), from: origins)),
            ])
          }, from: origins)),
    ]
    if let prediction, prediction.instances == nil {
      entries.append(.entry("promql_expr_test", count(of: alert, at: minute)))
    } else {
      let alerts = prediction?.instances?.map { expected(alert, $0) } ?? []
      entries.append(
        .entry(
          "alert_rule_test",
          .list([
            .map([
              .entry("eval_time", .string(Duration.minutes(minute).prometheusText)),
              .entry("alertname", .string(alert.name, from: [alert.origin])),
              .entry("exp_alerts", .list(alerts)),
            ])
          ])))
    }
    return .map(entries, from: origins)
  }

  private func expected(_ alert: RuleAlert, _ instance: LabelMap) -> YAMLNode {
    let own = rules.labels(of: alert)
    let kept = instance.keys.filter { name in !own.contains { $0.name == name } }
    let labels =
      own.map { ($0.name, $0.value, $0.origins) }
      + kept.map { ($0, instance[$0] ?? "", [alert.origin.at("firesOn")]) }
    return .map([
      .entry(
        "exp_labels",
        .map(
          labels.sorted { $0.0 < $1.0 }.map { .entry($0.0, .string($0.1, from: $0.2)) })),
      .entry(
        "exp_annotations",
        .map(
          rules.annotations(of: alert).map { .entry($0.name, .string($0.value, from: $0.origins)) }
        )),
    ])
  }

  /// Where nobody can tell the labels beforehand, that it fires at all.
  private func count(of alert: RuleAlert, at minute: Int) -> YAMLNode {
    let firing = PromQL.Expression.selector(
      "ALERTS", [.equal("alertname", alert.name), .equal("alertstate", "firing")])
    let query = PromQL.Expression.binary(
      PromQL.Expression.count(firing), .greater, .number(0), bool: true)
    return .list([
      .map([
        .entry("expr", .string(query.description, from: [alert.origin])),
        .entry("eval_time", .string(Duration.minutes(minute).prometheusText)),
        .entry("exp_samples", .list([.map([.entry("labels", "{}"), .entry("value", 1)])])),
      ])
    ])
  }
}

extension ResolvedSeries {
  /// The same values, but none after the test has looked: the judge takes time for each.
  fileprivate func values(until minute: Int) -> String {
    guard let mark = values.lastIndex(of: "x"),
      let count = Int(values[values.index(after: mark)...]), count > minute
    else { return values }
    return values[...mark] + String(minute)
  }
}
