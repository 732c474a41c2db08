import Crypto
import Foundation

/// What the console's secret is used for: sealing cookies and signing forms, each with a key of
/// its own that is derived from it. (C-47, C-61)
package struct Sealer: Sendable {
  private let cookieKey: SymmetricKey
  private let formKey: SymmetricKey
  /// Random bytes: a nonce is drawn for every sealing.
  private let draw: @Sendable (_ count: Int) -> [UInt8]

  private static let nonceLength = 12

  package init(secret: [UInt8], draw: @escaping @Sendable (_ count: Int) -> [UInt8]) {
    let secret = SymmetricKey(data: secret)
    func derived(_ purpose: String) -> SymmetricKey {
      HKDF<SHA256>.deriveKey(
        inputKeyMaterial: secret, info: Array("flowrex-console \(purpose) 1".utf8),
        outputByteCount: 32)
    }
    cookieKey = derived("cookie")
    formKey = derived("form")
    self.draw = draw
  }

  /// AES-256-GCM, as text that fits into a cookie.
  ///
  /// - Parameter name: The cookie's; sealed text is of no use under another one.
  package func sealed(_ plain: [UInt8], name: String) throws -> String {
    let box = try AES.GCM.seal(
      plain, using: cookieKey, nonce: AES.GCM.Nonce(data: draw(Self.nonceLength)),
      authenticating: Array(name.utf8))
    return (Data(box.nonce) + box.ciphertext + box.tag).base64EncodedString()
  }

  /// - Returns: `nil` for what this key did not seal under this name.
  package func opened(_ text: String, name: String) -> [UInt8]? {
    guard let data = Data(base64Encoded: text), let box = try? AES.GCM.SealedBox(combined: data),
      let plain = try? AES.GCM.open(box, using: cookieKey, authenticating: Array(name.utf8))
    else { return nil }
    return Array(plain)
  }

  /// The token of the forms of one session. (C-61)
  package func formToken(of session: String) -> String {
    HMAC<SHA256>.authenticationCode(for: Array(session.utf8), using: formKey).map { byte in
      String(UInt16(byte) | 0x100, radix: 16).dropFirst()
    }.joined()
  }

  /// Whether a form carries its session's token; takes the same time whatever it carries.
  package func isFormToken(_ text: String, of session: String) -> Bool {
    let (given, right) = (Array(text.utf8), Array(formToken(of: session).utf8))
    guard given.count == right.count else { return false }
    return zip(given, right).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
