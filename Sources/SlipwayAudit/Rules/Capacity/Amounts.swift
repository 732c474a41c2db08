/// Amounts of memory and processors as files write them.
enum Amount {
  /// Bytes of `2G`, `512m`, `1073741824`.
  static func bytes(_ text: String) -> Double? {
    let small = text.lowercased().trimmed
    let digits = small.prefix { $0.isNumber || $0 == "." }
    guard let value = Double(digits) else { return nil }
    switch small.dropFirst(digits.count) {
    case "", "b": return value
    case "k", "kb", "kib", "ki": return value * 1024
    case "m", "mb", "mib", "mi": return value * 1_048_576
    case "g", "gb", "gib", "gi": return value * 1_073_741_824
    default: return nil
    }
  }
}
