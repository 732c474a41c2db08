import SlipwayDiagnostics
import SlipwayDocuments

/// A page in Markdown, built of blocks; every cell and every word is escaped in one place.
struct MarkdownPage {
  private(set) var lines: [TextLine] = []

  mutating func heading(_ level: Int, _ text: String) {
    gap()
    lines.append(TextLine(String(repeating: "#", count: level) + " " + text))
  }

  mutating func paragraph(_ text: String, from origins: [Origin] = []) {
    gap()
    lines.append(TextLine(text, from: origins))
  }

  mutating func list(_ items: [String], numbered: Bool = false, from origins: [Origin] = []) {
    guard !items.isEmpty else { return }
    gap()
    for (index, item) in items.enumerated() {
      lines.append(TextLine("\(numbered ? "\(index + 1)." : "-") \(item)", from: origins))
    }
  }

  /// A table; a row that has fewer cells than the head is filled up.
  mutating func table(_ head: [String], _ rows: [(cells: [String], origins: [Origin])]) {
    guard !rows.isEmpty else { return }
    gap()
    lines.append(TextLine(row(head)))
    lines.append(TextLine("|" + head.map { _ in " --- |" }.joined()))
    for (cells, origins) in rows {
      let missing = max(0, head.count - cells.count)
      lines.append(TextLine(row(cells + Array(repeating: "", count: missing)), from: origins))
    }
  }

  mutating func block(_ language: String, _ text: [String]) {
    gap()
    lines.append(TextLine("```" + language))
    lines += text.map { TextLine($0) }
    lines.append("```")
  }

  private mutating func gap() {
    if !lines.isEmpty { lines.append("") }
  }

  private func row(_ cells: [String]) -> String {
    "| " + cells.map(Self.cell).joined(separator: " | ") + " |"
  }

  /// A vertical bar ends a cell even inside code, and a line break ends the table.
  private static func cell(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      switch character {
      case "|": result += "\\|"
      case "\n": result += "<br>"
      default: result.append(character)
      }
    }
  }

  var document: Document { .text(TextDocument(lines, comments: .markup)) }
}

extension String {
  /// As code; text that holds a backtick is fenced by two.
  var code: String { contains("`") ? "`` \(self) ``" : "`\(self)`" }
}
