import SlipwayDiagnostics
import SlipwayDocuments

/// A page in Markdown, as a tree; the lines know where their content was written.
struct Page {
  /// An item of a list.
  struct Item {
    let prose: Prose
    let origins: [Origin]

    init(_ prose: Prose, from origins: [Origin] = []) {
      self.prose = prose
      self.origins = origins
    }
  }

  enum Block {
    case heading(level: Int, Prose)
    case paragraph(Item)
    case bullets([Item])
    case steps([Item])
    case table(Table)
    /// Lines that are shown as they are.
    case code(language: String, [TextLine])
  }

  var blocks: [Block]

  init(title: Prose) { blocks = [.heading(level: 1, title)] }

  mutating func section(_ title: Prose, level: Int = 2) {
    blocks.append(.heading(level: level, title))
  }

  mutating func say(_ prose: Prose, from origins: [Origin] = []) {
    blocks.append(.paragraph(Item(prose, from: origins)))
  }

  mutating func bullets(_ items: [Item]) {
    if !items.isEmpty { blocks.append(.bullets(items)) }
  }

  mutating func steps(_ items: [Item]) {
    if !items.isEmpty { blocks.append(.steps(items)) }
  }

  /// A table, or a sentence where it would have no rows.
  mutating func table(_ table: Table, none: Prose) {
    if table.rows.isEmpty { say(none) } else { blocks.append(.table(table)) }
  }

  mutating func code(_ language: String, _ lines: [TextLine]) {
    blocks.append(.code(language: language, lines))
  }
}

// MARK: - Printing

extension Page {
  var document: TextDocument { TextDocument(lines, comments: .markup) }

  private var lines: [TextLine] {
    var lines: [TextLine] = []
    for (index, block) in blocks.enumerated() {
      if index > 0 { lines.append("") }
      lines += Self.lines(of: block)
    }
    return lines
  }

  private static func lines(of block: Block) -> [TextLine] {
    switch block {
    case .heading(let level, let prose):
      [TextLine(String(repeating: "#", count: level) + " " + prose.text())]
    case .paragraph(let item): [TextLine(item.prose.text(), from: item.origins)]
    case .bullets(let items):
      items.map { TextLine("- " + $0.prose.text(), from: $0.origins) }
    case .steps(let items):
      items.enumerated().map { TextLine("\($0 + 1). " + $1.prose.text(), from: $1.origins) }
    case .table(let table): table.lines
    case .code(let language, let lines): fenced(language, lines)
    }
  }

  private static func fenced(_ language: String, _ lines: [TextLine]) -> [TextLine] {
    var fence = "```"
    while true {
      let search = ByteSearch(bytes: Array(fence.utf8))
      guard lines.contains(where: { search.isIn($0.text) }) else { break }
      fence += "`"
    }
    return [TextLine(fence + language)] + lines + [TextLine(fence)]
  }

  /// What a heading is called in an address, as GitHub and GitLab make it.
  static func anchor(of heading: String) -> String {
    String(
      heading.lowercased().compactMap { character in
        if character.isLetter || character.isNumber || "-_".contains(character) {
          return character
        }
        return character == " " ? "-" : nil
      })
  }
}

/// A table in which every row has as many cells as there are columns.
struct Table {
  struct Row {
    let cells: [Prose]
    let origins: [Origin]

    init(_ cells: [Prose], from origins: [Origin] = []) {
      self.cells = cells
      self.origins = origins
    }
  }

  let columns: [Prose]
  private(set) var rows: [Row]

  init(_ columns: [Prose], _ rows: [Row] = []) {
    self.columns = columns
    self.rows = []
    for row in rows { add(row) }
  }

  /// Adds a row; a missing cell is empty, and one too many has no column to stand in.
  mutating func add(_ row: Row) {
    let missing = max(0, columns.count - row.cells.count)
    let cells = row.cells.prefix(columns.count) + Array(repeating: "", count: missing)
    rows.append(Row(Array(cells), from: row.origins))
  }

  /// The Markdown, without a line feed at its end.
  var text: String { lines.map(\.text).joined(separator: "\n") }

  fileprivate var lines: [TextLine] {
    let dashes = Array(repeating: "---", count: columns.count)
    return [
      TextLine(Self.line(columns.map { $0.text(in: .cell) })), TextLine(Self.line(dashes)),
    ] + rows.map { TextLine(Self.line($0.cells.map { $0.text(in: .cell) }), from: $0.origins) }
  }

  private static func line(_ cells: [String]) -> String {
    "| " + cells.joined(separator: " | ") + " |"
  }
}
