/// Writes a `JSONNode` as JSON text: two spaces, one member or element a line, `[]` and `{}` for
/// empty ones, `/` and everything outside ASCII unescaped, controls as `\n` or `\u001f`.
struct JSONPrinter {
  private var bytes: [UInt8] = []

  /// The text of this value, ended by a line feed.
  ///
  /// - Throws: `PrintError` for a repeated name, NUL in a string, nesting deeper than
  ///   `DocumentLimits.depth`, or a document larger than `DocumentLimits.bytes`.
  static func text(of root: JSONNode) throws(PrintError) -> String {
    var printer = JSONPrinter()
    try printer.write(root, depth: 0)
    printer.bytes.append(0x0A)
    return String(decoding: printer.bytes, as: UTF8.self)
  }

  private mutating func write(_ node: JSONNode, depth: Int) throws(PrintError) {
    guard depth <= DocumentLimits.depth else {
      throw PrintError(at: [], "nested deeper than \(DocumentLimits.depth) levels")
    }
    switch node.content {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .number(let number): append(number.text)
    case .string(let text): try quote(text)
    case .list(let elements):
      guard !elements.isEmpty else { return append("[]") }
      append("[")
      for (index, element) in elements.enumerated() {
        newLine(index == 0, depth + 1)
        do throws(PrintError) {
          try write(element, depth: depth + 1)
        } catch {
          throw error.inside(.index(index))
        }
      }
      newLine(true, depth)
      append("]")
    case .map(let entries): try write(entries, depth: depth)
    }
    guard bytes.count <= DocumentLimits.bytes else {
      throw PrintError(at: [], "the document is larger than \(DocumentLimits.bytes) bytes")
    }
  }

  private mutating func write(_ entries: [JSONEntry], depth: Int) throws(PrintError) {
    guard !entries.isEmpty else { return append("{}") }
    append("{")
    var seen = SeenKeys()
    for (index, entry) in entries.enumerated() {
      do throws(PrintError) {
        guard seen.insert(entry.key) else {
          throw PrintError(at: [], "the name stands twice in its object")
        }
        newLine(index == 0, depth + 1)
        try quote(entry.key)
        append(": ")
        try write(entry.value, depth: depth + 1)
      } catch {
        throw error.inside(.key(entry.key))
      }
    }
    newLine(true, depth)
    append("}")
  }

  private mutating func newLine(_ isFirst: Bool, _ depth: Int) {
    if !isFirst { bytes.append(UInt8(ascii: ",")) }
    bytes.append(0x0A)
    bytes.append(contentsOf: repeatElement(0x20, count: 2 * depth))
  }

  private mutating func append(_ text: String) {
    text.withBytes { bytes.append(contentsOf: $0) }
  }

  private mutating func quote(_ text: String) throws(PrintError) {
    bytes.append(UInt8(ascii: "\""))
    let isPlain = text.withBytes { bytes in
      bytes.allSatisfy { $0 >= 0x20 && $0 != 0x22 && $0 != 0x5C && $0 != 0x7F }
    }
    if isPlain { append(text) } else { try escape(text) }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escape(_ text: String) throws(PrintError) {
    for byte in text.utf8 {
      switch byte {
      case 0: throw PrintError(at: [], "a NUL character cannot be written")
      case UInt8(ascii: "\""): append("\\\"")
      case UInt8(ascii: "\\"): append("\\\\")
      case 0x08: append("\\b")
      case 0x09: append("\\t")
      case 0x0A: append("\\n")
      case 0x0C: append("\\f")
      case 0x0D: append("\\r")
      case 0x01...0x1F, 0x7F:
        append(byte < 0x10 ? "\\u000" : "\\u00")
        append(String(byte, radix: 16))
      default: bytes.append(byte)
      }
    }
  }
}
