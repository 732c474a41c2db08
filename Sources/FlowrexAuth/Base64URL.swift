/// The alphabet of tokens, without padding. (RFC 4648 §5, RFC 7515 §2)
enum Base64URL {
  private static let digits = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

  private static let values: [UInt8?] = {
    var values = [UInt8?](repeating: nil, count: 256)
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt8(value) }
    return values
  }()

  static func text(_ bytes: some Sequence<UInt8>) -> String {
    var result: [UInt8] = []
    var rest: UInt32 = 0
    var bits = 0
    for byte in bytes {
      rest = rest << 8 | UInt32(byte)
      bits += 8
      while bits >= 6 {
        bits -= 6
        result.append(digits[Int(rest >> UInt32(bits) & 0x3F)])
      }
    }
    if bits > 0 { result.append(digits[Int(rest << UInt32(6 - bits) & 0x3F)]) }
    return String(decoding: result, as: UTF8.self)
  }

  /// The one reading of a text; `nil` where bits are left over that mean nothing, so that no two
  /// tokens are the same one.
  static func bytes(_ text: some Sequence<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var rest: UInt32 = 0
    var bits = 0
    for digit in text {
      guard let value = values[Int(digit)] else { return nil }
      rest = rest << 6 | UInt32(value)
      bits += 6
      if bits >= 8 {
        bits -= 8
        result.append(UInt8(truncatingIfNeeded: rest >> UInt32(bits)))
        rest &= 1 << UInt32(bits) - 1
      }
    }
    return bits < 6 && rest == 0 ? result : nil
  }
}
