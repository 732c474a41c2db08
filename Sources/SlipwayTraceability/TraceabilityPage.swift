extension Traceability {
  package static let path = "docs/traceability.md"
  /// What writes the page anew.
  package static let command = "make traceability"

  private static let states = [
    "covered", "planned", "superseded", "decided by a person", "uncovered",
  ]

  /// `docs/traceability.md`.
  package var page: String {
    var lines = [
      "# Traceability", "",
      "<!-- Written by `\(Self.command)` from docs/requirements/, the tests and the rules. -->", "",
      "What proves each requirement: the test that would fail without it, or what was decided",
      "about it. How a state comes about: [docs/requirements](requirements/README.md).", "",
    ]
    lines += totals
    for chapter in chapters + [contradictions] { lines += Self.section(chapter) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var totals: [String] {
    let all = Chapter(path: "", title: "all", rows: chapters.flatMap(\.rows))
    return [
      "| document | rows | \(Self.states.joined(separator: " | ")) |",
      "| --- \(String(repeating: "| ---: ", count: Self.states.count + 1))|",
    ]
      + chapters.map { Self.total($0, name: $0.link) }
      + [Self.total(all, name: "**all**"), Self.total(contradictions, name: contradictions.link)]
  }

  private static func total(_ chapter: Chapter, name: String) -> String {
    let counts = states.map { state in "\(chapter.rows.count { $0.state.name == state })" }
    return "| \(name) | \(chapter.rows.count) | \(counts.joined(separator: " | ")) |"
  }

  private static func section(_ chapter: Chapter) -> [String] {
    ["", "## \(chapter.title)", "", "| id | state | by |", "| --- | --- | --- |"]
      + chapter.rows.map { row in
        "| \(row.requirement.id) | \(row.state.name) | \(row.state.proof) |"
      }
  }
}

extension Traceability.Chapter {
  fileprivate var link: String {
    let path = path.hasPrefix("docs/") ? path.dropFirst("docs/".count) : Substring(path)
    return "[\(title)](\(path))"
  }
}

extension Traceability.State {
  fileprivate var proof: String {
    switch self {
    case .covered(let citations):
      citations.map { "\($0.name.asCell) (`\($0.file)`)" }.joined(separator: "<br>")
    case .decided(let decision): decision.reason.asCell
    case .uncovered: ""
    }
  }
}

extension String {
  /// Without marks that Markdown would take for its own.
  fileprivate var asCell: String {
    var text = ""
    for character in self {
      if "|<*_".contains(character) { text.append("\\") }
      text.append(character)
    }
    return text
  }
}
