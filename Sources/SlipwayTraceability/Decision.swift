/// What `docs/requirements/decided.md` says of a row that no test proves.
package struct Decision: Equatable, Sendable {
  package enum State: String, CaseIterable, Sendable {
    /// It comes with a later step, which the reason names.
    case planned
    /// A contradiction or a decision page put something else in its place.
    case superseded
    /// No program can prove it.
    case person = "decided by a person"
  }

  package let id: String
  package let state: State
  package let reason: String
  package let line: Int
}

/// The decisions of the page, and what is wrong with it.
package struct Decisions: Sendable {
  package static let path = Inventory.folder + "decided.md"

  package private(set) var byID: [String: Decision] = [:]
  package private(set) var problems: [Problem] = []

  package init(page: String) {
    let known = Decision.State.allCases.map(\.rawValue).joined(separator: ", ")
    for row in MarkdownTable(page, head: "id").rows {
      guard row.cells.count == 3, !row.cells[2].isEmpty else {
        note(row.line, "a row wants id, state and reason")
        continue
      }
      let (id, reason) = (row.cells[0], row.cells[2])
      guard let state = Decision.State(rawValue: row.cells[1]) else {
        note(row.line, "'\(id)' is in the state '\(row.cells[1])'; known are \(known)")
        continue
      }
      if state == .superseded, !Self.namesADecision(reason) {
        note(row.line, "'\(id)' is superseded by nothing that has a name")
      }
      if let first = byID[id] {
        note(row.line, "'\(id)' was decided in line \(first.line) already")
      }
      byID[id] = Decision(id: id, state: state, reason: reason, line: row.line)
    }
  }

  private static func namesADecision(_ reason: String) -> Bool {
    reason.contains(#/C-\d\d|decisions/\d{4}-/#)
  }

  private mutating func note(_ line: Int, _ message: String) {
    problems.append(Problem(file: Self.path, line: line, message: message))
  }
}
