/// Prints findings for people.
public struct TextPrinter: Sendable {
  private let source: any SourceText
  private let colours: Bool
  /// How a user types this program: `.build/debug/slipway`. Texts call it `slipway`.
  private let program: String
  /// The rules that the command can explain; `nil` means all.
  private let explained: Set<String>?
  private let width = 100

  public init(
    source: any SourceText, colours: Bool = false, program: String = "slipway",
    explained: Set<String>? = nil
  ) {
    self.source = source
    self.colours = colours
    self.program = program
    self.explained = explained
  }

  /// All findings in their fixed order, an empty line between two.
  public func print(_ findings: [Finding]) -> String {
    findings.sorted().map(print).joined(separator: "\n")
  }

  /// One finding, with a line break at its end.
  public func print(_ finding: Finding) -> String {
    var lines: [String] = []
    let head = paint("\(finding.severity.rawValue)[\(finding.rule)]", finding.severity)
    lines += wrapped("\(head): \(finding.message)", indent: "  ")
    let places = finding.written.compactMap { origin -> ArgumentPlace? in
      ArgumentPlace.find(origin, in: source)
    }
    let gutter = String(repeating: " ", count: places.map { String($0.line).count }.max() ?? 1)
    for (index, origin) in finding.written.enumerated() {
      let place = ArgumentPlace.find(origin, in: source)
      lines.append("\(gutter) --> \(source.display(origin.file)):\(place?.line ?? origin.line)")
      if let place { lines += excerpt(place, gutter, label: index == 0 ? finding.label : "") }
    }
    if let lands = finding.lands { lines += landing(lands, gutter) }
    lines += wrapped("\(gutter) = why: \(finding.why)", indent: "\(gutter)        ")
    lines += wrapped("\(gutter) = fix: \(typed(finding.fix))", indent: "\(gutter)        ")
    if let waiver = finding.waiver {
      lines += wrapped("\(gutter) = \(waiver.words)", indent: "\(gutter)        ")
    }
    if explained?.contains(finding.rule) ?? true {
      lines.append("\(gutter) = see: \(program) explain \(finding.rule)")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The text with each command of this program as it can be typed here.
  private func typed(_ text: String) -> String {
    text.replacing("`slipway ", with: "`\(program) ")
  }

  private func excerpt(_ place: ArgumentPlace, _ gutter: String, label: String) -> [String] {
    let number = String(place.line)
    let pad = String(repeating: " ", count: gutter.count - number.count)
    let room = width - gutter.count - 3
    let text = place.text.count > room ? place.text.prefix(room - 1) + "…" : place.text[...]
    let length = max(1, min(place.columns.count, room - place.columns.lowerBound))
    let marks =
      String(repeating: " ", count: place.columns.lowerBound)
      + String(repeating: "^", count: length)
    var lines = ["\(gutter) |", "\(pad)\(number) | \(text)"]
    if place.columns.upperBound + label.count + 1 <= room {
      lines.append("\(gutter) | \(marks)\(label.isEmpty ? "" : " " + label)")
    } else {
      lines.append("\(gutter) | \(marks)")
      if !label.isEmpty {
        let start = max(0, min(place.columns.lowerBound, room - label.count))
        lines.append("\(gutter) | " + String(repeating: " ", count: start) + label)
      }
    }
    lines.append("\(gutter) |")
    return lines
  }

  private func landing(_ lands: Landing, _ gutter: String) -> [String] {
    let line = lands.line.map { ":\($0)" } ?? ""
    let place = lands.place.isEmpty ? "" : "  \(lands.place)"
    var lines = wrapped("\(gutter) ::: \(lands.path)\(line)\(place)", indent: "\(gutter)     ")
    if let text = lands.text {
      lines += text.split(separator: "\n").map {
        String("\(gutter) |       \($0)".prefix(width))
      }
    }
    return lines
  }

  /// Breaks at spaces so that no line is longer than the width; a longer word stays whole, and the
  /// spaces at the start stay where they are.
  private func wrapped(_ text: String, indent: String) -> [String] {
    let lead = String(text.prefix { $0 == " " })
    var lines: [String] = []
    var line = ""
    for word in text.dropFirst(lead.count).split(separator: " ") {
      if line.isEmpty {
        line = lead + word
      } else if visible(line) + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = indent + word
      }
    }
    return lines + [line]
  }

  private func visible(_ text: String) -> Int {
    colours ? text.count - (text.contains("\u{1B}") ? 9 : 0) : text.count
  }

  private func paint(_ text: String, _ severity: FindingSeverity) -> String {
    guard colours else { return text }
    return "\u{1B}[\(severity == .error ? 31 : 33)m\(text)\u{1B}[0m"
  }
}
