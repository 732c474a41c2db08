extension Lexer {
  /// A number, or the duration that starts with one. The next byte is a digit, or a point and
  /// the one after it a digit.
  mutating func scanNumberOrDuration() -> Token.Kind {
    let start = index
    if scanNumber() {
      let text = text(from: start)
      guard let value = NumberText.value(text) else { return badNumber(from: start) }
      return .number(NumberLiteral(text: text, value: value, isDuration: false))
    }
    guard scanRestOfDuration(), let length = DurationText.milliseconds(bytes[start..<index]) else {
      return badNumber(from: start)
    }
    let value = Double(length) / 1000
    return .duration(NumberLiteral(text: text(from: start), value: value, isDuration: true))
  }

  private func text(from start: Int) -> String {
    String(decoding: bytes[start..<index], as: UTF8.self)
  }

  private mutating func badNumber(from start: Int) -> Token.Kind {
    while let next = peek(), next == "." || bytes[index].isLetter || bytes[index].isDigit {
      index += 1
    }
    let text = text(from: start)
    index = bytes.count
    return .invalid("bad number or duration '\(text)'", expected: "a form like 0.95, 1e3 or 1h30m")
  }

  /// The shape of a number; whether it has a value is for `NumberText`.
  private mutating func scanNumber() -> Bool {
    let isHex = accept("0") && accept("xX")
    if isHex { _ = accept("_") }
    let digits = isHex ? "0123456789abcdefABCDEF" : "0123456789"
    _ = accept(".")
    _ = accept(digits)
    var hasPoint = false
    var hasExponent = false
    while let next = peek(), next == "." || next == "_" || isExponent(next) || isIn(digits, next) {
      if next == "." {
        if hasPoint || isHex { return false }
        hasPoint = true
        index += 1
        if accept("_.") { return false }
      } else if isExponent(next) {
        if hasExponent { return false }
        hasExponent = true
        index += 1
        _ = accept("+-")
        guard let digit = peek(), isIn(digits, digit), !isExponent(digit) else { return false }
      } else if next == "_" {
        index += 1
        guard let digit = peek(), isIn(digits, digit), !isExponent(digit) else { return false }
      } else {
        index += 1
      }
    }
    guard index < bytes.count else { return true }
    return !bytes[index].isLetter && !bytes[index].isDigit
  }

  private func isExponent(_ scalar: Unicode.Scalar) -> Bool { scalar == "e" || scalar == "E" }

  private func isIn(_ set: String, _ scalar: Unicode.Scalar) -> Bool {
    set.unicodeScalars.contains(scalar)
  }

  /// What follows the first count of a duration: its unit, and further counts with units.
  private mutating func scanRestOfDuration() -> Bool {
    guard accept("smhdwy") else { return false }
    _ = accept("s")
    while isDigit(peek()) {
      while isDigit(peek()) { index += 1 }
      guard accept("smhdw") else { return false }
      _ = accept("s")
    }
    guard index < bytes.count else { return true }
    return !bytes[index].isLetter && !bytes[index].isDigit
  }
}

/// The values of number texts.
enum NumberText {
  /// The value of a text of the right shape; `nil` when it is outside a 64-bit float, or outside
  /// a 64-bit integer for hexadecimal.
  static func value(_ text: String) -> Double? {
    let digits = text.filter { $0 != "_" }
    if digits.hasPrefix("0x") || digits.hasPrefix("0X") {
      return Int64(digits.dropFirst(2), radix: 16).map(Double.init)
    }
    // A leading zero means octal, as in C, where the digits allow it.
    if digits.count > 1, digits.hasPrefix("0"), digits.allSatisfy({ "0"..."7" ~= $0 }),
      let octal = Int64(digits, radix: 8)
    {
      return Double(octal)
    }
    guard let value = Double(digits), value.isFinite else { return nil }
    return value
  }
}
