/// What a template becomes with its values.
struct TemplateRendering {
  private(set) var text = ""
  /// Holes that found no text: nothing, or a list or flag.
  private(set) var unfilled: Set<String> = []

  /// Writes parts; names are looked up in the innermost record first, which is the last.
  mutating func write(_ parts: [TemplateTree.Part], _ records: [[String: Template.Value]]) {
    for part in parts {
      switch part {
      case .text(let piece): text += piece
      case .hole(let name):
        if case .text(let filled) = value(name, records) {
          text += filled
        } else {
          unfilled.insert(name)
        }
      case .section(let name, let inner):
        switch value(name, records) {
        case .list(let elements):
          for element in elements { write(inner, records + [element]) }
        case .flag(true), .text: write(inner, records)
        case .flag(false), nil: break
        }
      case .opposite(let name, let inner):
        switch value(name, records) {
        case .list(let elements): if elements.isEmpty { write(inner, records) }
        case .flag(false), nil: write(inner, records)
        case .flag(true), .text: break
        }
      }
    }
  }

  private func value(_ name: String, _ records: [[String: Template.Value]]) -> Template.Value? {
    for record in records.reversed() {
      if let value = record[name] { return value }
    }
    return nil
  }
}
