/// One defect that somebody found by hand.
struct Label {
  let id: String
  let kind: String
  let folders: [String]
  let file: String
  /// Lines on which a finding counts; empty for all.
  let lines: Set<Int>
  let rules: Set<String>

  static func all(in table: String) -> [Label] {
    table.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { row in
      let cells = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      return cells.count == 6 ? Label(cells) : nil
    }
  }

  private init(_ cells: [String]) {
    id = cells[0]
    kind = cells[1]
    folders = cells[2].split(separator: "+").map(String.init)
    file = cells[3]
    lines = Set(
      cells[4].split(separator: ",").flatMap { part -> [Int] in
        let ends = part.split(separator: "-").compactMap { Int($0) }
        guard let first = ends.first, let last = ends.last, first <= last else { return [] }
        return Array(first...last)
      })
    rules = Set(cells[5].split(separator: ",").map(String.init))
  }
}
