/// Cuts a PromQL text into tokens.
///
/// The language is read differently in three places: outside, between braces (where keywords are
/// names) and right after `[` (where only lengths of time stand).
/// Source: promql/parser/lex.go of github.com/prometheus/prometheus at commit
/// d15adb9ad7e5d9fbde3a9a8f30200593a5a14d86.
struct Lexer {
  let bytes: [UInt8]
  var index = 0
  private var isBraceOpen = false
  private var isBracketOpen = false
  private var hasColon = false
  /// After `[`, until the first number: comments and most signs are not allowed there.
  private var isAtDuration = false
  private var mark = SourcePosition.start

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The next token; `end` or `invalid` for ever once the text is used up or broken.
  mutating func next() -> Token {
    if let broken = skipBlanks() { return broken }
    let start = position(at: index)
    let kind = scan()
    return Token(kind: kind, range: SourceRange(start, position(at: index)))
  }

  /// The byte at `index`, or `ahead` bytes later.
  func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    index + ahead < bytes.count ? Unicode.Scalar(bytes[index + ahead]) : nil
  }

  /// Skips the next byte when it is one of `accepted`.
  mutating func accept(_ accepted: String) -> Bool {
    guard let next = peek(), accepted.unicodeScalars.contains(next) else { return false }
    index += 1
    return true
  }

  private mutating func skipBlanks() -> Token? {
    while let next = peek() {
      switch next {
      case " ", "\t", "\n", "\r": index += 1
      case "#":
        if isAtDuration {
          let start = position(at: index)
          index = bytes.count
          return Token(
            kind: .invalid(
              "a comment may not stand in front of a duration", expected: "a duration"),
            range: SourceRange(start, start))
        }
        while let next = peek(), next != "\n", next != "\r" { index += 1 }
      default: return nil
      }
    }
    return nil
  }

  /// Offsets only grow, so lines are counted once.
  private mutating func position(at offset: Int) -> SourcePosition {
    var line = mark.line
    var column = mark.column
    for byte in bytes[mark.offset..<offset] {
      if byte == UInt8(ascii: "\n") {
        line += 1
        column = 1
      } else {
        column += 1
      }
    }
    mark = SourcePosition(offset: offset, line: line, column: column)
    return mark
  }

  private mutating func scan() -> Token.Kind {
    guard let next = peek() else { return .end }
    if isBraceOpen { return scanInBraces(next) }
    if isBracketOpen { return scanInBrackets(next) }
    switch next {
    case "{":
      index += 1
      isBraceOpen = true
      return .leftBrace
    case "[":
      index += 1
      isBracketOpen = true
      isAtDuration = true
      hasColon = false
      return .leftBracket
    case ":", "_", "a"..."z", "A"..."Z": return scanWord()
    default: return scanCommon(next)
    }
  }

  /// What means the same outside and between brackets.
  private mutating func scanCommon(_ next: Unicode.Scalar) -> Token.Kind {
    if next.value < 0x80, bytes[index].isDigit || (next == "." && isDigit(peek(1))) {
      isAtDuration = false
      return scanNumberOrDuration()
    }
    if let quoted = scanString(next) { return quoted }
    index += 1
    switch next {
    case "(": return .leftParen
    case ")": return .rightParen
    case "]": return .rightBracket
    case ",": return .comma
    case "@": return .at
    case "+": return .symbol(.add)
    case "-": return .symbol(.subtract)
    case "*": return .symbol(.multiply)
    case "/": return .symbol(.divide)
    case "%": return .symbol(.modulo)
    case "^": return .symbol(.power)
    case "=": return accept("=") ? .symbol(.equal) : .assign
    case "!" where accept("="): return .symbol(.notEqual)
    case "<":
      return accept("=")
        ? .symbol(.lessOrEqual) : accept("/") ? .symbol(.trimUpper) : .symbol(.less)
    case ">":
      return accept("=")
        ? .symbol(.greaterOrEqual) : accept("/") ? .symbol(.trimLower) : .symbol(.greater)
    default:
      index -= 1
      return unexpectedCharacter()
    }
  }

  func isDigit(_ scalar: Unicode.Scalar?) -> Bool {
    scalar.map { "0"..."9" ~= $0 } ?? false
  }

  /// Ends the text at the character that cannot be read.
  mutating func unexpectedCharacter(expected: String? = nil) -> Token.Kind {
    let scalar = Quoting.scalar(in: bytes, at: index)?.0
    let shown = scalar.map { String(Character($0)) } ?? "?"
    let kind = Token.Kind.invalid("unexpected character '\(shown)'", expected: expected)
    index = bytes.count
    return kind
  }

  private mutating func scanInBraces(_ next: Unicode.Scalar) -> Token.Kind {
    if next.value < 0x80, bytes[index].isLetter {
      let start = index
      while index < bytes.count, bytes[index].isLetter || bytes[index].isDigit { index += 1 }
      return .identifier(String(decoding: bytes[start..<index], as: UTF8.self))
    }
    if let quoted = scanString(next) { return quoted }
    index += 1
    switch next {
    case ",": return .comma
    case "=": return accept("~") ? .matches : .assign
    case "!" where accept("~"): return .doesNotMatch
    case "!" where accept("="): return .symbol(.notEqual)
    case "}":
      isBraceOpen = false
      return .rightBrace
    default:
      index -= 1
      return unexpectedCharacter(expected: "a label matcher or '}'")
    }
  }

  private mutating func scanInBrackets(_ next: Unicode.Scalar) -> Token.Kind {
    switch next {
    case ":":
      if isAtDuration { return unexpectedCharacter(expected: "a range with a number in it") }
      if hasColon { return unexpectedCharacter(expected: "']'") }
      hasColon = true
      index += 1
      return .colon
    case "_", "a"..."z", "A"..."Z":
      let start = index
      while index < bytes.count, bytes[index].isLetter { index += 1 }
      let text = String(decoding: bytes[start..<index], as: UTF8.self)
      switch Keyword(rawValue: text.lowercased()) {
      case .some(let keyword) where keyword.isDuration: return .keyword(keyword, text)
      default:
        index = start
        return unexpectedCharacter(expected: "a duration, ':' or ']'")
      }
    case "]":
      index += 1
      isBracketOpen = false
      isAtDuration = false
      return .rightBracket
    case "[", "{": return unexpectedCharacter(expected: "a duration, ':' or ']'")
    default: return scanCommon(next)
    }
  }

  private mutating func scanWord() -> Token.Kind {
    let start = index
    while index < bytes.count,
      bytes[index].isLetter || bytes[index].isDigit || bytes[index] == UInt8(ascii: ":")
    {
      index += 1
    }
    let text = String(decoding: bytes[start..<index], as: UTF8.self)
    let word = text.lowercased()
    if word == "inf" { return .number(.init(text: text, value: .infinity, isDuration: false)) }
    if word == "nan" { return .number(.init(text: text, value: .nan, isDuration: false)) }
    if let keyword = Keyword(rawValue: word), !keyword.isFill || isParenNext() {
      return .keyword(keyword, text)
    }
    return text.utf8.contains(UInt8(ascii: ":")) ? .metricIdentifier(text) : .identifier(text)
  }

  /// True when only blanks stand between here and a `(`: what makes `fill` a keyword.
  private func isParenNext() -> Bool {
    let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
    return bytes[index...].first { !blanks.contains($0) } == UInt8(ascii: "(")
  }
}

extension Keyword {
  /// True for the words of lengths of time: `step()`, `range()`, `max_of(a, b)`, `min_of(a, b)`.
  var isDuration: Bool {
    switch self {
    case .step, .range, .maxOf, .minOf: true
    default: false
    }
  }

  fileprivate var isFill: Bool {
    switch self {
    case .fill, .fillLeft, .fillRight: true
    default: false
    }
  }
}
