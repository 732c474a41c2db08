/// What Compose does with a value in double quotes after it has found its end: escapes first, then
/// variables.
enum DotenvEscapes {
  /// The value of the bytes between double quotes; `nil` as `template` says.
  static func resolve(_ bytes: [UInt8]) -> LocatedVariable.Value? { template(unescaped(bytes)) }

  /// The value of text in which `$$` is a dollar sign and `$name` or `${name…}` a variable; `nil`
  /// for a brace that opens no variable, which Compose refuses.
  static func template(_ bytes: [UInt8]) -> LocatedVariable.Value? {
    var result: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      guard byte == UInt8(ascii: "$"), index < bytes.count else {
        result.append(byte)
        continue
      }
      let next = bytes[index]
      if next == byte {
        result.append(byte)
        index += 1
      } else if next == UInt8(ascii: "{") {
        guard index + 1 < bytes.count, isNameStart(bytes[index + 1]),
          bytes[index...].contains(UInt8(ascii: "}"))
        else { return nil }
        return .template(String(decoding: bytes, as: UTF8.self))
      } else if isNameStart(next) {
        return .template(String(decoding: bytes, as: UTF8.self))
      } else {
        result.append(byte)
      }
    }
    return .literal(String(decoding: result, as: UTF8.self))
  }

  private static func isNameStart(_ byte: UInt8) -> Bool {
    byte.isASCIILetter || byte == UInt8(ascii: "_")
  }

  /// `\a \b \f \n \r \t \v \" \\`, `\$` as `$$`, and `\0` with two or three octal digits behind it;
  /// every other backslash stays.
  private static func unescaped(_ bytes: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var rest = bytes[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let next = rest.first else {
        result.append(byte)
        continue
      }
      if let simple = simple[next] {
        result += simple
        rest = rest.dropFirst()
      } else if next == UInt8(ascii: "0") {
        let digits = rest.prefix(4).prefix(while: \.isASCIIDigit)
        rest = rest.dropFirst(digits.count)
        result += octal(digits)
      } else {
        result.append(byte)
      }
    }
    return result
  }

  /// Compose drops the zero and hands the rest to Go, which wants exactly three octal digits and
  /// takes the first three; what Go refuses stays as it was, without the zero.
  private static func octal(_ digits: ArraySlice<UInt8>) -> [UInt8] {
    let text = String(decoding: digits.dropFirst(), as: UTF8.self)
    if text.utf8.count == 3, let code = UInt32(text, radix: 8), code <= 0xFF,
      let scalar = Unicode.Scalar(code)
    {
      return Array(String(scalar).utf8)
    }
    return [UInt8(ascii: "\\")] + digits.dropFirst()
  }

  private static let simple: [UInt8: [UInt8]] = [
    UInt8(ascii: "a"): [0x07], UInt8(ascii: "b"): [0x08], UInt8(ascii: "f"): [0x0C],
    UInt8(ascii: "n"): [0x0A], UInt8(ascii: "r"): [0x0D], UInt8(ascii: "t"): [0x09],
    UInt8(ascii: "v"): [0x0B], UInt8(ascii: "\""): [UInt8(ascii: "\"")],
    UInt8(ascii: "\\"): [UInt8(ascii: "\\")],
    UInt8(ascii: "$"): [UInt8(ascii: "$"), UInt8(ascii: "$")],
  ]
}
