import Crypto
import Foundation

/// Makes tokens of any kind, with an implementation that is not the judged one.
enum Forge {
  static let now: Int64 = 1_800_000_000
  static let key = Array("the key that signs in these tests, 43 bytes".utf8)
  static let oldKey = Array("the key that signed before the rotation, 48b".utf8)
  static let strangeKey = Array("a key of somebody else who would like to sign".utf8)

  static func id(_ key: [UInt8]) -> String {
    SHA256.hash(data: key).prefix(8).map { String(format: "%02x", $0) }.joined()
  }

  static let header = #"{"alg":"HS256","kid":"\#(id(key))","typ":"at+jwt"}"#

  static let claims: [String: String] = [
    "iss": #""flowrex-production""#, "aud": #""flowrex-api-production""#, "sub": #""u1""#,
    "sid": #""s1""#, "role": #""user""#, "iat": "\(now - 60)", "exp": "\(now + 840)",
    "jti": #""t1""#,
  ]

  static func claims(_ name: String, _ value: String?) -> String {
    var changed = claims
    changed[name] = value
    return json(changed)
  }

  static func json(_ fields: [String: String]) -> String {
    "{" + fields.sorted { $0.key < $1.key }.map { "\"\($0)\":\($1)" }.joined(separator: ",") + "}"
  }

  static func token(
    header: String = header, claims: String = json(claims), key: [UInt8] = key
  ) -> String {
    let text = base64(Array(header.utf8)) + "." + base64(Array(claims.utf8))
    return text + "." + base64(Array(code(text, key)))
  }

  static func code(_ text: String, _ key: [UInt8]) -> HMAC<SHA256>.MAC {
    HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key))
  }

  static func base64(_ bytes: [UInt8]) -> String {
    Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
      .replacing("=", with: "")
  }
}
