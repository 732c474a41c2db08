/// The words of a pattern.
struct PatternScanner {
  /// A count in braces: `{2}`, `{2,}`, `{2,5}`.
  struct Count: Equatable {
    let minimum: Int
    /// `nil` without bound.
    let maximum: Int?

    func isValid(max limit: Int) -> Bool {
      minimum <= limit && (maximum.map { $0 <= limit && minimum <= $0 } ?? true)
    }

    /// What the count multiplies nested counts by; `nil` when the item cannot occur at all.
    var factor: Int? { maximum == 0 ? nil : maximum ?? max(1, minimum) }
  }

  let scalars: [Unicode.Scalar]
  private var index = 0

  /// The character read last.
  var previous: Unicode.Scalar? { index > 0 ? scalars[index - 1] : nil }

  init(_ text: String) {
    scalars = Array(text.unicodeScalars)
  }

  func peek(_ ahead: Int = 0) -> Unicode.Scalar? {
    index + ahead < scalars.count ? scalars[index + ahead] : nil
  }

  mutating func skip(_ count: Int = 1) { index += count }

  mutating func next() -> Unicode.Scalar? {
    guard let scalar = peek() else { return nil }
    index += 1
    return scalar
  }

  mutating func accept(_ wanted: Unicode.Scalar) -> Bool {
    guard peek() == wanted else { return false }
    index += 1
    return true
  }

  /// What follows `{`, when it is a count; else nothing is read and the brace is a brace.
  mutating func readCount() -> Count? {
    let start = index
    if let minimum = readWholeNumber() {
      if accept("}") { return Count(minimum: minimum, maximum: minimum) }
      if accept(",") {
        if accept("}") { return Count(minimum: minimum, maximum: nil) }
        if let maximum = readWholeNumber(), accept("}") {
          return Count(minimum: minimum, maximum: maximum)
        }
      }
    }
    index = start
    return nil
  }

  /// Digits without a leading zero; huge numbers stay huge.
  private mutating func readWholeNumber() -> Int? {
    let start = index
    while let digit = peek(), isDigit(digit) { index += 1 }
    let digits = scalars[start..<index]
    guard let first = digits.first, digits.count == 1 || first != "0" else { return nil }
    return digits.count > 8 ? Int.max : digits.reduce(0) { $0 * 10 + Int($1.value - 48) }
  }

  private func isDigit(_ scalar: Unicode.Scalar) -> Bool { "0"..."9" ~= scalar }

  private func isWord(_ scalar: Unicode.Scalar) -> Bool {
    isDigit(scalar) || "a"..."z" ~= scalar || "A"..."Z" ~= scalar || scalar == "_"
  }

  /// How many characters stand between `\Q` and `\E` or the end.
  mutating func readQuoted() -> Int {
    var count = 0
    while let scalar = next() {
      if scalar == "\\" && accept("E") { return count }
      count += 1
    }
    return count
  }

  /// The name after `(?P<` or `(?<`, up to `>`; false when it is another kind of group.
  mutating func readGroupName() throws(PatternProblem) -> Bool {
    if peek() == "P" && peek(1) == "<" && peek(2) != nil {
      skip(2)
    } else if peek() == "<" && peek(1) != nil {
      skip()
    } else {
      return false
    }
    var length = 0
    while let scalar = next() {
      if scalar == ">" && length > 0 { return true }
      guard isWord(scalar) else { break }
      length += 1
    }
    throw PatternProblem("invalid named capture")
  }

  /// The flags after `(?`. Returns true when they open a group, false when they stand alone.
  mutating func readFlags() throws(PatternProblem) -> Bool {
    var isNegative = false
    var hasFlag = false
    while let scalar = next() {
      switch scalar {
      case "i", "m", "s", "U": hasFlag = true
      case "-" where !isNegative:
        isNegative = true
        hasFlag = false
      case ":", ")":
        if isNegative && !hasFlag { throw .badPerl }
        return scalar == ":"
      default: throw .badPerl
      }
    }
    throw PatternProblem("missing closing )")
  }
}

extension PatternProblem {
  fileprivate static let badPerl = PatternProblem("invalid or unsupported Perl syntax")
}
