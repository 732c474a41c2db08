import Foundation
import SlipwayModel
import TestSupport
import Testing

struct PromtoolTests {
  /// promtool says SUCCESS to an empty file too; it counts only with the expected numbers.
  @Test(
    .covers("S17-CL-OBS-05", "S18-CL-MON-03", "S18-PROM-03", "S03-ALERT-01", "S03-OK-DEP-08"),
    arguments: Example.allCases)
  func `promtool accepts the configuration with each of its rule files`(
    _ example: Example
  ) async throws {
    let emitted = try Emitted(example)
    let files = emitted.files(in: "prometheus/rules")
    #expect(files.count == emitted.texts.keys.filter { $0.contains("/rules/") }.count)
    try await withTemporaryFolder { folder in
      try emitted.write(to: folder)
      let output = try await Tool.run(
        "promtool", ["check", "config", "--lint=all", folder.path(of: "prometheus/prometheus.yml")])
      #expect(output.status == 0, "\(output)")
      #expect(output.stderr.isEmpty, "\(output)")
      #expect(output.stdout.contains("SUCCESS: \(files.count) rule files found"), "\(output)")
      #expect(!output.stdout.contains("FAILED"), "\(output)")
    }
  }

  @Test(arguments: Example.allCases) func `promtool finds every rule and nothing to complain of`(
    _ example: Example
  ) async throws {
    let emitted = try Emitted(example)
    let environment = emitted.environment
    var rules = 0
    try await withTemporaryFolder { folder in
      try emitted.write(to: folder)
      for file in emitted.files(in: "prometheus/rules") {
        let output = try await Tool.run(
          "promtool",
          ["check", "rules", "--lint=all", "--lint-fatal", folder.path(of: file)])
        #expect(output.status == 0, "\(output)")
        #expect(output.stderr.isEmpty, "\(output)")
        let count = try await Foreign.yaml(RuleFile.self, emitted.text(file)).groups[0].rules.count
        #expect(output.stdout.contains("SUCCESS: \(count) rules found"), "\(output)")
        rules += count
      }
    }
    #expect(rules == environment.ruleAlerts.count + environment.recordings.count)
    #expect(rules >= example.expected.rules)
  }

  @Test(
    .covers("S17-CL-OBS-05", "S18-CL-MON-03", "S03-OK-DEP-08"), arguments: Example.allCases)
  func `each alert fires and stays quiet in a test that promtool runs with success`(
    _ example: Example
  ) async throws {
    let emitted = try Emitted(example)
    let files = emitted.files(in: "prometheus/tests")
    var fires: [String] = []
    var quiet: [String] = []
    for file in files {
      for test in try await Foreign.yaml(RuleTestFile.self, emitted.text(file)).tests {
        let isQuiet = test.alert_rule_test?.allSatisfy { $0.exp_alerts.isEmpty } ?? false
        if isQuiet { quiet.append(test.name) } else { fires.append(test.name) }
      }
    }
    let alerts = emitted.environment.ruleAlerts
    #expect(fires.sorted() == alerts.map { "\($0.name) fires" }.sorted())
    #expect(
      quiet.sorted()
        == alerts.filter { $0.level != .heartbeat }.map { "\($0.name) stays quiet" }.sorted())
    #expect(fires.count + quiet.count >= example.expected.tests)
    try await withTemporaryFolder { folder in
      try emitted.write(to: folder)
      // A day at steps of a minute takes a few seconds.
      let output = try await Tool.run(
        "promtool", ["test", "rules"] + files.map(folder.path(of:)), timeout: .seconds(300))
      #expect(output.status == 0, "\(output)")
      let successes = output.stdout.components(separatedBy: "  SUCCESS\n").count - 1
      #expect(successes == files.count, "\(output)")
    }
  }

  /// The tests bite: a bound that is a little off is found.
  @Test func `a changed bound, label, annotation or duration fails the tests`() async throws {
    let emitted = try Emitted(.watchful)
    let rules = try emitted.text("prometheus/rules/warning.yml")
    let mutations = [
      ("queue_items > 10", "queue_items > 11"), ("queue_items > 10", "queue_items >= 10"),
      ("for: 5m", "for: 30m"), ("severity: warning", "severity: critical"),
      ("summary: a queue is long", "summary: a queue was long"),
    ]
    for (before, after) in mutations {
      let place = try #require(rules.firstRange(of: before))
      let mutant = rules.replacingCharacters(in: place, with: after)
      try await withTemporaryFolder { folder in
        try emitted.write(to: folder)
        try folder.write(mutant, to: "prometheus/rules/warning.yml")
        let output = try await Tool.run(
          "promtool", ["test", "rules", folder.path(of: "prometheus/tests/warning.yml")])
        #expect(output.status != 0, "'\(after)' survives: \(output)")
        #expect(output.stderr.contains("FAILED") || output.stdout.contains("FAILED"))
      }
    }
  }

  @Test func `an instance is expected with the labels that its expression leaves`() async throws {
    let emitted = try Emitted(.watchful)
    let file = try await Foreign.yaml(
      RuleTestFile.self, emitted.text("prometheus/tests/warning.yml"))
    func regions(_ name: String) -> [String] {
      file.tests.first { $0.name == "\(name) fires" }?.alert_rule_test?[0].exp_alerts
        .compactMap { $0.exp_labels["region"] } ?? []
    }
    #expect(regions("QueueLong") == ["north", "west"])
    #expect(regions("QueueLongByRegion") == ["north", "south"])
    #expect(regions("QueueLongWhileOpen") == ["north"])
    #expect(regions("QueueOdd") == ["north", "south"])
    #expect(regions("WaitsLong") == ["north"])
    #expect(regions("QueueLongest") == ["south"])
    #expect(regions("QueueGrew") == ["north"])
    let renamed = file.tests.first { $0.name == "QueueRenamed fires" }
    #expect(renamed?.promql_expr_test?.count == 1)
  }

  @Test(.covers("S17-CL-OBS-06", "S17-ALERT-11", "C-25"))
  func `a service is named by the rule where the expression does not keep it`() async throws {
    let emitted = try Emitted(.production)
    var labels: [String: [String: String]] = [:]
    for file in emitted.files(in: "prometheus/rules") {
      for rule in try await Foreign.yaml(RuleFile.self, emitted.text(file)).groups[0].rules {
        if let name = rule.alert { labels[name] = rule.labels }
      }
    }
    #expect(labels["HighErrorRate"]?["service"] == "shop")
    #expect(labels["BackendDown"]?["service"] == "backend")
    #expect(labels["NodeTargetsMissing"]?["service"] == "node-exporter")
    #expect(labels["PostgresTargetsMissing"]?["service"] == "postgres")
    // A replica's memory: the target's own label says more.
    #expect(labels["HighMemory"]?["service"] == nil)
    #expect(labels.values.allSatisfy { $0["severity"] != nil && $0["runbook"] != nil })
  }
}
