/// `docs/rules.md`: all that can be explained, on one page, made from the rules themselves.
enum RulesPage {
  static var text: String {
    let rules = ExplainedRule.all
    var lines = [
      "# Rules", "", "<!-- Written by `make rules` from the rules themselves. -->", "",
      "What is promised, why, and what to do when a promise would be broken. `slipway explain",
      "NAME` says the same. What the gate asks before a release: [the gate](gate.md). What stops",
      "each of the twenty criteria at every level: [hard stops](hard-stops.md).", "",
      "| level | how many | what it is |", "| --- | ---: | --- |",
    ]
    lines += ExplainedRule.Level.allCases.map { level in
      "| \(level.rawValue) | \(rules.count { $0.level == level }) | \(level.meaning) |"
    }
    var area = ""
    for rule in rules {
      if rule.area != area {
        area = rule.area
        lines += ["", "## \(area)"]
      }
      lines += ["", "### \(rule.promise)", "", rule.head, ""] + rule.points
    }
    return lines.joined(separator: "\n")
  }
}

extension ExplainedRule {
  fileprivate var area: String { String(id.prefix { $0 != "/" }) }

  /// The name as a sentence: `Datastores stay private`.
  fileprivate var promise: String {
    let words = id.drop { $0 != "/" }.dropFirst().replacing("-", with: " ")
    return words.prefix(1).uppercased() + words.dropFirst()
  }

  fileprivate var head: String {
    "`\(id)` · \(level.rawValue)" + (source.isEmpty ? "" : " · \(source.joined(separator: ", "))")
  }

  fileprivate var points: [String] {
    ["- why: \(why)", "- fix: \(fix)"] + refuses.map { "- refuses: \($0)" }
  }
}
