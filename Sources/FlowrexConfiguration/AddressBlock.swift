import Glibc

/// A block of addresses, `10.8.0.0/16` or `fd00::/8`, and whether an address is in it. (C-34)
package struct AddressBlock: Sendable, Hashable {
  /// The bytes of the first address, 4 or 16.
  private let bytes: [UInt8]
  private let length: Int

  /// `nil` for what is no block; an address alone is a block of one.
  package init?(_ text: String) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let bytes = AddressBlock.bytes(of: String(parts[0])) else { return nil }
    guard parts.count == 2 else {
      (self.bytes, length) = (bytes, bytes.count * 8)
      return
    }
    guard let length = Int(parts[1]), (0...(bytes.count * 8)).contains(length),
      parts[1].first != "+"
    else { return nil }
    (self.bytes, self.length) = (bytes, length)
  }

  package func contains(_ address: String) -> Bool {
    guard let other = Self.bytes(of: address), other.count == bytes.count else { return false }
    for index in bytes.indices {
      let bits = min(8, max(0, length - index * 8))
      let mask = bits == 0 ? 0 : UInt8.max << (8 - bits)
      if bytes[index] & mask != other[index] & mask { return false }
    }
    return true
  }

  /// The bytes of an address; an IPv4 address inside IPv6 (`::ffff:10.0.0.1`) is the IPv4 one.
  private static func bytes(of text: String) -> [UInt8]? {
    var four = in_addr()
    if inet_pton(AF_INET, text, &four) == 1 {
      return withUnsafeBytes(of: &four) { Array($0) }
    }
    var six = in6_addr()
    guard inet_pton(AF_INET6, text, &six) == 1 else { return nil }
    let bytes = withUnsafeBytes(of: &six) { Array($0) }
    let mapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    return mapped ? Array(bytes.suffix(4)) : bytes
  }

  /// Whose address it is, as far as limits go: an IPv4 address is one customer's, and of IPv6 the
  /// first 64 bits are, in which they have as many addresses as they like.
  package static func network(of address: String) -> String {
    guard let bytes = bytes(of: address), bytes.count == 16 else {
      // A mapped IPv4 address is that IPv4 address.
      return bytes(of: address)?.map(String.init).joined(separator: ".") ?? address
    }
    let groups = stride(from: 0, to: 8, by: 2).map { index in
      String(Int(bytes[index]) << 8 | Int(bytes[index + 1]), radix: 16)
    }
    return groups.joined(separator: ":") + "::/64"
  }

  /// Whether the text is an address at all.
  package static func isAddress(_ text: String) -> Bool { bytes(of: text) != nil }
}
