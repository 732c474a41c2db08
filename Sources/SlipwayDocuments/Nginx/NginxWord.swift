/// How a word of an nginx configuration is written, by `ngx_conf_read_token` of nginx 1.31
/// ([ngx_conf_file.c](https://github.com/nginx/nginx/blob/master/src/core/ngx_conf_file.c)).
enum NginxWord {
  /// The longest word that nginx can read: its buffer of 4,096 bytes holds the word, as written
  /// without the opening quote, and the character that ends it.
  static let bytesMax = 4_095

  /// The word as it stands in the file: bare where that is read back as it is, else in double
  /// quotes, or in single ones if it holds double quotes itself.
  static func written(_ word: String) -> String {
    let isASCII = word.withBytes { bytes in bytes.allSatisfy { (0x21...0x7E).contains($0) } }
    // Blanks of other alphabets are letters to nginx, and not to people or other readers.
    let looksBare =
      isASCII
      || word.unicodeScalars.allSatisfy { $0.isYAMLPrintable && !$0.properties.isWhitespace }
    return looksBare && word.withBytes(isBare) ? word : quoted(word)
  }

  /// The word in quotes. nginx removes a backslash before quotes and backslashes, and knows
  /// `\n`, `\r` and `\t`; it keeps every other backslash.
  private static func quoted(_ word: String) -> String {
    let isSingle = word.utf8.contains(UInt8(ascii: "\"")) && !word.utf8.contains(UInt8(ascii: "'"))
    let quote = UInt8(ascii: isSingle ? "'" : "\"")
    var result = [quote]
    for byte in word.utf8 {
      switch byte {
      case quote, UInt8(ascii: "\\"): result += [UInt8(ascii: "\\"), byte]
      case 0x09: result += "\\t".utf8
      case 0x0A: result += "\\n".utf8
      case 0x0D: result += "\\r".utf8
      default: result.append(byte)
      }
    }
    return String(decoding: result + [quote], as: UTF8.self)
  }

  /// Whether the word needs no quotes. Wider than a plain word where that keeps usual text
  /// readable: `\.php$`, `${name}`, `https://$host$request_uri`.
  private static func isBare(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = bytes.first, first != UInt8(ascii: "#") else { return false }
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case 0x00...0x20, 0x7F, UInt8(ascii: ";"), UInt8(ascii: "\""), UInt8(ascii: "'"):
        return false
      case UInt8(ascii: "$") where index < bytes.count && bytes[index] == UInt8(ascii: "{"):
        // crossplane, which tools for nginx read with, runs past a blank behind `${name}`.
        guard let end = endOfVariable(bytes, from: index + 1), end < bytes.count else {
          return false
        }
        index = end
      // A closing brace ends a word to crossplane, though not to nginx.
      case UInt8(ascii: "{"), UInt8(ascii: "}"):
        return false
      case UInt8(ascii: "\\"):
        // The backslash stays, together with what follows, if nginx has no use for the pair.
        guard index < bytes.count, staysEscaped(bytes[index]) else { return false }
        index += 1
      default: break
      }
    }
    return true
  }

  /// The index behind `name}`, or `nil` if something else stands there.
  private static func endOfVariable(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int
  ) -> Int? {
    let name = bytes[start...].prefix {
      $0.isASCIILetter || $0.isASCIIDigit || $0 == UInt8(ascii: "_")
    }
    let isClosed =
      !name.isEmpty && name.endIndex < bytes.count
      && bytes[name.endIndex] == UInt8(ascii: "}")
    return isClosed ? name.endIndex + 1 : nil
  }

  /// Whether `\` before this character is two characters to nginx: the escapes of regular
  /// expressions, save `\n`, `\r`, `\t` and what would end the word.
  private static func staysEscaped(_ byte: UInt8) -> Bool {
    byte.isASCIIDigit || ".dDwWsSbB/-()[]|?*+^$".utf8.contains(byte)
  }
}
