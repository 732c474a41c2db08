/// What a plain scalar without a tag means.
///
/// The rules are those of the library that Compose, Prometheus and Alertmanager read YAML with
/// ([yaml.v3, resolve.go](https://github.com/go-yaml/yaml/blob/v3/resolve.go)): the core schema of
/// YAML 1.2, and of YAML 1.1 the octal numbers with a leading zero, binary numbers and underscores.
/// `yes`, `no`, `on`, `off`, numbers in base sixty and dates are text.
enum YAMLResolution {
  /// The content of a plain scalar.
  static func content(of text: String) -> LocatedValue.Content {
    if isCertainlyText(text) { return .string(text) }
    return switch text {
    case "", "~", "null", "Null", "NULL": .null
    case "true", "True", "TRUE": .bool(true)
    case "false", "False", "FALSE": .bool(false)
    default: isInteger(text) || isFloat(text) ? .number(text) : .string(text)
    }
  }

  /// Whether the first character decides: nothing that is not text begins with it. Most scalars are
  /// decided so.
  private static func isCertainlyText(_ text: String) -> Bool {
    guard let first = text.utf8.first else { return false }
    return !first.isASCIIDigit && !"~nNtTfF+-.".utf8.contains(first)
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
