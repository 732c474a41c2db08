import Foundation
import TestSupport
import Testing

/// Reads our files with parsers that share no code with ours.
enum Foreign {
  /// A YAML file, through PyYAML.
  static func yaml<Value: Decodable>(_ type: Value.Type, _ text: String) async throws -> Value {
    let script = "import sys, yaml, json; json.dump(yaml.safe_load(sys.stdin), sys.stdout)"
    let output = try await Tool.run("python3", ["-c", script], input: text)
    try #require(output.status == 0, "\(output)")
    return try JSONDecoder().decode(type, from: Data(output.stdout.utf8))
  }

  static func json<Value: Decodable>(_ type: Value.Type, _ text: String) throws -> Value {
    try JSONDecoder().decode(type, from: Data(text.utf8))
  }
}

/// A rule file, as far as tests look at it.
struct RuleFile: Decodable {
  struct Group: Decodable {
    let name: String
    let interval: String
    let rules: [Rule]
  }
  struct Rule: Decodable {
    let alert: String?
    let record: String?
    let expr: String
    let labels: [String: String]?
    let annotations: [String: String]?
  }
  let groups: [Group]
}

/// A file of rule tests, as far as tests look at it.
struct RuleTestFile: Decodable {
  struct Test: Decodable {
    let name: String
    let alert_rule_test: [AlertTest]?
    let promql_expr_test: [ExpressionTest]?
  }
  struct AlertTest: Decodable {
    let eval_time: String
    let alertname: String
    let exp_alerts: [Expected]
  }
  struct Expected: Decodable {
    let exp_labels: [String: String]
    let exp_annotations: [String: String]
  }
  struct ExpressionTest: Decodable { let expr: String }
  let rule_files: [String]
  let evaluation_interval: String
  let tests: [Test]
}
