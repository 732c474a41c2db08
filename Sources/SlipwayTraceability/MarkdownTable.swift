/// The rows of the tables of a page, without heads and rules.
struct MarkdownTable: Sendable {
  struct Row: Equatable, Sendable {
    let cells: [String]
    let line: Int
  }

  let rows: [Row]

  /// - Parameter head: The first cell of the tables that are meant.
  init(_ text: String, head: String) {
    var rows: [Row] = []
    var isInside = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard line.hasPrefix("|") else {
        isInside = false
        continue
      }
      let cells = Self.cells(of: line)
      if cells.first == head {
        isInside = true
      } else if isInside, !cells.allSatisfy(\.isRuler) {
        rows.append(Row(cells: cells, line: index + 1))
      }
    }
    self.rows = rows
  }

  private static func cells(of line: Substring) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in line.dropFirst() {
      if character == "|", !isEscaped {
        cells.append(cell.trimmed)
        cell = ""
      } else {
        if isEscaped, character == "|" { cell.removeLast() }
        cell.append(character)
      }
      isEscaped = character == "\\"
    }
    if !cell.trimmed.isEmpty { cells.append(cell.trimmed) }
    return cells
  }
}

extension String {
  /// What stands under the head of a column: `---`, `---:`.
  fileprivate var isRuler: Bool { contains("-") && allSatisfy { $0 == "-" || $0 == ":" } }

  fileprivate var trimmed: String {
    let body = drop { $0 == " " }
    return String(body.reversed().drop { $0 == " " }.reversed())
  }
}
