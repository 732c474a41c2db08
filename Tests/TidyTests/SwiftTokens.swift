/// The words and marks of a Swift file, each with its line. Comments and the characters of strings
/// are left out; what stands inside an interpolation is code, and stays.
struct SwiftTokens: Sendable {
  struct Token: Equatable, Sendable {
    let text: String
    let line: Int
    /// Whether it stands right behind the one before: `try!` is another thing than `try !x`.
    let isGlued: Bool
  }

  private(set) var tokens: [Token] = []
  private let bytes: [UInt8]
  private var index = 0
  private var line = 1
  private var lastEnd = -1

  init(_ text: String) {
    bytes = Array(text.utf8)
    readCode(until: nil)
  }

  private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private func follows(_ text: StaticString) -> Bool {
    let count = text.utf8CodeUnitCount
    guard index + count <= bytes.count else { return false }
    return text.withUTF8Buffer { bytes[index..<(index + count)].elementsEqual($0) }
  }

  private mutating func take(_ count: Int = 1) {
    for _ in 0..<count {
      if next == UInt8(ascii: "\n") { line += 1 }
      index += 1
    }
  }

  private mutating func add(from start: Int, line: Int) {
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    tokens.append(Token(text: text, line: line, isGlued: start == lastEnd))
    lastEnd = index
  }

  /// Reads code up to its end, or up to the bracket that closes an interpolation.
  private mutating func readCode(until closing: UInt8?) {
    var depth = 0
    while let byte = next {
      if follows("//") {
        while let inside = next, inside != UInt8(ascii: "\n") { take() }
      } else if follows("/*") {
        readBlockComment()
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "#") && startsRawString {
        readString()
      } else if byte.isIdentifier {
        let (start, first) = (index, line)
        while next?.isIdentifier == true { take() }
        add(from: start, line: first)
      } else {
        if byte == UInt8(ascii: "(") { depth += 1 }
        if byte == UInt8(ascii: ")") {
          if depth == 0, closing == byte { return }
          depth -= 1
        }
        let (start, first) = (index, line)
        take()
        if byte > 0x20 { add(from: start, line: first) }
      }
    }
  }

  private mutating func readBlockComment() {
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

  /// `#"` or `##"`, which is no directive.
  private var startsRawString: Bool {
    let behind = index + marks
    return behind < bytes.count && bytes[behind] == UInt8(ascii: "\"")
  }

  /// How many `#` stand here.
  private var marks: Int { bytes[index...].prefix { $0 == UInt8(ascii: "#") }.count }

  private mutating func readString() {
    let (start, first, marks) = (index, line, marks)
    take(marks)
    let quotes = follows("\"\"\"") ? 3 : 1
    take(quotes)
    tokens.append(Token(text: "\"", line: first, isGlued: start == lastEnd))
    let raw = [UInt8](repeating: UInt8(ascii: "#"), count: marks)
    let end = [UInt8](repeating: UInt8(ascii: "\""), count: quotes) + raw
    let escape = [UInt8(ascii: "\\")] + raw
    while next != nil, !bytes[index...].starts(with: end) {
      guard bytes[index...].starts(with: escape) else {
        take()
        continue
      }
      take(escape.count)
      guard next == UInt8(ascii: "(") else {
        take()
        continue
      }
      take()
      readCode(until: UInt8(ascii: ")"))
      take()
    }
    take(end.count)
    lastEnd = index
  }
}

extension UInt8 {
  fileprivate var isIdentifier: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "$"), 0x80...0xFF:
      true
    default: false
    }
  }
}

extension SwiftTokens {
  /// The lines on which these tokens follow each other.
  ///
  /// - Parameter glued: Whether nothing may stand between them.
  func lines(
    of pattern: String..., glued: Bool = false, notAfter before: Set<String> = []
  ) -> [Int] {
    tokens.indices.filter { index in
      guard index + pattern.count <= tokens.count else { return false }
      let found = tokens[index..<(index + pattern.count)]
      let matches = zip(found, pattern).allSatisfy { $0.text == $1 }
      let isClose = !glued || found.dropFirst().allSatisfy(\.isGlued)
      return matches && isClose && !(index > 0 && before.contains(tokens[index - 1].text))
    }.map { tokens[$0].line }
  }

  /// The functions, initialisers and computed properties with a body.
  var functions: [Function] {
    tokens.indices.compactMap { index in
      guard isDeclaration(at: index), let open = body(after: index),
        let close = closing(of: open)
      else { return nil }
      let name = index + 1 < tokens.count ? tokens[index + 1].text : ""
      return Function(
        name: name.utf8.allSatisfy(\.isIdentifier) ? name : tokens[index].text,
        start: tokens[index].line, end: tokens[close].line)
    }
  }

  struct Function: Equatable {
    let name: String
    let start: Int
    let end: Int
    var length: Int { end - start + 1 }
  }

  private func isDeclaration(at index: Int) -> Bool {
    let before = index > 0 ? tokens[index - 1].text : ""
    switch tokens[index].text {
    case "func", "subscript", "deinit", "var": return before != "."
    case "init": return before != "."
    default: return false
    }
  }

  /// The brace that opens the body; `nil` where the declaration ends without one.
  private func body(after index: Int) -> Int? {
    var depth = 0
    for position in tokens.indices[(index + 1)...] {
      switch tokens[position].text {
      case "(", "[": depth += 1
      case ")", "]": depth -= 1
      case "{" where depth == 0: return position
      case "}" where depth == 0: return nil
      case "func", "var", "let", "case", "init", "static", "subscript", "private", "package",
        "public", "extension", "struct", "enum", "@":
        if depth == 0 { return nil }
      default: break
      }
      if depth < 0 { return nil }
    }
    return nil
  }

  private func closing(of open: Int) -> Int? {
    var depth = 0
    for position in tokens.indices[open...] {
      if tokens[position].text == "{" { depth += 1 }
      if tokens[position].text == "}" { depth -= 1 }
      if depth == 0 { return position }
    }
    return nil
  }
}
