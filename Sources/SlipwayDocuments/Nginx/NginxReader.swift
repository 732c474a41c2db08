/// Reads nginx configurations as `ngx_conf_read_token` of nginx 1.31 does, and keeps comments.
///
/// Directives are not interpreted: `include` is not followed, and names are not checked. Blocks of
/// Lua (`*_by_lua_block`) are kept as text.
package struct NginxReader {
  /// How a directive ended.
  private enum End {
    case semicolon
    case openingBrace
  }

  private var cursor: ByteCursor
  private var nodes = 0

  /// The configuration in these bytes.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func read(bytes: [UInt8]) throws(SyntaxError) -> LocatedNginx {
    var reader = NginxReader(cursor: try ByteCursor(bytes))
    return LocatedNginx(try reader.nodes(depth: 0))
  }

  /// The configuration in this text.
  ///
  /// - Throws: `SyntaxError` at the first fault, and for what exceeds `DocumentLimits`.
  package static func read(_ text: String) throws(SyntaxError) -> LocatedNginx {
    try read(bytes: Array(text.utf8))
  }

  private init(cursor: ByteCursor) { self.cursor = cursor }

  private func isSpace(_ byte: UInt8) -> Bool { byte.isBlank || byte == 0x0A || byte == 0x0D }

  /// The nodes up to the brace that closes their block, or to the end of the file at depth 0.
  private mutating func nodes(depth: Int) throws(SyntaxError) -> [LocatedNginxNode] {
    guard depth <= DocumentLimits.depth else {
      throw cursor.fault("nested deeper than \(DocumentLimits.depth) levels")
    }
    var found: [LocatedNginxNode] = []
    while true {
      cursor.take(while: isSpace)
      switch cursor.next {
      case nil:
        guard depth == 0 else { throw cursor.fault("expected '}', found the end") }
        return found
      case UInt8(ascii: "}")?:
        guard depth > 0 else { throw cursor.fault("unexpected '}'") }
        cursor.take()
        return found
      case UInt8(ascii: "#")?:
        found.append(comment())
      case _?:
        found.append(try directive(depth: depth))
      }
      nodes += 1
      guard nodes <= DocumentLimits.nodes else {
        throw cursor.fault("more than \(DocumentLimits.nodes) directives")
      }
    }
  }

  private mutating func comment() -> LocatedNginxNode {
    let start = cursor.position
    cursor.take()
    if cursor.next == 0x20 { cursor.take() }
    var text = cursor.take { $0 != 0x0A }
    while text.last == 0x0D { text = text.dropLast() }
    return LocatedNginxNode(
      content: .comment(String(decoding: text, as: UTF8.self)), words: [], start: start,
      lastLine: start.line)
  }

  private mutating func directive(depth: Int) throws(SyntaxError) -> LocatedNginxNode {
    let start = cursor.position
    var words: [LocatedNginxWord] = []
    let end = try self.words(into: &words)
    var content = LocatedNginxNode.Content.simple
    if end == .openingBrace {
      if let name = words.first?.text, NginxRawBlock.isOpened(by: name) {
        content = .raw(try rawBlock())
      } else {
        content = .block(try nodes(depth: depth + 1))
      }
    }
    return LocatedNginxNode(
      content: content, words: words, start: start, lastLine: cursor.position.line)
  }

  private mutating func rawBlock() throws(SyntaxError) -> String {
    let start = cursor.index
    guard let end = NginxRawBlock.end(in: cursor.bytes, from: start) else {
      throw cursor.fault("the block of text does not end")
    }
    cursor.skip(end - start)
    cursor.take()
    return String(decoding: cursor.bytes[start..<end], as: UTF8.self)
  }

  /// Takes the words of a directive and what ends it.
  private mutating func words(into words: inout [LocatedNginxWord]) throws(SyntaxError) -> End {
    while true {
      cursor.take(while: isSpace)
      switch cursor.next {
      case nil: throw cursor.fault("expected ';' or '{', found the end")
      case UInt8(ascii: ";")?:
        guard !words.isEmpty else { throw cursor.fault("unexpected ';'") }
        cursor.take()
        return .semicolon
      case UInt8(ascii: "{")?:
        guard !words.isEmpty else { throw cursor.fault("unexpected '{'") }
        cursor.take()
        return .openingBrace
      case UInt8(ascii: "}")?: throw cursor.fault("expected ';' before '}'")
      // A comment between the words of a directive belongs to nothing.
      case UInt8(ascii: "#")?: cursor.take { $0 != 0x0A }
      case let quote? where quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"):
        words.append(try quotedWord(quote))
      case _?:
        words.append(try bareWord())
      }
    }
  }

  private mutating func quotedWord(_ quote: UInt8) throws(SyntaxError) -> LocatedNginxWord {
    let start = cursor.position
    cursor.take()
    let first = cursor.index
    while let byte = cursor.next, byte != quote {
      cursor.take()
      if byte == UInt8(ascii: "\\") { cursor.take() }
    }
    let bytes = cursor.bytes[first..<cursor.index]
    guard cursor.take() == quote else {
      throw SyntaxError(at: start, "the quote does not end")
    }
    // nginx wants a blank, an end or a closing parenthesis behind a quote.
    guard let next = cursor.next, isSpace(next) || ";{)".utf8.contains(next) else {
      throw cursor.fault("unexpected \(cursor.nextForMessage) behind a quote")
    }
    return LocatedNginxWord(text: unescaped(bytes), start: start)
  }

  private mutating func bareWord() throws(SyntaxError) -> LocatedNginxWord {
    let start = cursor.position
    let first = cursor.index
    var isVariable = false
    while let byte = cursor.next {
      if byte == UInt8(ascii: "{"), isVariable {
        cursor.take()
        continue
      }
      if isSpace(byte) || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "{") { break }
      isVariable = byte == UInt8(ascii: "$")
      cursor.take()
      if byte == UInt8(ascii: "\\") { cursor.take() }
    }
    guard !cursor.isAtEnd else { throw cursor.fault("expected ';' or '{', found the end") }
    return LocatedNginxWord(text: unescaped(cursor.bytes[first..<cursor.index]), start: start)
  }

  /// A word without the backslashes that nginx removes.
  private func unescaped(_ bytes: ArraySlice<UInt8>) -> String {
    var result: [UInt8] = []
    var rest = bytes
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.first else {
        result.append(byte)
        continue
      }
      switch next {
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "\\"): result.append(next)
      case UInt8(ascii: "t"): result.append(0x09)
      case UInt8(ascii: "r"): result.append(0x0D)
      case UInt8(ascii: "n"): result.append(0x0A)
      default:
        result.append(byte)
        continue
      }
      rest = rest.dropFirst()
    }
    return String(decoding: result, as: UTF8.self)
  }
}
