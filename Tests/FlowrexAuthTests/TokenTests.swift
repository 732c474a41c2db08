import FlowrexAuth
import FlowrexContract
import Foundation
import ServiceContract
import TestSupport
import Testing

@Suite struct TokenTests {
  private static let issuer = TokenIssuer(
    ring: KeyRing(current: Forge.key, previous: Forge.oldKey, algorithm: .hs256),
    issuer: "flowrex-production", audience: "flowrex-api-production", life: .minutes(15))

  @Test(.covers("S04-AUTH-14", "C-01", "S03-CL-SEC-02"))
  func `what we issue is what we believe, for its time`() throws {
    let token = try Self.issuer.issue(
      subject: "u1", session: "s1", role: .admin, now: Forge.now, id: "t")
    let read = try Self.issuer.verify(token, now: Forge.now + 899)
    #expect(
      read
        == AccessToken(
          subject: "u1", session: "s1", role: .admin, issuedAt: Forge.now,
          expiresAt: Forge.now + 900))
    #expect(throws: TokenRefused(.expired)) {
      try Self.issuer.verify(token, now: Forge.now + 900)
    }
  }

  @Test func `a forged token with the right key is a right token`() throws {
    let read = try Self.issuer.verify(Forge.token(), now: Forge.now)
    #expect(read.subject == "u1" && read.session == "s1" && read.role == .user)
  }

  @Test(.covers("C-44", "S17-VAR-20"))
  func `during a rotation both keys verify, and only the new one signs`() throws {
    let old = Forge.token(
      header: Forge.header.replacing(Forge.id(Forge.key), with: Forge.id(Forge.oldKey)),
      key: Forge.oldKey)
    #expect(try Self.issuer.verify(old, now: Forge.now).subject == "u1")
    let token = try Self.issuer.issue(
      subject: "u", session: "s", role: .user, now: Forge.now, id: "t")
    let after = TokenIssuer(
      ring: KeyRing(current: Forge.key, previous: Forge.key, algorithm: .hs256),
      issuer: "flowrex-production", audience: "flowrex-api-production", life: .minutes(15))
    #expect(try after.verify(token, now: Forge.now).subject == "u")
    #expect(throws: TokenRefused(.signature)) { try after.verify(old, now: Forge.now) }
  }

  @Test(.covers("C-44"), arguments: TokenAlgorithm.allCases)
  func `each algorithm verifies its own tokens and no other's`(algorithm: TokenAlgorithm) throws {
    func issuer(_ algorithm: TokenAlgorithm) -> TokenIssuer {
      TokenIssuer(
        ring: KeyRing(current: Forge.key, previous: nil, algorithm: algorithm), issuer: "i",
        audience: "a", life: .minutes(5))
    }
    let token = try issuer(algorithm).issue(
      subject: "u", session: "s", role: .user, now: 0, id: "t")
    for other in TokenAlgorithm.allCases {
      if other == algorithm {
        #expect(try issuer(other).verify(token, now: 1).subject == "u")
      } else {
        #expect(throws: TokenRefused(.signature)) { try issuer(other).verify(token, now: 1) }
      }
    }
  }

  /// RFC 7515, appendix A.1: the key, the signed text and the signature are theirs.
  @Test func `the published example is what we compute`() throws {
    let key = try #require(
      Data(
        base64Encoded: "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ+EstJQLr/"
          + "T+1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow=="))
    let text =
      "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9."
      + "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFt"
      + "cGxlLmNvbS9pc19yb290Ijp0cnVlfQ"
    let signature = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    #expect(Forge.base64(Array(Forge.code(text, Array(key)))) == signature)
    // Signed rightly, by a key that we have: and still no access token of ours.
    let ring = KeyRing(current: Array(key), previous: nil, algorithm: .hs256)
    let issuer = TokenIssuer(ring: ring, issuer: "joe", audience: "", life: .minutes(15))
    #expect(throws: TokenRefused(.malformed)) {
      try issuer.verify(text + "." + signature, now: 1_300_819_370)
    }
  }

  struct Attack: Sendable, CustomTestStringConvertible {
    let name: String
    let token: String
    let fault: TokenFault

    var testDescription: String { name }
  }

  private static func attack(_ name: String, _ fault: TokenFault, _ token: String) -> Attack {
    Attack(name: name, token: token, fault: fault)
  }

  private static func header(_ name: String, _ fault: TokenFault, _ header: String) -> Attack {
    attack(name, fault, Forge.token(header: header))
  }

  private static func claim(
    _ name: String, _ fault: TokenFault, _ claim: String, _ value: String?
  ) -> Attack {
    attack(name, fault, Forge.token(claims: Forge.claims(claim, value)))
  }

  private static let kid = Forge.id(Forge.key)
  private static let good = Forge.token()
  private static let parts = good.split(separator: ".").map(String.init)

  static let headers: [Attack] = [
    header("none", .signature, #"{"alg":"none","kid":"\#(kid)","typ":"at+jwt"}"#),
    header("None", .signature, #"{"alg":"None","kid":"\#(kid)","typ":"at+jwt"}"#),
    attack(
      "none without a signature", .signature,
      Forge.base64(Array(#"{"alg":"none","kid":"\#(kid)","typ":"at+jwt"}"#.utf8)) + "."
        + parts[1] + "."),
    header("RS256", .signature, #"{"alg":"RS256","kid":"\#(kid)","typ":"at+jwt"}"#),
    header(
      "HS512 under an HS256 ring", .signature, #"{"alg":"HS512","kid":"\#(kid)","typ":"at+jwt"}"#),
    header("hs256", .signature, #"{"alg":"hs256","kid":"\#(kid)","typ":"at+jwt"}"#),
    header("no algorithm", .malformed, #"{"kid":"\#(kid)","typ":"at+jwt"}"#),
    header("no kid", .malformed, #"{"alg":"HS256","typ":"at+jwt"}"#),
    header("empty kid", .signature, #"{"alg":"HS256","kid":"","typ":"at+jwt"}"#),
    header(
      "kid of nobody", .signature, #"{"alg":"HS256","kid":"0000000000000000","typ":"at+jwt"}"#),
    header("kid is a path", .signature, #"{"alg":"HS256","kid":"../../dev/null","typ":"at+jwt"}"#),
    header("kid is SQL", .signature, #"{"alg":"HS256","kid":"' OR 1=1 --","typ":"at+jwt"}"#),
    header("kid is a number", .malformed, #"{"alg":"HS256","kid":1,"typ":"at+jwt"}"#),
    header(
      "jku", .malformed,
      #"{"alg":"HS256","kid":"\#(kid)","typ":"at+jwt","jku":"https://evil.test"}"#),
    header(
      "jwk", .malformed,
      #"{"alg":"HS256","kid":"\#(kid)","typ":"at+jwt","jwk":{"kty":"oct","k":"AA"}}"#),
    header(
      "x5u", .malformed,
      #"{"alg":"HS256","kid":"\#(kid)","typ":"at+jwt","x5u":"https://evil.test"}"#),
    header("x5c", .malformed, #"{"alg":"HS256","kid":"\#(kid)","typ":"at+jwt","x5c":["AA"]}"#),
    header("crit", .malformed, #"{"alg":"HS256","kid":"\#(kid)","typ":"at+jwt","crit":["exp"]}"#),
    header("b64", .malformed, #"{"alg":"HS256","kid":"\#(kid)","typ":"at+jwt","b64":"false"}"#),
    header("typ JWT", .type, #"{"alg":"HS256","kid":"\#(kid)","typ":"JWT"}"#),
    header("typ of a refresh token", .type, #"{"alg":"HS256","kid":"\#(kid)","typ":"rt+jwt"}"#),
    header("typ in capitals", .type, #"{"alg":"HS256","kid":"\#(kid)","typ":"AT+JWT"}"#),
    header("no typ", .malformed, #"{"alg":"HS256","kid":"\#(kid)"}"#),
    header("header is a list", .malformed, #"["HS256"]"#),
    header("header is nothing", .malformed, ""),
    header("header is no JSON", .malformed, "HS256"),
  ]

  static let bodies: [Attack] = [
    claim("no issuer", .malformed, "iss", nil),
    claim("issuer of staging", .issuer, "iss", #""flowrex-staging""#),
    claim("issuer is a list", .malformed, "iss", #"["flowrex-production"]"#),
    claim("issuer with a blank", .issuer, "iss", #""flowrex-production ""#),
    claim("no audience", .malformed, "aud", nil),
    claim("audience of staging", .audience, "aud", #""flowrex-api-staging""#),
    claim("audiences, ours among them", .malformed, "aud", #"["flowrex-api-production","x"]"#),
    claim("no subject", .malformed, "sub", nil),
    claim("no session", .malformed, "sid", nil),
    claim("no end", .malformed, "exp", nil),
    claim("ended", .expired, "exp", "\(Forge.now)"),
    claim("ends in a year", .expired, "exp", "\(Forge.now + 31_536_000)"),
    claim("ends one second too late", .expired, "exp", "\(Forge.now + 841)"),
    claim("ends never", .expired, "exp", "9223372036854775807"),
    claim("end overflows", .malformed, "exp", "9223372036854775808"),
    claim("end is a huge float", .malformed, "exp", "1e400"),
    claim("end is text", .malformed, "exp", "\"\(Forge.now + 60)\""),
    claim("end is negative", .expired, "exp", "-1"),
    claim("begins tomorrow", .expired, "iat", "\(Forge.now + 86_400)"),
    claim("begins at the end of time", .expired, "iat", "9223372036854775807"),
    claim("no beginning", .malformed, "iat", nil),
    claim("unknown role", .malformed, "role", #""root""#),
    claim("roles", .malformed, "role", #"["admin"]"#),
    claim("no role", .malformed, "role", nil),
    attack("claims are no object", .malformed, Forge.token(claims: "[]")),
    attack("claims are nothing", .malformed, Forge.token(claims: "")),
    attack(
      "claims are very deep", .malformed,
      Forge.token(claims: String(repeating: "[", count: 400))),
  ]

  static let signatures: [Attack] = [
    attack("somebody else's key", .signature, Forge.token(key: Forge.strangeKey)),
    attack("the old key under the new id", .signature, Forge.token(key: Forge.oldKey)),
    attack("the empty key", .signature, Forge.token(key: [])),
    attack("the id as the key", .signature, Forge.token(key: Array(kid.utf8))),
    attack("no signature", .signature, parts[0] + "." + parts[1] + "."),
    attack("two parts", .malformed, parts[0] + "." + parts[1]),
    attack("four parts", .malformed, good + ".AAAA"),
    attack("no parts", .malformed, ""),
    attack("dots", .malformed, ".."),
    attack("a cut signature", .malformed, parts[0] + "." + parts[1] + "." + parts[2].dropLast(2)),
    attack("padding", .malformed, good + "="),
    attack("a blank", .malformed, " " + good),
    attack("a line break", .malformed, good + "\n"),
    attack("the ordinary alphabet", .malformed, parts[0] + "." + parts[1] + ".++//"),
    attack("bits that mean nothing", .malformed, withSpareBits(good)),
    attack(
      "the claims of another", .signature,
      parts[0] + "."
        + Forge.token(claims: Forge.claims("role", #""admin""#)).split(separator: ".")[1]
        + "." + parts[2]),
    attack("a very long token", .malformed, good + String(repeating: "A", count: 100_000)),
    attack("no ASCII", .malformed, "é.é.é"),
    attack("an encrypted token's five parts", .malformed, "a.b.c.d.e"),
  ]

  /// The last digit of a signature of 32 bytes has two bits that no byte needs.
  private static func withSpareBits(_ token: String) -> String {
    let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")
    guard let last = token.last, let place = digits.firstIndex(of: last) else { return "" }
    return token.dropLast() + String(digits[place ^ 1])
  }

  @Test(
    .covers(
      "S04-AUTH-10", "S04-AUTH-11", "S04-AUTH-14", "C-01", "C-44", "S17-VAR-21", "S03-CL-SEC-02"),
    arguments: headers + bodies + signatures)
  func `it is refused`(_ attack: Attack) {
    #expect(throws: TokenRefused(attack.fault)) {
      try Self.issuer.verify(attack.token, now: Forge.now)
    }
  }

  @Test func `the page of attacks names them`() throws {
    let page = try AttackPage()
    let tried = Self.headers + Self.bodies + Self.signatures
    #expect(page["Forged access tokens"] == tried.map(\.name))
  }

  @Test func `a changed character anywhere is refused`() throws {
    let characters = Array(Self.good)
    for index in characters.indices where characters[index] != "." {
      var changed = characters
      changed[index] = changed[index] == "A" ? "B" : "A"
      #expect(throws: TokenRefused.self) {
        try Self.issuer.verify(String(changed), now: Forge.now)
      }
    }
  }

  @Test(.covers("C-01", "S04-AUTH-11"))
  func `a life beyond 15 minutes cannot be made`() async {
    await #expect(processExitsWith: .failure) {
      _ = TokenIssuer(
        ring: KeyRing(current: [1], previous: nil, algorithm: .hs256), issuer: "i",
        audience: "a", life: .seconds(901))
    }
  }
}
