/// A file's text with its path under the root.
package struct Page: Sendable {
  package let path: String
  package let text: String

  package init(path: String, text: String) {
    self.path = path
    self.text = text
  }

  var name: Substring { path.split(separator: "/").last ?? "" }

  /// The text of the first heading.
  var title: String {
    let heading = text.split(separator: "\n").first { $0.hasPrefix("# ") }
    return heading.map { String($0.dropFirst(2)) } ?? String(name)
  }
}

/// One row of the inventory.
package struct Requirement: Equatable, Sendable {
  package let id: String
  /// How it is meant to be held: `artefact`, `service behaviour` …; empty for a contradiction.
  package let kind: String
  package let text: String
  let line: Int
}

/// The requirements of `docs/requirements/`, as its pages and its index have them.
package struct Inventory: Sendable {
  /// A page with requirements.
  package struct Chapter: Sendable {
    package let path: String
    package let title: String
    package let requirements: [Requirement]
  }

  package static let folder = "docs/requirements/"

  package private(set) var chapters: [Chapter] = []
  package private(set) var contradictions: Chapter
  package private(set) var problems: [Problem] = []

  package var count: Int { chapters.reduce(0) { $0 + $1.requirements.count } }
  package var all: [Chapter] { chapters + [contradictions] }

  /// Reads the pages that the index names, in its order.
  ///
  /// - Parameter pages: Every page of the folder.
  package init(pages: [Page]) {
    let index = Page.named("README.md", in: pages)
    contradictions = Chapter(
      Page.named("contradictions.md", in: pages), kindIsStated: false)
    var declared = 0
    for row in MarkdownTable(index.text, head: "file").rows {
      guard row.cells.count >= 3, let name = Self.link(row.cells[0]),
        let count = Int(row.cells[row.cells.count - 1])
      else {
        note(index.path, row.line, "a row names no file with its count")
        continue
      }
      let chapter = Chapter(Page.named(name, in: pages), kindIsStated: name != "contradictions.md")
      let found = chapter.requirements.count
      if found != count {
        note(chapter.path, 0, "has \(found) rows; the index declares \(count)")
      }
      if name != "contradictions.md" {
        declared += count
        chapters.append(chapter)
      }
    }
    let total = index.text.firstMatch(of: #/\*\*(\d+)\*\*/#).flatMap { Int($0.1) }
    if total != declared {
      note(index.path, 0, "declares \(total ?? 0) rows in all, and \(declared) file by file")
    }
    for chapter in all { judge(chapter) }
    judgeUniqueness()
    problems.sort()
  }

  private mutating func note(_ file: String, _ line: Int, _ message: String) {
    problems.append(Problem(file: file, line: line, message: message))
  }

  /// The numbers of a section run from 1 without a gap: a row that goes leaves one.
  private mutating func judge(_ chapter: Chapter) {
    var last: (section: String, number: Int)?
    for row in chapter.requirements {
      guard let parts = RequirementID.parts(row.id) else {
        note(chapter.path, row.line, "'\(row.id)' is no id")
        continue
      }
      let expected = parts.section == last?.section ? (last?.number ?? 0) + 1 : 1
      if parts.number != expected {
        note(chapter.path, row.line, "'\(row.id)' stands where number \(expected) is due")
      }
      if row.text.isEmpty { note(chapter.path, row.line, "'\(row.id)' says nothing") }
      last = parts
    }
  }

  private mutating func judgeUniqueness() {
    var seen: [String: String] = [:]
    for chapter in all {
      for row in chapter.requirements {
        if let first = seen[row.id] {
          note(chapter.path, row.line, "'\(row.id)' stands twice; first in \(first)")
        }
        seen[row.id] = "\(chapter.path):\(row.line)"
      }
    }
  }

  private static func link(_ cell: String) -> String? {
    cell.firstMatch(of: #/\]\(([^)]+)\)/#).map { String($0.1) }
  }
}

extension Page {
  static func named(_ name: String, in pages: [Page]) -> Page {
    pages.first { $0.path == Inventory.folder + name }
      ?? Page(path: Inventory.folder + name, text: "")
  }
}

extension Inventory.Chapter {
  fileprivate init(_ page: Page, kindIsStated: Bool) {
    self.init(
      path: page.path, title: page.title,
      requirements: MarkdownTable(page.text, head: "id").rows.map { row in
        let cells = row.cells + Array(repeating: "", count: max(0, 3 - row.cells.count))
        return Requirement(
          id: cells[0], kind: kindIsStated ? cells[1] : "", text: cells[2], line: row.line)
      })
  }
}
