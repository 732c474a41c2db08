/// Why a text is no number.
package enum NumberFault: Error, Hashable, Sendable {
  case notANumber(kind: String, text: String)
  case tooManyDigits(kind: String, text: String, behindPoint: Int)
  case beyondRange(kind: String, text: String)
}

extension Fixed {
  /// Reads `-12.50`: an optional minus, digits, and at most eight digits behind a point.
  ///
  /// There is no exponent, no plus, no space, no bare point: one number has few spellings.
  package init(text: some StringProtocol) throws(NumberFault) {
    let bytes = Array(text.utf8)
    let negative = bytes.first == UInt8(ascii: "-")
    let digits = bytes.dropFirst(negative ? 1 : 0)
    let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    let isWritten = parts.allSatisfy { part in
      !part.isEmpty && part.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    }
    guard isWritten, (1...2).contains(parts.count) else {
      throw .notANumber(kind: Kind.noun, text: String(text))
    }
    let behind = parts.count == 2 ? parts[1].count : 0
    guard behind <= Self.places else {
      throw .tooManyDigits(kind: Kind.noun, text: String(text), behindPoint: behind)
    }
    var units: Int64 = 0
    var overflow = false
    func append(_ digit: Int64) {
      let (tens, first) = units.multipliedReportingOverflow(by: 10)
      let (sum, second) = tens.addingReportingOverflow(digit)
      overflow = overflow || first || second
      units = sum
    }
    for byte in parts.joined() { append(Int64(byte) - Int64(UInt8(ascii: "0"))) }
    for _ in behind..<Self.places { append(0) }
    guard !overflow else { throw .beyondRange(kind: Kind.noun, text: String(text)) }
    self.init(unchecked: negative ? -units : units)
  }

  /// Decimal text that reads back as the same number, with at least `behindPoint` digits (up to
  /// eight) behind the point.
  package func text(behindPoint: Int = 0) -> String {
    let digits = String(units.magnitude)
    let padded = String(repeating: "0", count: max(0, Self.places + 1 - digits.count)) + digits
    var fraction = padded.suffix(Self.places)
    while fraction.count > behindPoint, fraction.last == "0" { fraction.removeLast() }
    let whole = (units < 0 ? "-" : "") + padded.dropLast(Self.places)
    return fraction.isEmpty ? whole : whole + "." + fraction
  }
}

extension Fixed: CustomStringConvertible {
  package var description: String { text() }
}

extension NumberFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .notANumber(let kind, let text): "'\(text)' is no \(kind): write it like -12.50"
    case .tooManyDigits(let kind, let text, let digits):
      "the \(kind) '\(text)' has \(digits) digits behind the point; 8 are kept"
    case .beyondRange(let kind, let text):
      "the \(kind) '\(text)' is beyond 92233720368.54775807"
    }
  }
}
