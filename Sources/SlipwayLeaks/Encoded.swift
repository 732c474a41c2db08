/// Text in text: base64, as Kubernetes and headers wrap it.
enum Encoded {
  /// Shorter runs hold nothing that is a secret.
  static let least = 24

  /// What a run of base64 says, if it says text.
  static func text(_ run: [UInt8]) -> [UInt8]? {
    var bits: UInt32 = 0
    var have = 0
    var bytes: [UInt8] = []
    bytes.reserveCapacity(run.count * 3 / 4)
    for byte in run {
      guard let value = value(of: byte) else { return nil }
      bits = bits << 6 | UInt32(value)
      have += 6
      guard have >= 8 else { continue }
      have -= 8
      let next = UInt8(truncatingIfNeeded: bits >> UInt32(have))
      guard next >= 0x20 && next < 0x7F || next == 0x0A || next == 0x0D || next == 0x09 else {
        return nil
      }
      bytes.append(next)
    }
    return bytes
  }

  private static func value(of byte: UInt8) -> UInt8? {
    switch byte {
    case 0x41...0x5A: byte - 0x41
    case 0x61...0x7A: byte - 0x61 + 26
    case 0x30...0x39: byte - 0x30 + 52
    case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
    case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
    default: nil
    }
  }

  /// Base64 without padding.
  static func base64(_ bytes: [UInt8], _ alphabet: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var bits: UInt32 = 0
    var have: UInt32 = 0
    for byte in bytes {
      bits = bits << 8 | UInt32(byte)
      have += 8
      while have >= 6 {
        have -= 6
        result.append(alphabet[Int(bits >> have & 63)])
      }
    }
    if have > 0 { result.append(alphabet[Int(bits << (6 - have) & 63)]) }
    return result
  }

  static let standard = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  static let forURLs = Array(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
}
