/// Which files the table is made of. Who reads the disk asks here, and hands the text to `read`.
package enum TraceabilitySources {
  /// Folders under the root, with the ending of the files that count.
  package static let folders: [(path: String, suffix: String)] =
    [("docs/requirements", ".md"), ("Tests", ".swift")]
    + Set(RuleFolder.all.map(\.path)).sorted().map { ($0, ".swift") }

  /// - Parameter files: Everything in the folders, in any order.
  package static func read(_ files: [Page]) -> Traceability {
    let pages = files.filter { $0.path.hasPrefix(Inventory.folder) }
    let tests = files.filter { $0.path.hasPrefix("Tests/") }
    var citations = Citations()
    for file in tests {
      citations.append(Citations(test: file.text, file: file.path))
    }
    for folder in RuleFolder.all {
      let rules = files.filter { $0.path.hasPrefix(folder.path + "/") }
        .map { Citations(rule: $0.text, file: $0.path, of: folder) }
        .filter { !$0.found.isEmpty || !$0.problems.isEmpty }
      guard !rules.isEmpty else { continue }
      let proof = tests.first { $0.path == folder.test.file }
      guard proof?.text.contains("func `\(folder.test.name)`") == true else {
        citations.problems.append(
          Problem(
            file: folder.test.file, line: 0,
            message: "the test '\(folder.test.name)' is not there"))
        continue
      }
      for rule in rules { citations.append(rule) }
    }
    return Traceability(
      inventory: Inventory(pages: pages),
      decisions: Decisions(page: Page.named("decided.md", in: pages).text),
      citations: citations)
  }
}
