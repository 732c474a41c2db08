/// The bound of a histogram's bucket, `2.5e-05`, as a whole number of the smallest unit.
enum Bound {
  /// `value × 10^places`, exactly; `nil` when that is no whole number, or `+Inf`.
  static func scaled(_ text: String, places: Int) -> Int? {
    let parts = text.split(separator: "e", maxSplits: 1)
    guard let mantissa = parts.first else { return nil }
    var exponent = places
    if parts.count == 2 {
      guard let power = Int(parts[1]) else { return nil }
      exponent += power
    }
    let pieces = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    guard pieces.count <= 2 else { return nil }
    var digits = String(pieces[0])
    if pieces.count == 2 {
      digits += pieces[1]
      exponent -= pieces[1].count
    }
    while exponent < 0, digits.count > 1, digits.last == "0" {
      digits.removeLast()
      exponent += 1
    }
    guard exponent >= 0, exponent < 18, let number = Int(digits) else { return nil }
    var result = number
    for _ in 0..<exponent {
      let (product, overflow) = result.multipliedReportingOverflow(by: 10)
      if overflow { return nil }
      result = product
    }
    return result
  }

  /// The bound as a Swift value of the unit; `nil` for `+Inf` and what the unit cannot hold.
  static func swift(_ text: String, unit: Meaning.Unit) -> String? {
    switch unit {
    case .duration, .moment:
      if let seconds = scaled(text, places: 0) { return ".seconds(\(seconds))" }
      if let value = scaled(text, places: 3) { return ".milliseconds(\(value))" }
      if let value = scaled(text, places: 6) { return ".microseconds(\(value))" }
      return scaled(text, places: 9).map { ".nanoseconds(\($0))" }
    case .bytes: return scaled(text, places: 0).map { "ByteCount(bytes: \($0))" }
    case .ratio:
      return scaled(text, places: 2).map { ".percent(\($0))" }
    case .count: return scaled(text, places: 0).map(String.init)
    }
  }
}
