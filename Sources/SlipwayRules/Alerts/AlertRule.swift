import SlipwayDocuments

/// An alert as it stands in a file of rules.
struct AlertRule {
  let name: String
  let line: Int
  let expression: String
  let labels: [String: String]
  let annotations: [String: String]

  /// The alerts of a file, in their order; ``Subject/alertFiles`` keeps them.
  static func all(in root: LocatedValue) -> [AlertRule] {
    (root["groups"]?.list ?? []).flatMap { $0["rules"]?.list ?? [] }.compactMap { rule in
      guard let name = rule["alert"]?.scalarText else { return nil }
      return AlertRule(
        name: name, line: rule["alert"]?.start.line ?? rule.start.line,
        expression: rule["expr"]?.scalarText ?? "", labels: texts(rule["labels"]),
        annotations: texts(rule["annotations"]))
    }
  }

  private static func texts(_ value: LocatedValue?) -> [String: String] {
    var texts: [String: String] = [:]
    for member in value?.map ?? [] { texts[member.key] = member.value.scalarText }
    return texts
  }
}

extension Subject {
  /// Every file of rules with its alerts.
  var alertFiles: [(file: ReadFile<LocatedValue>, alerts: [AlertRule])] {
    yamls(in: "prometheus/rules").map { ($0, readings.alerts($0)) }
  }
}
