package import FlowrexContract
import Foundation

/// What an access token says. (S04-AUTH-14)
package struct AccessToken: Sendable, Equatable {
  /// The person.
  package let subject: String
  /// The session that the token belongs to: revoking it ends the token. (S04-AUTH-10)
  package let session: String
  package let role: Role
  /// Seconds since 1970.
  package let issuedAt: Int64
  package let expiresAt: Int64

  package init(
    subject: String, session: String, role: Role, issuedAt: Int64, expiresAt: Int64
  ) {
    self.subject = subject
    self.session = session
    self.role = role
    self.issuedAt = issuedAt
    self.expiresAt = expiresAt
  }
}

/// What a person may do.
package enum Role: String, Sendable, Codable, CaseIterable {
  case user, admin
}

/// Why a token was refused. The fault is for the counter and the log: every one of them is the
/// same answer to the caller.
package struct TokenRefused: Error, Sendable, Equatable {
  package let fault: TokenFault

  package init(_ fault: TokenFault) { self.fault = fault }
}

/// The claims as they are written. (RFC 7519 §4.1, RFC 9068 §2.2)
struct Claims: Codable {
  let iss: String
  let aud: String
  let sub: String
  let sid: String
  let role: Role
  let iat: Int64
  let exp: Int64
  let jti: String
}

/// The protected header. Whatever else a header holds is a reason to refuse it: `jku`, `jwk`,
/// `x5u` name keys of the sender's choice, `crit` means what we do not know. (RFC 7515 §4.1)
struct TokenHeader: Codable {
  let alg: String
  let kid: String
  let typ: String

  static let names: Set<String> = ["alg", "kid", "typ"]
  /// RFC 9068 §2.1: no other token of ours can be taken for an access token.
  static let accessType = "at+jwt"
}
