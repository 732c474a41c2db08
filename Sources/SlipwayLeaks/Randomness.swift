/// Whether a value looks drawn at random, so that it is a secret, or made of words, so that it is
/// a name.
enum Randomness {
  /// Thousandths of a bit for each byte (Shannon, over the value itself).
  static func milliBits(_ value: [UInt8]) -> Int {
    guard !value.isEmpty else { return 0 }
    var counts = [Int](repeating: 0, count: 256)
    for byte in value { counts[Int(byte)] += 1 }
    var sum = 0
    for count in counts where count > 0 {
      sum += count * (logarithm(value.count) - logarithm(count))
    }
    return sum / value.count
  }

  /// The binary logarithm in thousandths, without the system's mathematics.
  private static func logarithm(_ number: Int) -> Int {
    let whole = Int.bitWidth - 1 - number.leadingZeroBitCount
    // The rest by squaring, ten binary digits of it.
    var rest = Double(number) / Double(1 << whole)
    var fraction = 0.0
    var weight = 0.5
    for _ in 0..<12 {
      rest *= rest
      if rest >= 2 {
        rest /= 2
        fraction += weight
      }
      weight /= 2
    }
    return whole * 1000 + Int(fraction * 1000)
  }

  static func isSecret(_ value: [UInt8]) -> Bool {
    guard value.count >= 12, value.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return false }
    let digits = value.filter(ByteSet.digits.contains).count
    let letters = value.filter { ByteSet.alphanumeric.contains($0) }.count - digits
    guard digits + letters > value.count / 2 else { return false }
    if value.allSatisfy(ByteSet.hexadecimal.contains) {
      // Numbers are counters, and `deadbeef` is a joke.
      return value.count >= 16 && digits >= 2 && letters >= 2 && milliBits(value) >= 2_500
    }
    if digits == 0 { return value.count >= 20 && isScrambled(value) }
    return letters > 0 && milliBits(value) >= 3_000 && !isName(value)
  }

  /// Whether a value is a secret in base64, as Kubernetes writes it: by chance it may have no digit
  /// and look like words.
  static func isSecret(inBase64 value: [UInt8]) -> Bool {
    let digits = value.prefix { $0 != UInt8(ascii: "=") }
    guard digits.count + 2 >= value.count, let text = Encoded.text(Array(digits)) else {
      return false
    }
    return isSecret(text)
  }

  /// Small and capital letters without the order that words have.
  private static func isScrambled(_ value: [UInt8]) -> Bool {
    var changes = 0
    for (one, next) in zip(value, value.dropFirst()) where isCapital(one) != isCapital(next) {
      changes += 1
    }
    return changes * 5 >= value.count * 2
  }

  private static func isCapital(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) }

  /// Words with a few digits behind them, put together: `shop-prod_jwt-key_v3`, `sha256`.
  private static func isName(_ value: [UInt8]) -> Bool {
    let words = value.split { !ByteSet.alphanumeric.contains($0) }
    let strange = words.filter { word in
      let tail = word.reversed().prefix(while: ByteSet.digits.contains).count
      let head = word.dropLast(tail)
      let isPlain = head.allSatisfy { !ByteSet.digits.contains($0) }
      return !(isPlain && (tail <= 4 || head.isEmpty && tail <= 8))
        || !head.isEmpty && head.count >= 12 && isScrambled(Array(head))
    }
    // One strange piece among many words is a number of something.
    return strange.map(\.count).reduce(0, +) * 3 < value.count
  }
}
