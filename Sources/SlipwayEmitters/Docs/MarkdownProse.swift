import SlipwayDocuments

/// Words, code and links inside a block of a page.
///
/// Words are escaped when they are printed, so that no name or value of a specification can become
/// markup; what shall be markup is written as an interpolation: `"runs \(code: name)"`.
struct Prose: Hashable, ExpressibleByStringInterpolation {
  enum Span: Hashable {
    case words(String)
    case code(String)
    case strong(String)
    case link(String, address: String)
    case codeLink(String, address: String)
  }

  /// Where the words stand: a cell of a table ends at a bar, a paragraph does not.
  enum Place { case line, cell }

  var spans: [Span]

  init(_ spans: [Span]) { self.spans = spans }

  init(stringLiteral value: String) { spans = [.words(value)] }

  init(stringInterpolation: StringInterpolation) { spans = stringInterpolation.spans }

  struct StringInterpolation: StringInterpolationProtocol {
    fileprivate(set) var spans: [Span] = []

    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { spans.append(.words(literal)) }
    }

    mutating func appendInterpolation(_ words: String) { spans.append(.words(words)) }
    mutating func appendInterpolation(_ number: Int) { spans.append(.words(String(number))) }
    mutating func appendInterpolation(_ prose: Prose) { spans += prose.spans }
    mutating func appendInterpolation(code: String) { spans.append(.code(code)) }
    mutating func appendInterpolation(strong: String) { spans.append(.strong(strong)) }
    mutating func appendInterpolation(_ label: String, at address: String) {
      spans.append(.link(label, address: address))
    }
    mutating func appendInterpolation(code: String, at address: String) {
      spans.append(.codeLink(code, address: address))
    }
  }
}

extension Prose {
  static func code(_ text: String) -> Self { Self([.code(text)]) }
  static func words(_ text: String) -> Self { Self([.words(text)]) }

  /// A sentence of a specification or contract, in which backticks mark code.
  static func note(_ text: String) -> Self {
    guard text.utf8.contains(UInt8(ascii: "`")) else { return .words(text) }
    let pieces = text.split(separator: "`", omittingEmptySubsequences: false)
    // An odd number of backticks marks nothing.
    guard pieces.count % 2 == 1 else { return .words(text) }
    return Self(
      pieces.enumerated().compactMap { index, piece in
        guard !piece.isEmpty else { return nil }
        return index % 2 == 0 ? .words(String(piece)) : .code(String(piece))
      })
  }

  /// Items of code with commas between them, or a word that says that there is none.
  static func codes(_ items: [String], none: String = "–") -> Self {
    items.isEmpty ? .words(none) : list(items.map(Prose.code))
  }

  /// Items with commas between them.
  static func list(_ items: [Prose]) -> Self {
    var spans: [Span] = []
    for (index, item) in items.enumerated() {
      if index > 0 { spans.append(.words(", ")) }
      spans += item.spans
    }
    return Self(spans)
  }

  /// Items with commas and a last `and` between them.
  static func enumeration(_ items: [Prose]) -> Self {
    guard items.count > 1, let last = items.last else { return list(items) }
    return "\(list(Array(items.dropLast()))) and \(last)"
  }
}

// MARK: - Printing

extension Prose {
  /// The Markdown of these spans.
  func text(in place: Place = .line) -> String {
    var text = ""
    for span in spans {
      switch span {
      case .words(let words): text += Self.escaped(words)
      case .code(let code): text += Self.span(of: code, in: place)
      case .strong(let words): text += "**" + Self.escaped(words) + "**"
      case .link(let label, let address):
        text += "[" + Self.escaped(label) + "](" + Self.address(address) + ")"
      case .codeLink(let label, let address):
        text += "[" + Self.span(of: label, in: place) + "](" + Self.address(address) + ")"
      }
    }
    return place == .line ? Self.plainStart(text, spans.first) : text
  }

  private static let space = UInt8(ascii: " ")

