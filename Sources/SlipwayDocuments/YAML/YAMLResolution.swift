/// What a plain scalar without a tag means.
///
/// The rules are those of the library that Compose, Prometheus and Alertmanager read YAML with
/// ([yaml.v3, resolve.go](https://github.com/go-yaml/yaml/blob/v3/resolve.go)): the core schema of
/// YAML 1.2, and of YAML 1.1 the octal numbers with a leading zero, binary numbers and underscores.
/// `yes`, `no`, `on`, `off`, numbers in base sixty and dates are text.
enum YAMLResolution {
  /// The content of a plain scalar.
  static func content(of text: String) -> LocatedValue.Content {
    switch kind(of: text) {
    case .text: return .string(text)
    case .number: return isInteger(text) || isFloat(text) ? .number(text) : .string(text)
    case .word: break
    }
    return switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default: .string(text)
    }
  }

  /// What a scalar can be besides text.
  private enum Kind { case text, word, number }

  /// The first byte decides what a scalar can be, and for numbers all of them; most scalars are
  /// decided so.
  private static func kind(of text: String) -> Kind {
    text.withBytes { bytes in
      guard let first = bytes.first else { return .word }
      switch first {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        return bytes.allSatisfy(isOfNumber) ? .number : .text
      case UInt8(ascii: "~"), UInt8(ascii: "n"), UInt8(ascii: "N"), UInt8(ascii: "t"),
        UInt8(ascii: "T"), UInt8(ascii: "f"), UInt8(ascii: "F"):
        return bytes.count <= 5 ? .word : .text
      default: return .text
      }
    }
  }

  /// Whether the byte stands in any number: digits of all bases and their marks, signs, points,
  /// underscores, and the letters of `.inf` and `.nan`.
  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"): true
    case UInt8(ascii: "x"), UInt8(ascii: "X"), UInt8(ascii: "o"), UInt8(ascii: "O"): true
    case UInt8(ascii: "i"), UInt8(ascii: "I"), UInt8(ascii: "n"), UInt8(ascii: "N"): true
    default: byte.isASCIIHexDigit
    }
  }

  /// The value of a whole number, if it fits.
  static func integer(_ text: String) -> Int? {
    guard let parts = parts(text) else { return nil }
    return Int(parts.sign + parts.digits, radix: parts.radix)
  }

  private static func isInteger(_ text: String) -> Bool {
    guard let parts = parts(text) else { return false }
    return parts.digits.utf8.allSatisfy {
      ($0.hexDigitValue).map { $0 < UInt32(parts.radix) } ?? false
    }
  }

  private static func parts(_ text: String) -> (sign: String, digits: String, radix: Int)? {
    var rest = text.utf8.filter { $0 != UInt8(ascii: "_") }[...]
    guard text.utf8.first != UInt8(ascii: "_") else { return nil }
    var sign = ""
    if let first = rest.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
      sign = first == UInt8(ascii: "-") ? "-" : ""
      rest = rest.dropFirst()
    }
    var radix = 10
    if rest.count > 1, rest.first == UInt8(ascii: "0") {
      let marks: [UInt8: Int] = [
        UInt8(ascii: "x"): 16, UInt8(ascii: "o"): 8, UInt8(ascii: "b"): 2,
        UInt8(ascii: "X"): 16, UInt8(ascii: "O"): 8, UInt8(ascii: "B"): 2,
      ]
      if let marked = rest.dropFirst().first.flatMap({ marks[$0] }) {
        radix = marked
        rest = rest.dropFirst(2)
      } else {
        radix = 8
        rest = rest.dropFirst()
      }
    }
    guard rest.first?.hexDigitValue != nil else { return nil }
    return (sign, String(decoding: rest, as: UTF8.self), radix)
  }

  /// `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`, infinities and not-a-number.
  private static func isFloat(_ text: String) -> Bool {
    var rest = Array(text.utf8)[...]
    if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
      rest = rest.dropFirst()
    }
    switch String(decoding: rest, as: UTF8.self) {
    case ".inf", ".Inf", ".INF": return true
    case ".nan", ".NaN", ".NAN": return rest.count == text.utf8.count
    default: break
    }
    func digits() -> Int {
      let count = rest.prefix(while: \.isASCIIDigit).count
      rest = rest.dropFirst(count)
      return count
    }
    let whole = digits()
    var fraction = 0
    if rest.first == UInt8(ascii: ".") {
      rest = rest.dropFirst()
      fraction = digits()
    }
    guard whole + fraction > 0 else { return false }
    if let mark = rest.first, mark | 0x20 == UInt8(ascii: "e") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "-") || rest.first == UInt8(ascii: "+") {
        rest = rest.dropFirst()
      }
      guard digits() > 0 else { return false }
    }
    return rest.isEmpty
  }
}
