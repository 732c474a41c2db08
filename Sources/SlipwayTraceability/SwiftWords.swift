/// The words of a Swift file, without its comments. A string is one word, whatever stands in it, so
/// that code that is only quoted is no code.
struct SwiftWords: Sendable {
  enum Word: Equatable, Sendable {
    case name(String)
    /// A name between back quotes, which is never a keyword.
    case quoted(String)
    /// A string's characters; `nil` if it is not plain: interpolated, escaped or of several lines.
    case literal(String?)
    case mark(Character)
  }

  struct Placed: Equatable, Sendable {
    let word: Word
    let line: Int
  }

  private(set) var words: [Placed] = []
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1

  init(_ text: String) {
    bytes = Array(text.utf8)
    readCode(isInterpolated: false)
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func follows(_ text: [UInt8]) -> Bool {
    index + text.count <= bytes.count && bytes[index..<(index + text.count)].elementsEqual(text)
  }

  private func follows(_ text: StaticString) -> Bool {
    text.withUTF8Buffer { follows(Array($0)) }
  }

  private mutating func take(_ count: Int = 1) {
    for _ in 0..<count where index < bytes.count {
      if bytes[index] == .newline { line += 1 }
      index += 1
    }
  }

  private func text(from start: Int, to end: Int) -> String {
    String(decoding: bytes[start..<max(start, end)], as: UTF8.self)
  }

  /// Reads to the end, or to the bracket that closes an interpolation.
  private mutating func readCode(isInterpolated: Bool) {
    var depth = 0
    while let byte = next {
      let first = line
      if follows("//") {
        while let inside = next, inside != .newline { take() }
      } else if follows("/*") {
        skipBlockComment()
      } else if byte == .quote || byte == .hash && marked(by: .quote) {
        readString()
      } else if byte == .hash && marked(by: .slash) || byte == .slash && startsPattern {
        skipPattern()
      } else if byte == .backquote {
        take()
        let start = index
        while let inside = next, inside != .backquote, inside != .newline { take() }
        words.append(Placed(word: .quoted(text(from: start, to: index)), line: first))
        take()
      } else if byte.isName {
        let start = index
        while next?.isName == true { take() }
        words.append(Placed(word: .name(text(from: start, to: index)), line: first))
      } else {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") {
          if isInterpolated, depth == 0 { return }
          depth -= 1
        }
        take()
        if byte > 0x20 {
          words.append(Placed(word: .mark(Character(UnicodeScalar(byte))), line: first))
        }
      }
    }
  }

  private mutating func skipBlockComment() {
    var depth = 0
    repeat {
      if follows("/*") {
        depth += 1
        take(2)
      } else if follows("*/") {
        depth -= 1
        take(2)
      } else {
        take()
      }
    } while depth > 0 && next != nil
  }

  /// How many `#` stand here.
  private var hashes: Int { bytes[index...].prefix { $0 == .hash }.count }

  /// Whether `#` marks stand here with this behind them: a raw string or pattern, no directive.
  private func marked(by byte: UInt8) -> Bool {
    let behind = index + hashes
    return behind < bytes.count && bytes[behind] == byte
  }

  private mutating func readString() {
    let (first, hashes) = (line, hashes)
    take(hashes)
    let quotes = follows("\"\"\"") ? 3 : 1
    take(quotes)
    let raw = [UInt8](repeating: .hash, count: hashes)
    let end = [UInt8](repeating: .quote, count: quotes) + raw
    let escape = [.backslash] + raw
    let start = index
    var isPlain = quotes == 1
    while next != nil, !follows(end) {
      guard follows(escape) else {
        take()
        continue
      }
      isPlain = false
      take(escape.count)
      guard next == UInt8(ascii: "(") else {
        take()
        continue
      }
      take()
      let count = words.count
      readCode(isInterpolated: true)
      words.removeLast(words.count - count)
      take()
    }
    let characters = isPlain ? text(from: start, to: index) : nil
    words.append(Placed(word: .literal(characters), line: first))
    take(end.count)
  }

  /// `/` begins a pattern where a value may stand, and another one closes it on the same line.
  private var startsPattern: Bool {
    guard index + 1 < bytes.count, bytes[index + 1] > 0x20 else { return false }
    switch words.last?.word {
    case .name(let name) where !["return", "in", "try", "case"].contains(name): return false
    case .quoted, .literal: return false
    case .mark(let mark) where ")]}?!>".contains(mark): return false
    default: break
    }
    return bytes[(index + 1)...].prefix { $0 != .newline }.contains(.slash)
  }

  private mutating func skipPattern() {
    let first = line
    let end = [.slash] + [UInt8](repeating: .hash, count: hashes)
    take(end.count)
    while next != nil, !follows(end) { take(next == .backslash ? 2 : 1) }
    take(end.count)
    words.append(Placed(word: .literal(nil), line: first))
  }
}

extension UInt8 {
  fileprivate static let newline = UInt8(ascii: "\n")
  fileprivate static let quote = UInt8(ascii: "\"")
  fileprivate static let backquote = UInt8(ascii: "`")
  fileprivate static let hash = UInt8(ascii: "#")
  fileprivate static let slash = UInt8(ascii: "/")
  fileprivate static let backslash = UInt8(ascii: "\\")

  fileprivate var isName: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
      true
    default: false
    }
  }
}
