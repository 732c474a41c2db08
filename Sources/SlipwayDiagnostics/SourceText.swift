/// Gives a printer the text of specification files; the only way diagnostics see a file.
public protocol SourceText: Sendable {
  /// Line `line` (counted from 1) of `file`, without its line break; `nil` if there is none.
  func line(_ line: Int, of file: String) -> String?
  /// The path as a person would type it: relative to the package root.
  func display(_ file: String) -> String
}

/// Knows no file; findings are printed without the lines they point to.
public struct NoSourceText: SourceText {
  public init() {}
  public func line(_ line: Int, of file: String) -> String? { nil }
  public func display(_ file: String) -> String { file }
}

extension SourceText {
  /// The line on which a value was written, with its text: the line of its label, if it has one.
  public func place(of origin: Origin) -> (line: Int, text: String)? {
    ArgumentPlace.find(origin, in: self).map { ($0.line, $0.text) }
  }
}

/// Where an argument stands in the text of a call.
struct ArgumentPlace {
  let line: Int
  let text: String
  /// Of the label, in characters from the start of the line.
  let columns: Range<Int>

  /// Looks for `argument:` from the line of the call on; a call is seldom longer than 60 lines.
  static func find(_ origin: Origin, in source: any SourceText) -> ArgumentPlace? {
    guard let first = source.line(origin.line, of: origin.file) else { return nil }
    guard let argument = origin.argument else {
      return whole(first, line: origin.line)
    }
    for line in origin.line..<(origin.line + 60) {
      guard let text = source.line(line, of: origin.file) else { break }
      if let columns = label(argument, in: text) {
        return ArgumentPlace(line: line, text: text, columns: columns)
      }
    }
    return whole(first, line: origin.line)
  }

  private static func whole(_ text: String, line: Int) -> ArgumentPlace {
    let start = text.prefix { $0 == " " }.count
    return ArgumentPlace(line: line, text: text, columns: start..<max(text.count, start + 1))
  }

  private static func label(_ argument: String, in text: String) -> Range<Int>? {
    let characters = Array(text)
    let wanted = Array(argument + ":")
    guard characters.count >= wanted.count else { return nil }
    for start in 0...(characters.count - wanted.count)
    where Array(characters[start..<(start + wanted.count)]) == wanted {
      let before = start == 0 ? " " : characters[start - 1]
      if !before.isLetter, !before.isNumber, before != "_" {
        return start..<(start + argument.count)
      }
    }
    return nil
  }
}
