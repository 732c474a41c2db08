/// Blocks whose braces hold Lua ([OpenResty](https://github.com/openresty/lua-nginx-module)): braces
/// count, except in strings, long brackets and comments of Lua.
enum NginxRawBlock {
  /// Whether a directive of this name opens a block that nginx's own syntax does not apply to.
  static func isOpened(by name: String) -> Bool { name.hasSuffix("_by_lua_block") }

  /// The index of the brace that closes a block whose text begins at `start`, or `nil` if nothing
  /// closes it.
  static func end(in bytes: [UInt8], from start: Int) -> Int? {
    var depth = 0
    var index = start
    while index < bytes.count {
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "{"):
        depth += 1
      case UInt8(ascii: "}"):
        if depth == 0 { return index }
        depth -= 1
      case UInt8(ascii: "\""), UInt8(ascii: "'"):
        guard let close = endOfString(in: bytes, from: index) else { return nil }
        index = close
      case UInt8(ascii: "-") where index + 1 < bytes.count && bytes[index + 1] == byte:
        guard let close = endOfComment(in: bytes, from: index + 2) else { return nil }
        index = close
      case UInt8(ascii: "["):
        if let level = longBracket(in: bytes, at: index) {
          guard let close = endOfLongBracket(in: bytes, from: index + level + 2, level) else {
            return nil
          }
          index = close
        }
      default: break
      }
      index += 1
    }
    return nil
  }

  /// The index of the quote that ends the string which begins at `start`; a string of Lua ends on
  /// its line unless the line feed is escaped.
  private static func endOfString(in bytes: [UInt8], from start: Int) -> Int? {
    var index = start + 1
    while index < bytes.count {
      if bytes[index] == bytes[start] { return index }
      if bytes[index] == 0x0A { return nil }
      index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return nil
  }

  /// The index of the last byte of a comment whose text begins at `start`.
  private static func endOfComment(in bytes: [UInt8], from start: Int) -> Int? {
    if start < bytes.count, let level = longBracket(in: bytes, at: start) {
      return endOfLongBracket(in: bytes, from: start + level + 2, level)
    }
    return bytes[start...].firstIndex(of: 0x0A)
  }

  /// The number of equals signs of the long bracket that opens at `start`, or `nil` if none does.
  private static func longBracket(in bytes: [UInt8], at start: Int) -> Int? {
    guard bytes[start] == UInt8(ascii: "[") else { return nil }
    let level = bytes[(start + 1)...].prefix { $0 == UInt8(ascii: "=") }.count
    let next = start + 1 + level
    return next < bytes.count && bytes[next] == UInt8(ascii: "[") ? level : nil
  }

  private static func endOfLongBracket(
    in bytes: [UInt8], from start: Int, _ level: Int
  ) -> Int? {
    let close =
      [UInt8(ascii: "]")] + Array(repeating: UInt8(ascii: "="), count: level)
      + [UInt8(ascii: "]")]
    var index = start
    while index + close.count <= bytes.count {
      if bytes[index] == close[0], bytes[index..<(index + close.count)].elementsEqual(close) {
        return index + close.count - 1
      }
      index += 1
    }
    return nil
  }
}
