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
  /// A hash that was made at a lower cost takes as long as one of today: who measures answers does
  /// not learn who exists. (C-45)
  ///
  /// - Parameter hash: `nil` for a person that does not exist: takes as long, and is false.
  package func verify(_ password: String, against hash: String?) -> Bool {
    let settings = settings(against: hash)
    // Too long for anybody's: a normal hash is spent all the same.
    let computed = try? Self.crypt(password, setting: settings[0])
    if computed == nil { _ = try? Self.crypt("", setting: settings[0]) }
    for setting in settings.dropFirst() { _ = try? Self.crypt("", setting: setting) }
    guard let computed else { return false }
    let isSame = Self.isSame(computed, hash ?? decoy)
    return isSame && hash != nil
  }

  /// What is computed, one after the other: the hash that is asked about, and so many more that
  /// all of it is the work of today's cost: 2^c + (2^c + 2^(c+1) + … + 2^(cost-1)) = 2^cost.
  package func settings(against hash: String?) -> [String] {
    // What is no hash would be refused at once.
    let asked = hash.flatMap { Self.cost(of: $0) == nil ? nil : $0 } ?? decoy
    let own = Self.cost(of: asked) ?? cost
    guard own < cost else { return [asked] }
    return [asked]
      + (own..<cost).map { step in
        "$2b$\(step < 10 ? "0" : "")\(step)$" + decoy.dropFirst(7).prefix(22)
      }
  }

  /// Whether a hash was made at another cost than today's, and should be made anew by who has the
  /// password.
  package func isOutdated(_ hash: String) -> Bool { Self.cost(of: hash) != cost }

  /// The power of two of a hash's rounds; `nil` for what is no hash of bcrypt.
  package static func cost(of hash: String) -> UInt? {
    let parts = hash.split(separator: "$", omittingEmptySubsequences: false)
    guard parts.count == 4, parts[0].isEmpty, parts[1].hasPrefix("2"), parts[2].count == 2,
      parts[3].utf8.count == 53, let cost = UInt(parts[2]), (4...31).contains(cost)
    else { return nil }
    return cost
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