  /// Most words: without looking at one character as Unicode would, nothing in them is markup.
  private static func isPlain(_ words: String) -> Bool {
    words.withBytes { bytes in
      bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "a")...UInt8(ascii: "z"), space:
          true
        default: punctuation.contains(byte)
        }
      }
    }
  }

  private static let punctuation = Array("-.,:;/()'\"!?=+%#@{}".utf8)

  /// Characters that could begin markup anywhere in a line.
  private static let special: Set<Character> = ["\\", "`", "*", "[", "]", "<", "~", "|", "$"]

  /// The same as ``escaped(_:)`` for words of printable ASCII, which almost all are; `nil` for
  /// others.
  private static func escapedBytes(_ words: String) -> String? {
    func isWord(_ byte: UInt8) -> Bool { byte.isASCIILetter || byte.isASCIIDigit }
    return words.withBytes { bytes in
      guard bytes.allSatisfy({ (0x20...0x7E).contains($0) }) else { return nil }
      var text: [UInt8] = []
      text.reserveCapacity(bytes.count + 16)
      for (index, byte) in bytes.enumerated() {
        let after = index + 1 < bytes.count ? bytes[index + 1] : space
        switch byte {
        case UInt8(ascii: "_"):
          let isInside = index > 0 && isWord(bytes[index - 1]) && isWord(after)
          if !isInside { text.append(UInt8(ascii: "\\")) }
          text.append(byte)
        case UInt8(ascii: "&") where after.isASCIILetter || after == UInt8(ascii: "#"):
          text += "&amp;".utf8
        default:
          if specialBytes.contains(byte) { text.append(UInt8(ascii: "\\")) }
          text.append(byte)
        }
      }
      return String(decoding: text, as: UTF8.self)
    }
  }

  private static let specialBytes = Array("\\`*[]<~|$".utf8)

  private static func escaped(_ words: String) -> String {
    if isPlain(words) { return words }
    if let text = escapedBytes(words) { return text }
    let characters = Array(words)
    var text = ""
    for (index, character) in characters.enumerated() {
      let before = index > 0 ? characters[index - 1] : " "
      let after = index + 1 < characters.count ? characters[index + 1] : " "
      switch character {
      case _ where special.contains(character): text += "\\" + String(character)
      // Inside a word an underscore is itself: `snake_case` stays readable.
      case "_" where !(before.isLetterOrDigit && after.isLetterOrDigit): text += "\\_"
      case "&" where after.isLetter || after == "#": text += "&amp;"
      case _ where character.isControl: text += " "
      default: text.append(character)
      }
    }
    return text
  }

  /// A code span whose fence is longer than any run of backticks inside.
  private static func span(of code: String, in place: Place) -> String {
    if isPlainCode(code) { return "`" + code + "`" }
    let line = String(code.map { $0.isControl ? " " : $0 })
    guard !line.isEmpty else { return "*empty*" }
    // In a table `\|` is a bar, and what `\\|` is depends on the reader.
    if place == .cell, line.contains("|"), line.contains("\\") { return html(line) }
    var longest = 0
    var run = 0
    for character in line {
      run = character == "`" ? run + 1 : 0
      longest = max(longest, run)
    }
    let fence = String(repeating: "`", count: longest + 1)
    let needsPad = line.hasPrefix("`") || line.hasSuffix("`") || line.hasPrefix(" ")
    let pad = needsPad ? " " : ""
    let inner = place == .cell ? line.replacing("|", with: "\\|") : line
    return fence + pad + inner + pad + fence
  }

  /// Whether one backtick on each side is enough: printable ASCII without what ends a span or a
  /// cell.
  private static func isPlainCode(_ code: String) -> Bool {
    code.withBytes { bytes in
      guard let first = bytes.first, first != space else { return false }
      return bytes.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "\\"): false
        default: (0x20...0x7E).contains(byte)
        }
      }
    }
  }

  private static func html(_ code: String) -> String {
    let entities: [Character: String] = [
      "&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;", "\\": "&#92;", "`": "&#96;",
      "*": "&#42;", "_": "&#95;", "[": "&#91;", "]": "&#93;", "$": "&#36;", "~": "&#126;",
    ]
    return "<code>" + code.map { entities[$0] ?? String($0) }.joined() + "</code>"
  }

  /// The address with what would end it in percent form.
  private static func address(_ address: String) -> String {
    func isPlain(_ byte: UInt8) -> Bool {
      byte > 0x20 && byte < 0x7F && !ending.contains(byte)
    }
    if address.withBytes({ $0.allSatisfy(isPlain) }) { return address }
    let hex = Array("0123456789ABCDEF")
    return address.utf8.reduce(into: "") { text, byte in
      if isPlain(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%\(hex[Int(byte >> 4)])\(hex[Int(byte & 15)])"
      }
    }
  }

  /// What would end an address, or the cell that it stands in.
  private static let ending = Array("()<>\\\"|`".utf8)

  /// Words at the start of a line could begin a heading, a quotation or an item of a list.
  private static func plainStart(_ text: String, _ first: Span?) -> String {
    guard case .words? = first, text.utf8.first?.isASCIILetter == false, let character = text.first
    else { return text }
    if "#>+-=".contains(character) { return "\\" + text }
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty, let mark = text.dropFirst(digits.count).first, ".)".contains(mark) else {
      return text
    }
    return digits + "\\" + text.dropFirst(digits.count)
  }
}

extension Character {
  fileprivate var isLetterOrDigit: Bool { isLetter || isNumber }

  /// A line feed, a tab or anything else that a line of text cannot hold.
  fileprivate var isControl: Bool {
    unicodeScalars.contains {
      $0.value < 0x20 || (0x7F...0x9F).contains($0.value) || [0x2028, 0x2029].contains($0.value)
    }
  }
}
