import Crypto
import Foundation

/// Who may sign for which role: a file in the format of OpenSSH's allowed signers, one key a line.
/// It belongs to whoever runs the cluster, and never travels with what it judges.
///
/// ```
/// security,risk namespaces="slipway" ssh-ed25519 AAAA… A. Person
/// ```
///
/// Source: ssh-keygen(1), ALLOWED SIGNERS.
package struct SignerList: Sendable {
  package struct Signer: Sendable {
    let roles: [String]
    let key: [UInt8]
    let validAfter: PointInTime?
    let validBefore: PointInTime?
  }
  package let signers: [Signer]

  package static let namespace = "slipway"
  private static let keyType = "ssh-ed25519"

  package static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> SignerList {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw ReadingFailure("it is no UTF-8 text")
    }
    var signers: [Signer] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let line = line.drop { $0 == " " || $0 == "\t" || $0 == "\r" }
      guard !line.isEmpty, line.first != "#" else { continue }
      do throws(ReadingFailure) {
        if let signer = try signer(line) { signers.append(signer) }
      } catch {
        throw ReadingFailure("line \(index + 1): \(error.clause)")
      }
    }
    guard !signers.isEmpty else { throw ReadingFailure("it names nobody") }
    return SignerList(signers: signers)
  }

  /// One line; `nil` if it is for signatures of another kind.
  private static func signer(_ line: Substring) throws(ReadingFailure) -> Signer? {
    var words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
    guard words.count >= 3 else { throw ReadingFailure("roles, key type and key are expected") }
    let roles = words.removeFirst().split(separator: ",").map(String.init)
    var after: PointInTime?
    var before: PointInTime?
    if words[0] != keyType, let next = words.dropFirst().first, next == keyType {
      for option in words.removeFirst().split(separator: ",") {
        let parts = option.split(separator: "=", maxSplits: 1).map(String.init)
        let value = parts.last.map { $0.filter { $0 != "\"" } } ?? ""
        switch parts.first?.lowercased() {
        case "namespaces": guard value == namespace else { return nil }
        case "valid-after": after = try day(value)
        case "valid-before": before = try day(value)
        default: throw ReadingFailure("the option '\(option)' is not understood")
        }
      }
    }
    guard words.count >= 2, words[0] == keyType else {
      throw ReadingFailure("only keys of the type \(keyType) are taken")
    }
    guard let blob = Data(base64Encoded: String(words[1])) else {
      throw ReadingFailure("the key is no base64")
    }
    var reader = SSHReader([UInt8](blob))
    guard try reader.text() == keyType else { throw ReadingFailure("the key is of another type") }
    let key = try reader.string()
    guard key.count == 32, reader.isAtEnd else { throw ReadingFailure("the key is not whole") }
    return Signer(roles: roles, key: key, validAfter: after, validBefore: before)
  }

  /// `20270101` or `20270101Z`, a day in UTC.
  private static func day(_ text: String) throws(ReadingFailure) -> PointInTime {
    guard let match = text.wholeMatch(of: /(\d{4})(\d{2})(\d{2})Z?/),
      let time = PointInTime("\(match.1)-\(match.2)-\(match.3)T00:00:00Z")
    else { throw ReadingFailure("'\(text)' is no day such as 20270101") }
    return time
  }

  /// The roles of whoever made this signature over these bytes.
  ///
  /// - Parameter now: keys have times too.
  package func roles(
    signing message: [UInt8], with signature: [UInt8], at now: PointInTime
  ) throws(ReadingFailure) -> Set<String> {
    let signature = try SSHSignature.read(signature)
    guard signature.namespace == Self.namespace else {
      throw ReadingFailure(
        "it was signed for '\(signature.namespace.prefix(40))', not for '\(Self.namespace)'")
    }
    let known = signers.filter { $0.key == signature.key }
    guard !known.isEmpty else { throw ReadingFailure("whoever signed it is no known signer") }
    guard signature.isValid(over: message) else {
      throw ReadingFailure("its signature is of another text")
    }
    let valid = known.filter { signer in
      (signer.validAfter.map { $0 <= now } ?? true) && (signer.validBefore.map { now < $0 } ?? true)
    }
    guard !valid.isEmpty else { throw ReadingFailure("the key that signed it is not valid today") }
    return Set(valid.flatMap(\.roles))
  }
}

/// A signature as `ssh-keygen -Y sign` writes it.
///
/// Source: OpenSSH, PROTOCOL.sshsig.
struct SSHSignature {
  let key: [UInt8]
  let namespace: String
  let hash: String
  let signature: [UInt8]
  private static let magic = Array("SSHSIG".utf8)

  static func read(_ bytes: [UInt8]) throws(ReadingFailure) -> SSHSignature {
    let text = String(decoding: bytes, as: UTF8.self)
    let lines = text.split(whereSeparator: \.isNewline)
    guard lines.first == "-----BEGIN SSH SIGNATURE-----",
      lines.last == "-----END SSH SIGNATURE-----",
      let blob = Data(base64Encoded: lines.dropFirst().dropLast().joined())
    else { throw ReadingFailure("its signature is none of ssh-keygen") }
    let content = [UInt8](blob)
    guard content.starts(with: magic) else {
      throw ReadingFailure("its signature is none of ssh-keygen")
    }
    var reader = SSHReader(Array(content.dropFirst(magic.count)))
    guard try reader.number() == 1 else {
      throw ReadingFailure("its signature has another version")
    }
    var key = SSHReader(try reader.string())
    guard try key.text() == "ssh-ed25519" else {
      throw ReadingFailure("it is signed with a key that is no ssh-ed25519")
    }
    let publicKey = try key.string()
    let namespace = try reader.text()
    _ = try reader.string()
    let hash = try reader.text()
    var inner = SSHReader(try reader.string())
    guard try inner.text() == "ssh-ed25519" else {
      throw ReadingFailure("it is signed with a key that is no ssh-ed25519")
    }
    return SSHSignature(
      key: publicKey, namespace: namespace, hash: hash, signature: try inner.string())
  }

  func isValid(over message: [UInt8]) -> Bool {
    let digest: [UInt8]
    switch hash {
    case "sha512": digest = Array(SHA512.hash(data: message))
    case "sha256": digest = Array(Crypto.SHA256.hash(data: message))
    default: return false
    }
    var signed = Self.magic
    for part in [Array(namespace.utf8), [], Array(hash.utf8), digest] {
      let count = UInt32(part.count)
      signed += [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + part
    }
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: key) else { return false }
    return key.isValidSignature(signature, for: signed)
  }
}

/// The encoding of SSH's own messages: numbers of 32 bits, strings that begin with their length.
///
/// Source: RFC 4251, section 5.
struct SSHReader {
  private let bytes: [UInt8]
  private var index = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { index == bytes.count }

  mutating func number() throws(ReadingFailure) -> Int {
    guard bytes.count - index >= 4 else { throw ReadingFailure("its signature or key is torn") }
    let number = bytes[index..<(index + 4)].reduce(0) { $0 << 8 | Int($1) }
    index += 4
    return number
  }

  mutating func string() throws(ReadingFailure) -> [UInt8] {
    let count = try number()
    guard count <= bytes.count - index else { throw ReadingFailure("its signature or key is torn") }
    defer { index += count }
    return Array(bytes[index..<(index + count)])
  }

  mutating func text() throws(ReadingFailure) -> String {
    String(decoding: try string(), as: UTF8.self)
  }
}
