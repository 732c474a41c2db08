import CCrypt
import Glibc

/// Hashes passwords with bcrypt, through the system's own libcrypt. (S04-AUTH-04, C-46)
///
/// A hash takes a quarter of a second on purpose: callers run it on threads of their own.
package struct PasswordHasher: Sendable {
  /// Why a password cannot be hashed.
  package enum Fault: Error, Sendable, Equatable {
    /// bcrypt would cut it silently: what follows would not be asked for at sign-in.
    case longerThan72Bytes
    /// C would take it for the end.
    case holdsZeroByte
    /// The library refused.
    case notHashed
  }

  /// The most bytes that bcrypt looks at.
  package static let longest = 72

  private let cost: UInt
  /// What an unknown person's password is compared with, so that the answer takes as long.
  private let decoy: String

  /// - Parameters:
  ///   - cost: The power of two of the rounds, 12 to 14.
  ///   - salt: 16 random bytes, for the hash that nobody's password has.
  package init(cost: Int, salt: [UInt8]) throws(Fault) {
    self.cost = UInt(cost)
    decoy = try Self.hash("nobody", cost: UInt(cost), salt: salt)
  }

  /// - Parameter salt: 16 random bytes.
  package func hash(_ password: String, salt: [UInt8]) throws(Fault) -> String {
    try Self.hash(password, cost: cost, salt: salt)
  }

  /// Whether the password is the one that was hashed; compared in constant time.
  ///
  /// - Parameter hash: `nil` for a person that does not exist: takes as long, and is false.
  package func verify(_ password: String, against hash: String?) -> Bool {
    guard let computed = try? Self.crypt(password, setting: hash ?? decoy) else {
      // Too long for anybody's; a normal hash is spent all the same.
      _ = try? Self.crypt("", setting: decoy)
      return false
    }
    let isSame = Self.isSame(computed, hash ?? decoy)
    return isSame && hash != nil
  }

  private static func hash(
    _ password: String, cost: UInt, salt: [UInt8]
  ) throws(Fault) -> String {
    guard salt.count >= 16 else { throw .notHashed }
    var setting = [CChar](repeating: 0, count: Int(CRYPT_GENSALT_OUTPUT_SIZE))
    let made = salt.withUnsafeBytes { bytes in
      crypt_gensalt_rn(
        "$2b$", cost, bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), &setting,
        Int32(setting.count)) != nil
    }
    guard made else { throw .notHashed }
    return try crypt(password, setting: text(setting))
  }

  private static func crypt(_ password: String, setting: String) throws(Fault) -> String {
    guard password.utf8.count <= longest else { throw .longerThan72Bytes }
    guard !password.utf8.contains(0) else { throw .holdsZeroByte }
    // 32 KiB: not on the stack of a pool's thread.
    let data = UnsafeMutablePointer<crypt_data>.allocate(capacity: 1)
    defer {
      explicit_bzero(data, MemoryLayout<crypt_data>.size)
      data.deallocate()
    }
    memset(data, 0, MemoryLayout<crypt_data>.size)
    guard
      let output = crypt_rn(password, setting, data, Int32(MemoryLayout<crypt_data>.size)),
      output.pointee != CChar(bitPattern: UInt8(ascii: "*"))
    else { throw .notHashed }
    return String(cString: output)
  }

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  private static func isSame(_ one: String, _ other: String) -> Bool {
    ConstantTime.isEqual(Array(one.utf8), Array(other.utf8))
  }
}

/// Comparisons that take as long for a near miss as for a far one.
enum ConstantTime {
  static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count else { return false }
    return zip(one, other).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
