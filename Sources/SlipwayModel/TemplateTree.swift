/// A template as the parts it consists of: a subset of [Mustache](https://mustache.github.io),
/// namely holes, sections, their opposites and comments.
///
/// As there, the mark of a section that stands alone on its line takes the line with it.
struct TemplateTree: Sendable {
  indirect enum Part: Sendable {
    /// Stands as it is.
    case text(String)
    /// `{{NAME}}`
    case hole(String)
    /// `{{#NAME}}…{{/NAME}}`
    case section(String, [Part])
    /// `{{^NAME}}…{{/NAME}}`: what stands for an empty list or a flag that is off.
    case opposite(String, [Part])
  }

  /// Why a text is no template.
  struct Fault: Error, CustomStringConvertible {
    let line: Int
    let message: String
    var description: String { "line \(line): \(message)" }
  }

  let parts: [Part]

  init(_ text: String) throws(Fault) {
    var reader = TemplateReader(bytes: Array(text.utf8))
    parts = try reader.parts(within: nil)
  }
}

/// Cuts a text at its tags.
private struct TemplateReader {
  let bytes: [UInt8]
  private var position = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  /// A tag: what stands between `{{` and `}}`, and what it takes out of the text.
  private struct Tag {
    let mark: UInt8
    let name: String
    /// From the first brace to behind the last.
    let extent: Range<Int>

    /// A hole becomes text in its line; every other tag can have the line to itself.
    var isHole: Bool { !"#^/!".utf8.contains(mark) }
  }

  /// The parts up to the tag that closes this section, or to the end of the text.
  mutating func parts(
    within section: String?, openedAt start: Int = 0
  ) throws(TemplateTree.Fault) -> [TemplateTree.Part] {
    var parts: [TemplateTree.Part] = []
    while let tag = try tag(from: position) {
      let taken = tag.isHole ? tag.extent : wholeLine(of: tag.extent)
      if taken.lowerBound > position { parts.append(.text(text(position..<taken.lowerBound))) }
      position = taken.upperBound
      switch tag.mark {
      case UInt8(ascii: "#"): parts.append(.section(tag.name, try within(tag)))
      case UInt8(ascii: "^"): parts.append(.opposite(tag.name, try within(tag)))
      case UInt8(ascii: "!"): break
      case UInt8(ascii: "/"):
        guard tag.name == section else {
          throw fault(at: tag.extent.lowerBound, "'{{/\(tag.name)}}' closes nothing")
        }
        return parts
      default: parts.append(.hole(tag.name))
      }
    }
    if let section { throw fault(at: start, "'\(section)' is not closed") }
    if position < bytes.count { parts.append(.text(text(position..<bytes.count))) }
    position = bytes.count
    return parts
  }

  private mutating func within(_ tag: Tag) throws(TemplateTree.Fault) -> [TemplateTree.Part] {
    try parts(within: tag.name, openedAt: tag.extent.lowerBound)
  }

  /// The next tag at or behind an index.
  private func tag(from start: Int) throws(TemplateTree.Fault) -> Tag? {
    guard let open = pair(UInt8(ascii: "{"), from: start) else { return nil }
    guard let close = pair(UInt8(ascii: "}"), from: open + 2) else {
      throw fault(at: open, "'{{' without '}}'")
    }
    var inside = bytes[(open + 2)..<close]
    let mark = inside.first ?? 0
    if "#^/!".utf8.contains(mark) { inside.removeFirst() }
    let name = String(decoding: inside.filter { $0 != 0x20 }, as: UTF8.self)
    let isName = name.utf8.allSatisfy {
      (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) || $0 == UInt8(ascii: "_")
    }
    guard mark == UInt8(ascii: "!") || (isName && !name.isEmpty) else {
      throw fault(at: open, "'\(text(open..<close + 2))' is no tag")
    }
    return Tag(mark: mark, name: name, extent: open..<close + 2)
  }

  /// The line around a tag, with its line feed, if nothing else stands on it; else the tag.
  private func wholeLine(of tag: Range<Int>) -> Range<Int> {
    var start = tag.lowerBound
    while start > 0, bytes[start - 1] == 0x20 || bytes[start - 1] == 0x09 { start -= 1 }
    guard start == 0 || bytes[start - 1] == 0x0A else { return tag }
    var end = tag.upperBound
    while end < bytes.count, bytes[end] == 0x20 || bytes[end] == 0x09 { end += 1 }
    guard end < bytes.count else { return start..<end }
    return bytes[end] == 0x0A ? start..<end + 1 : tag
  }

  private func pair(_ brace: UInt8, from start: Int) -> Int? {
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == brace, bytes[index + 1] == brace { return index }
      index += 1
    }
    return nil
  }

  private func text(_ range: Range<Int>) -> String {
    String(decoding: bytes[range], as: UTF8.self)
  }

  private func fault(at index: Int, _ message: String) -> TemplateTree.Fault {
    TemplateTree.Fault(line: 1 + bytes[..<index].count { $0 == 0x0A }, message: message)
  }
}
