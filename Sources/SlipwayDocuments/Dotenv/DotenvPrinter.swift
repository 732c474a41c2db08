/// Writes variables in the form that Compose reads back as the same strings, by the parser of
/// compose-go v2
/// ([dotenv/parser.go](https://github.com/compose-spec/compose-go/blob/main/dotenv/parser.go)).
///
/// - Bare, if the value consists of letters, digits and `_./:@%+,=-`.
/// - In single quotes, where Compose changes nothing, if it has no quote, backslash or control.
/// - In double quotes otherwise, with `\"`, `\\`, `\$`, `\n`, `\r` and `\t`.
enum DotenvPrinter {
  /// The text of these entries, each ended by a line feed.
  ///
  /// - Throws: `PrintError` for a key that is not a name, a repeated key, or NUL in a value.
  static func text(of entries: [DotenvEntry]) throws(PrintError) -> String {
    var text = ""
    var seen: Set<String> = []
    for (index, entry) in entries.enumerated() {
      switch entry.content {
      case .comment(let comment):
        for line in try CommentText.lines(of: comment, at: [.index(index)]) {
          text += CommentText.line(line) + "\n"
        }
      case .variable(let key, let value):
        let path: DocumentPath = [.key(key)]
        guard isName(Array(key.utf8)) else {
          throw PrintError(at: path, "a key is letters, digits, '_', '.' and '-', no digit first")
        }
        guard seen.insert(key).inserted else {
          throw PrintError(at: path, "the key stands twice in the file")
        }
        guard !value.utf8.contains(0) else {
          throw PrintError(at: path, "a NUL character cannot be written")
        }
        text += key + "=" + written(value) + "\n"
      }
    }
    return text
  }

  /// Whether Compose takes the bytes for the name of a variable; it skips names that begin with a
  /// digit without a word.
  private static func isName(_ bytes: [UInt8]) -> Bool {
    guard let first = bytes.first, first.isASCIILetter || first == UInt8(ascii: "_") else {
      return false
    }
    return bytes.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || "_.-".utf8.contains($0) }
  }

  private static func written(_ value: String) -> String {
    let bytes = Array(value.utf8)
    let isBare = bytes.allSatisfy {
      $0.isASCIILetter || $0.isASCIIDigit || "_./:@%+,=-".utf8.contains($0)
    }
    if isBare { return value }
    let isSingle = value.unicodeScalars.allSatisfy {
      $0 != "'" && $0 != "\\" && $0.isYAMLPrintable
    }
    return isSingle ? "'" + value + "'" : doubleQuoted(bytes)
  }

  /// The value in double quotes. Compose first takes `\"` for a quote, then resolves escapes, where
  /// `\$` becomes `$$`, and last expands variables, where `$$` becomes `$`.
  private static func doubleQuoted(_ value: [UInt8]) -> String {
    var result: [UInt8] = [UInt8(ascii: "\"")]
    for byte in value {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"):
        result += [UInt8(ascii: "\\"), byte]
      case 0x09: result += "\\t".utf8
      case 0x0A: result += "\\n".utf8
      case 0x0D: result += "\\r".utf8
      default: result.append(byte)
      }
    }
    return String(decoding: result + [UInt8(ascii: "\"")], as: UTF8.self)
  }
}
