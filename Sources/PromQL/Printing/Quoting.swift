/// Writes PromQL strings.
enum Quoting {
  /// `value` between double quotes; what is not printable is escaped, what is not UTF-8 becomes
  /// `\x` escapes.
  static func quoted(_ value: StringValue) -> String {
    var text = "\""
    var index = 0
    let bytes = value.bytes
    while index < bytes.count {
      if let (scalar, length) = scalar(in: bytes, at: index) {
        append(scalar, to: &text)
        index += length
      } else {
        text += "\\x" + hex(UInt32(bytes[index]), digits: 2)
        index += 1
      }
    }
    return text + "\""
  }

  /// The scalar that starts at `index` and its length in bytes; `nil` when the bytes are not UTF-8.
  static func scalar(in bytes: [UInt8], at index: Int) -> (Unicode.Scalar, Int)? {
    let length =
      switch bytes[index] {
      case 0..<0x80: 1
      case 0xC2..<0xE0: 2
      case 0xE0..<0xF0: 3
      case 0xF0..<0xF5: 4
      default: 0
      }
    guard length > 0, index + length <= bytes.count else { return nil }
    let slice = bytes[index..<index + length]
    guard let text = String(validating: slice, as: UTF8.self),
      let scalar = text.unicodeScalars.first
    else { return nil }
    return (scalar, length)
  }

  private static func append(_ scalar: Unicode.Scalar, to text: inout String) {
    switch scalar {
    case "\"": text += "\\\""
    case "\\": text += "\\\\"
    case "\u{07}": text += "\\a"
    case "\u{08}": text += "\\b"
    case "\u{0C}": text += "\\f"
    case "\n": text += "\\n"
    case "\r": text += "\\r"
    case "\t": text += "\\t"
    case "\u{0B}": text += "\\v"
    default:
      if isPrintable(scalar) {
        text.unicodeScalars.append(scalar)
      } else if scalar.value < 0x80 {
        text += "\\x" + hex(scalar.value, digits: 2)
      } else if scalar.value < 0x10000 {
        text += "\\u" + hex(scalar.value, digits: 4)
      } else {
        text += "\\U" + hex(scalar.value, digits: 8)
      }
    }
  }

  /// U+FFFD is printable, but Prometheus takes it for broken UTF-8 when it stands bare.
  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    if scalar == " " { return true }
    switch scalar.properties.generalCategory {
    case .control, .format, .surrogate, .privateUse, .unassigned, .spaceSeparator,
      .lineSeparator, .paragraphSeparator:
      return false
    default: return scalar != "\u{FFFD}"
    }
  }

  private static func hex(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}
