import FlowrexContract
import Foundation

/// Makes and reads access tokens: signed, short, for one audience. (S04-AUTH-11, 14, C-01)
package struct TokenIssuer: Sendable {
  private let ring: KeyRing
  private let issuer: String
  private let audience: String
  /// How long a token lives, in whole seconds; at most 15 minutes.
  package let life: Duration

  /// A clock that is behind ours by this much is believed, one that is further ahead is not.
  private static let skew: Int64 = 5
  /// No token of ours is nearly as long; more is not even decoded.
  private static let longest = 2_048

  package init(ring: KeyRing, issuer: String, audience: String, life: Duration) {
    precondition(life <= .seconds(15 * 60), "an access token lives for 15 minutes at most")
    self.ring = ring
    self.issuer = issuer
    self.audience = audience
    self.life = life
  }

  /// - Parameters:
  ///   - now: Seconds since 1970.
  ///   - id: A random name for the token.
  package func issue(
    subject: String, session: String, role: Role, now: Int64, id: String
  ) throws -> String {
    let header = TokenHeader(
      alg: ring.algorithm.rawValue, kid: ring.signingID, typ: TokenHeader.accessType)
    let claims = Claims(
      iss: issuer, aud: audience, sub: subject, sid: session, role: role, iat: now,
      exp: now + life.components.seconds, jti: id)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let parts = [try encoder.encode(header), try encoder.encode(claims)].map {
      Base64URL.text(Array($0))
    }
    let text = parts.joined(separator: ".")
    return text + "." + Base64URL.text(ring.sign(Array(text.utf8)))
  }

  /// The one token that a refresh token is exchanged for. It is made of the token and of our key:
  /// whoever has not both cannot know it, and an answer that got lost can be given once more.
  /// (decision 29)
  func successor(of refresh: String) -> [UInt8] {
    // Not the text of any access token: those begin with a header in base64.
    Array(ring.sign(Array("flowrex refresh token\n\(refresh)".utf8)).prefix(32))
  }

  /// Reads a token that may be anything at all.
  ///
  /// The signature is judged before a word of the claims is read.
  package func verify(_ token: String, now: Int64) throws(TokenRefused) -> AccessToken {
    guard token.utf8.count <= Self.longest else { throw TokenRefused(.malformed) }
    let parts = token.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 3, let headerBytes = Base64URL.bytes(parts[0]),
      let claimBytes = Base64URL.bytes(parts[1]), let signature = Base64URL.bytes(parts[2])
    else { throw TokenRefused(.malformed) }
    let header = try Self.header(headerBytes)
    guard header.alg == ring.algorithm.rawValue else { throw TokenRefused(.signature) }
    let signed = Array(token.utf8.prefix(parts[0].count + 1 + parts[1].count))
    guard ring.isSigned(signed, by: signature, id: header.kid) == true else {
      throw TokenRefused(.signature)
    }
    guard header.typ == TokenHeader.accessType else { throw TokenRefused(.type) }
    guard let claims = try? JSONDecoder().decode(Claims.self, from: Data(claimBytes)) else {
      throw TokenRefused(.malformed)
    }
    return try judge(claims, now: now)
  }

  private func judge(_ claims: Claims, now: Int64) throws(TokenRefused) -> AccessToken {
    guard claims.iss == issuer else { throw TokenRefused(.issuer) }
    guard claims.aud == audience else { throw TokenRefused(.audience) }
    // A signed token that lives longer than ours do is not one of ours.
    let (longest, overflow) = claims.iat.addingReportingOverflow(life.components.seconds)
    guard !overflow, claims.exp <= longest, claims.iat <= now + Self.skew, claims.exp > now else {
      throw TokenRefused(.expired)
    }
    return AccessToken(
      subject: claims.sub, session: claims.sid, role: claims.role, issuedAt: claims.iat,
      expiresAt: claims.exp)
  }

  private static func header(_ bytes: [UInt8]) throws(TokenRefused) -> TokenHeader {
    guard let names = try? JSONDecoder().decode([String: String].self, from: Data(bytes)),
      Set(names.keys) == TokenHeader.names,
      let header = try? JSONDecoder().decode(TokenHeader.self, from: Data(bytes))
    else { throw TokenRefused(.malformed) }
    return header
  }
}
