/// A page in Markdown, read back line by line, by code that shares nothing with the printer.
struct MarkdownText {
  let lines: [String]
  /// Lines outside of fenced code, with their numbers.
  let prose: [(number: Int, text: String)]
  /// The code blocks, by language.
  let blocks: [(language: String, lines: [String])]

  init(_ text: String) {
    lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    var prose: [(Int, String)] = []
    var blocks: [(String, [String])] = []
    var fence: String?
    for (index, line) in lines.enumerated() {
      if let open = fence {
        if line == open { fence = nil } else { blocks[blocks.count - 1].1.append(line) }
      } else if line.hasPrefix("```") {
        fence = String(line.prefix { $0 == "`" })
        blocks.append((String(line.drop { $0 == "`" }), []))
      } else {
        prose.append((index + 1, line))
      }
    }
    self.prose = prose
    self.blocks = blocks
  }

  var headings: [(level: Int, title: String)] {
    prose.map(\.text).filter { $0.hasPrefix("#") }.map { line in
      let level = line.prefix { $0 == "#" }.count
      return (level, String(line.dropFirst(level + 1)))
    }
  }

  /// The tables: rows of cells, the head first and the dashes left out.
  var tables: [[[String]]] {
    var tables: [[[String]]] = []
    var isInside = false
    for (_, line) in prose {
      guard line.hasPrefix("|") else {
        isInside = false
        continue
      }
      let cells = Self.cells(of: line)
      if !isInside { tables.append([]) }
      isInside = true
      if !cells.allSatisfy({ $0 == "---" }) { tables[tables.count - 1].append(cells) }
    }
    return tables
  }

  /// The first table whose head is this.
  func table(_ head: String...) -> [[String]]? {
    tables.first { $0.first?.starts(with: head) == true }.map { Array($0.dropFirst()) }
  }

  /// Cells end at bars without a backslash before them.
  static func cells(of line: String) -> [String] {
    var cells: [String] = []
    var cell = ""
    var isEscaped = false
    for character in line.dropFirst() {
      if character == "|", !isEscaped {
        cells.append(trimmed(cell))
        cell = ""
      } else {
        cell.append(character)
      }
      isEscaped = character == "\\" && !isEscaped
    }
    return cell.isEmpty ? cells : cells + ["no bar at the end: " + cell]
  }

  private static func trimmed(_ text: String) -> String {
    String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }

  /// The addresses of links outside of code.
  var links: [String] {
    var links: [String] = []
    for (_, line) in prose {
      var rest = Self.withoutCode(line)[...]
      while let open = rest.firstRange(of: "](") {
        rest = rest[open.upperBound...]
        guard let close = rest.firstIndex(of: ")") else { break }
        links.append(String(rest[..<close]))
        rest = rest[close...]
      }
    }
    return links
  }

  /// A line with the content of code spans taken out.
  private static func withoutCode(_ line: String) -> String {
    line.split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 0 }.map { String($0.element) }.joined()
  }
}
