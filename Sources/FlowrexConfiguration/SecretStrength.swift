import Crypto
import ServiceContract

/// What is wrong with the value of a secret, from what can be seen of it. The gate judges the same
/// before a release; this process does not rely on that. (S17-HS-07, S17-CL-SEC-05, S03-CL-ENV-03)
enum SecretStrength {
  /// The fault in words, or `nil`.
  static func fault(_ value: SecretValue, _ key: SecretKey, denied: [String]) -> String? {
    value.withBytes { fault($0, key, denied) }
  }

  private static func fault(_ bytes: [UInt8], _ key: SecretKey, _ denied: [String]) -> String? {
    guard !bytes.isEmpty else { return "is empty" }
    let digest = SHA256.hash(data: bytes).map { byte in
      String(UInt16(byte) | 0x100, radix: 16).dropFirst()
    }
    if denied.contains(digest.joined()) { return "is a value that is published" }
    guard bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return "holds a blank, a line break or a character outside ASCII"
    }
    switch key.form {
    case .passwordHash: return hashFault(bytes)
    case .random: return randomFault(bytes, needed: key.bits)
    case .url, .pem, .issued: return nil
    }
  }

  /// bcrypt with a cost of at least 12; its 60 characters are the whole form. (C-46, S04-AUTH-04)
  private static func hashFault(_ bytes: [UInt8]) -> String? {
    let text = String(decoding: bytes, as: UTF8.self)
    let parts = text.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].isEmpty, ["2a", "2b", "2y"].contains(parts[1]),
      parts[2].utf8.count == 2, let cost = Int(parts[2]), parts[3].utf8.count == 53
    else { return "is no bcrypt hash" }
    return cost < 12 ? "has a cost of \(cost), at least 12 is needed" : nil
  }

  private static func randomFault(_ bytes: [UInt8], needed: Int) -> String? {
    let bits = capacity(bytes)
    if bits < needed { return "has at most \(bits) of \(needed) bits" }
    return isRegular(bytes) ? "follows a pattern" : nil
  }

  /// The logarithm of how many texts of this length there are over the smallest usual alphabet
  /// that holds all its characters, in whole bits.
  private static func capacity(_ bytes: [UInt8]) -> Int {
    let digits = Set(UInt8(ascii: "0")...UInt8(ascii: "9"))
    let lower = Set(UInt8(ascii: "a")...UInt8(ascii: "z"))
    let upper = Set(UInt8(ascii: "A")...UInt8(ascii: "Z"))
    // Thousandths of a bit for each character.
    let alphabets: [(Set<UInt8>, Int)] = [
      (digits, 3_322), (digits.union("abcdef".utf8), 4_000), (digits.union("ABCDEF".utf8), 4_000),
      (lower, 4_700), (upper, 4_700), (digits.union(lower), 5_170), (digits.union(upper), 5_170),
      (lower.union(upper), 5_700), (digits.union(lower).union(upper), 5_954),
      (digits.union(lower).union(upper).union("+/=-_".utf8), 6_000),
    ]
    let used = Set(bytes)
    let each = alphabets.first { used.isSubset(of: $0.0) }?.1 ?? 6_555
    return bytes.count * each / 1_000
  }

  /// Few different characters, a piece that comes again, or a run up or down the alphabet: what
  /// no source of random text gives, all but surely.
  private static func isRegular(_ bytes: [UInt8]) -> Bool {
    guard Set(bytes).count * 4 >= min(bytes.count, 32) else { return true }
    let steps = zip(bytes, bytes.dropFirst()).count { one, next in
      next == one &+ 1 || next == one || next == one &- 1
    }
    guard steps * 2 <= bytes.count else { return true }
    let size = max(6, min(12, bytes.count / 3))
    guard bytes.count >= 2 * size else { return false }
    var first: [ArraySlice<UInt8>: Int] = [:]
    for start in 0...(bytes.count - size) {
      let piece = bytes[start..<(start + size)]
      if let before = first[piece] {
        if start - before >= size { return true }
      } else {
        first[piece] = start
      }
    }
    return false
  }
}
