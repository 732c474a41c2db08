import CLibCrypto

/// SHA-256 (FIPS 180-4), by the system's OpenSSL.
///
/// Names of configs and the manifest need a digest that other tools can check. The system's library
/// costs a build nothing, a cryptography package more than all the rest of the generator.
/// (docs/decisions/0003)
package enum SHA256 {
  /// The digest of some bytes, in lower-case hexadecimal digits.
  package static func hex(_ bytes: some Sequence<UInt8>) -> String {
    let sum =
      bytes.withContiguousStorageIfAvailable { digest(of: UnsafeRawBufferPointer($0)) }
      ?? Array(bytes).withUnsafeBytes { digest(of: $0) }
    return text(of: sum)
  }

  /// The digest of a text's UTF-8 bytes.
  package static func hex(_ text: String) -> String { hex(text.utf8) }

  private static func digest(of bytes: UnsafeRawBufferPointer) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: Int(SHA256_DIGEST_LENGTH)) { digest, count in
      // The library takes no message from nowhere, not even an empty one.
      var nothing: UInt8 = 0
      let start = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
      withUnsafePointer(to: &nothing) {
        _ = CLibCrypto.SHA256(start ?? $0, bytes.count, digest.baseAddress)
      }
      count = Int(SHA256_DIGEST_LENGTH)
    }
  }

  private static func text(of digest: [UInt8]) -> String {
    String(unsafeUninitializedCapacity: 2 * digest.count) { text in
      var place = 0
      for byte in digest {
        text[place] = digit(byte >> 4)
        text[place + 1] = digit(byte & 15)
        place += 2
      }
      return place
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }
}
