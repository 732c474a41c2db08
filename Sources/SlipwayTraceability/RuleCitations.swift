/// A folder of rules, and the generic tests that prove each of them.
package struct RuleFolder: Sendable {
  /// Path under the root.
  let path: String
  /// The protocol of its rules.
  let kind: String
  /// Where the generic test is, what it is called, and what it does to a rule, in few words.
  let test: (file: String, name: String, does: String)

  static let all = [
    RuleFolder(
      path: "Sources/SlipwayRules", kind: "Rule",
      test: (
        "Tests/RuleTests/RuleContractTests.swift",
        "every breaker is refused by its own rule, and by no other without leave",
        "broken on purpose"
      )),
    RuleFolder(
      path: "Sources/SlipwayRules", kind: "ProjectRule",
      test: (
        "Tests/RuleTests/RuleContractTests.swift", "every breaker is refused by its own rule",
        "broken on purpose"
      )),
    RuleFolder(
      path: "Sources/SlipwayAudit/Rules", kind: "AuditRule",
      test: (
        "Tests/AuditTests/OwnOutputTests.swift", "nothing is found in generated files",
        "over all generated files"
      )),
  ]
}

extension Citations {
  /// Reads `source = […]` of a rule. One generic test proves every rule of the folder, so a rule
  /// proves what it names for as long as it stands in its list.
  package init(rule text: String, file: String, of folder: RuleFolder) {
    self.init()
    let words = SwiftWords(text).words
    func word(_ index: Int) -> SwiftWords.Word? {
      words.indices.contains(index) ? words[index].word : nil
    }
    let rule = words.indices.first { index in
      word(index + 1) == .mark(":") && word(index + 2) == .name(folder.kind)
        && [.name("enum"), .name("struct")].contains(word(index - 1))
    }
    guard let rule, case .name(let name) = word(rule) else { return }
    let source = words.indices.first { index in
      word(index) == .name("static") && word(index + 1) == .name("let")
        && word(index + 2) == .name("source")
    }
    guard let source,
      let open = words.indices[source...].first(where: { word($0) == .mark("[") }),
      let end = words.indices[open...].first(where: { word($0) == .mark("]") })
    else {
      problems.append(Problem(file: file, line: 0, message: "'\(name)' names no source"))
      return
    }
    let ids = words[open..<end].compactMap { placed -> String? in
      if case .literal(.some(let text)) = placed.word { text } else { nil }
    }
    found = [
      Citation(
        name: "rule \(name), \(folder.test.does) by `\(folder.test.file)`", file: file,
        line: words[source].line, ids: ids.filter(RequirementID.looksLikeOne))
    ]
  }
}
