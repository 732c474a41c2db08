package import SlipwayDocuments
import SlipwayModel

extension GateReport {
  /// For people at a terminal: at most 100 columns.
  package func table(colours: Bool) -> String {
    let width = lines.map(\.id.count).max() ?? 0
    var text = heading + "\n\n"
    for line in lines {
      let verdict = line.ruling.verdict
      let word = verdict.rawValue.padding(to: 8)
      let mark = colours ? "\u{1B}[\(verdict.colour)m\(word)\u{1B}[0m" : word
      let indent = String(repeating: " ", count: 14 + width)
      text += "  \(mark)  \(line.id.padding(to: width))  "
      text += line.ruling.seen.wrapped(to: 100 - indent.count, indent: indent) + "\n"
      if !line.ruling.fix.isEmpty {
        let fix = "fix: \(line.ruling.fix)"
        text += indent + fix.wrapped(to: 100 - indent.count, indent: indent + "     ") + "\n"
      }
    }
    return text + "\n\(decision)\n"
  }

  /// For programs.
  package func json() throws(PrintError) -> String {
    let root = JSONNode.map([
      .entry("environment", .string(question.expectations.environment)),
      .entry("kind", .string(question.kind.rawValue)),
      .entry("seat", .string(question.seat.rawValue)),
      .entry("commit", .string(question.record.commit)),
      .entry("at", .string(question.now.text)),
      .entry("passes", .bool(passes)),
      .entry(
        "conditions",
        .list(
          lines.map { line in
            .map([
              .entry("id", .string(line.id)),
              .entry("verdict", .string(line.ruling.verdict.rawValue)),
              .entry("promise", .string(line.promise)),
              .entry("seen", .string(line.ruling.seen.printable)),
              .entry("fix", .string(line.ruling.fix.printable)),
              .entry("sources", .list(line.sources.map { .string($0) })),
            ])
          })),
      .entry("later", .list(later.map { .string($0) })),
    ])
    return try Document.json(root).print()
  }

  /// For the summary page of a workflow's job.
  package func markdown() -> String {
    var text = "### \(heading.markdown)\n\n| verdict | condition | seen | fix |\n"
    text += "| --- | --- | --- | --- |\n"
    for line in lines {
      text += "| \(line.ruling.verdict.rawValue) | `\(line.id)` | \(line.ruling.seen.markdown) | "
      text += "\(line.ruling.fix.markdown) |\n"
    }
    return text + "\n\(decision.markdown)\n"
  }
}

extension Verdict {
  fileprivate var colour: Int {
    switch self {
    case .pass: 32
    case .fail: 31
    case .unproven: 33
    }
  }
}

extension String {
  fileprivate func padding(to width: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, width - count))
  }

  /// What was read from a file may hold anything; a terminal must not obey it.
  var printable: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: "\u{FFFD}"
          default: scalar
          }
        }))
  }

  /// Broken between words; a word that is too long stands alone.
  fileprivate func wrapped(to width: Int, indent: String) -> String {
    var lines: [String] = []
    var line = ""
    for word in printable.split(separator: " ") {
      if !line.isEmpty, line.count + 1 + word.count > Swift.max(width, 20) {
        lines.append(line)
        line = String(word)
      } else {
        line += (line.isEmpty ? "" : " ") + word
      }
    }
    return (lines + [line]).joined(separator: "\n" + indent)
  }

  /// As text of a table's cell: no markup of its own takes effect.
  fileprivate var markdown: String {
    printable.reduce(into: "") { text, character in
      if "\\`*_{}[]<>#|~&".contains(character) { text.append("\\") }
      text.append(character)
    }
  }
}
