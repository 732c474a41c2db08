import Crypto
package import FlowrexContract
import Foundation

/// The keys that sign and verify tokens: one that signs, and during a rotation one more that only
/// verifies. (C-44)
///
/// The algorithm is the ring's and never the token's, so there is no token that chooses one.
package struct KeyRing: Sendable {
  private struct Entry: Sendable {
    let id: String
    let key: SymmetricKey
  }

  private let current: Entry
  private let previous: Entry?
  let algorithm: TokenAlgorithm

  /// - Parameter previous: Equal to `current` when no rotation is going on.
  package init(current: [UInt8], previous: [UInt8]?, algorithm: TokenAlgorithm) {
    self.current = Self.entry(current)
    let other = previous.map(Self.entry)
    self.previous = other?.id == self.current.id ? nil : other
    self.algorithm = algorithm
  }

  /// The start of the key's SHA-256: says which key, and nothing of it.
  private static func entry(_ bytes: [UInt8]) -> Entry {
    let digest = SHA256.hash(data: bytes).prefix(8)
    let id = digest.map { String(UInt16($0) | 0x100, radix: 16).dropFirst() }.joined()
    return Entry(id: id, key: SymmetricKey(data: bytes))
  }

  /// The ids of the keys, the signing one first.
  package var ids: [String] { [current.id] + (previous.map { [$0.id] } ?? []) }

  var signingID: String { current.id }

  func sign(_ bytes: [UInt8]) -> [UInt8] { code(bytes, current.key) }

  /// Whether the key of this id signed the bytes; `nil` when there is no such key.
  func isSigned(_ bytes: [UInt8], by signature: [UInt8], id: String) -> Bool? {
    guard let entry = [current, previous].compactMap({ $0 }).first(where: { $0.id == id }) else {
      return nil
    }
    return ConstantTime.isEqual(code(bytes, entry.key), signature)
  }

  private func code(_ bytes: [UInt8], _ key: SymmetricKey) -> [UInt8] {
    switch algorithm {
    case .hs256: Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key))
    case .hs384: Array(HMAC<SHA384>.authenticationCode(for: bytes, using: key))
    case .hs512: Array(HMAC<SHA512>.authenticationCode(for: bytes, using: key))
    }
  }
}
