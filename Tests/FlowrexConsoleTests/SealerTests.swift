import FlowrexConsole
import Foundation
import Synchronization
import TestSupport
import Testing

/// The session's cookie: nobody reads it, nobody makes one. (C-47, C-61)
@Suite struct SealerTests {
  /// Counts up, so that each nonce differs and a run is like another.
  private static func sealer(_ byte: UInt8 = 7) -> Sealer {
    let drawn = Mutex<UInt8>(0)
    return Sealer(secret: [UInt8](repeating: byte, count: 32)) { count in
      drawn.withLock { $0 += 1 }
      return (0..<count).map { UInt8($0) &+ drawn.withLock { $0 } }
    }
  }

  private let session = ConsoleSession(
    id: "0123456789abcdef0123456789abcdef", email: "a@b.example", isAdmin: false,
    tokens: SessionTokens(access: "a.b.c", accessEnds: 900, refresh: "r=1", refreshEnds: 9_000))

  @Test(.covers("C-61")) func `a sealed session opens, and says nothing without the key`() throws {
    let cookies = ConsoleCookies(Self.sealer(), isSecure: true)
    let text = try cookies.text(session, now: 100)
    let pair = String(try #require(text.split(separator: ";").first))
    #expect(cookies.session(in: [pair], now: 100) == session)
    #expect(!text.contains("a.b.c") && !text.contains("b.example"))
    let other = ConsoleCookies(Self.sealer(8), isSecure: true)
    #expect(other.session(in: [pair], now: 100) == nil)
  }

  @Test func `every changed character makes it worthless`() throws {
    let sealer = Self.sealer()
    let text = try sealer.sealed(Array("session".utf8), name: "n")
    #expect(sealer.opened(text, name: "n") == Array("session".utf8))
    for index in text.indices where text[index] != "=" {
      var changed = text
      let other: Character = text[index] == "A" ? "B" : "A"
      changed.replaceSubrange(index...index, with: String(other))
      #expect(sealer.opened(changed, name: "n") == nil, "\(changed)")
    }
    #expect(sealer.opened(text, name: "m") == nil)
    for text in ["", "=", "AAAA", String(text.dropLast(4)), text + "AAAA"] {
      #expect(sealer.opened(text, name: "n") == nil)
    }
  }

  @Test func `two sealings of one text differ`() throws {
    let sealer = Self.sealer()
    let texts = try (0..<10).map { _ in try sealer.sealed([1, 2, 3], name: "n") }
    #expect(Set(texts).count == 10)
  }

  @Test func `a session ends when its refresh token does`() throws {
    let cookies = ConsoleCookies(Self.sealer(), isSecure: false)
    let text = try cookies.text(session, now: 100)
    #expect(text.contains("Max-Age=8900"))
    let pair = String(try #require(text.split(separator: ";").first))
    #expect(cookies.session(in: [pair], now: 8_999) != nil)
    #expect(cookies.session(in: [pair], now: 9_000) == nil)
  }

  @Test(.covers("S17-VAR-42", "S17-VAR-43", "S17-VAR-44"))
  func `cookies are for this host, for no script and for no other site`() throws {
    let deployed = ConsoleCookies(Self.sealer(), isSecure: true)
    let text = try deployed.text(session, now: 100)
    #expect(text.hasPrefix("__Host-flowrex-console="))
    #expect(text.hasSuffix("; Path=/; Max-Age=8900; HttpOnly; SameSite=Strict; Secure"))
    #expect(
      deployed.session.cleared
        == "__Host-flowrex-console=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict; Secure")
    let laptop = try ConsoleCookies(Self.sealer(), isSecure: false).text(session, now: 100)
    #expect(laptop.hasPrefix("flowrex-console=") && laptop.hasSuffix("; HttpOnly; SameSite=Strict"))
  }

  @Test func `a cookie that is there twice is none`() {
    let cookie = CookieForm("c", isSecure: false)
    #expect(cookie.value(in: ["a=1; c=2; d=3"]) == "2")
    #expect(cookie.value(in: ["c=1; c=2"]) == nil)
    #expect(cookie.value(in: ["c=1", "c=1"]) == nil)
    #expect(cookie.value(in: ["cc=1"]) == nil)
  }

  @Test(.covers("C-61")) func `the token of a form is of one session only`() {
    let (sealer, other) = (Self.sealer(), Self.sealer(8))
    let token = sealer.formToken(of: "session 1")
    #expect(token.count == 64)
    #expect(sealer.isFormToken(token, of: "session 1"))
    #expect(!sealer.isFormToken(token, of: "session 2"))
    #expect(!sealer.isFormToken(token, of: "form 1"))
    #expect(!other.isFormToken(token, of: "session 1"))
    for text in ["", String(token.dropLast()), token + "0", token.uppercased()] {
      #expect(!sealer.isFormToken(text, of: "session 1"))
    }
  }

  @Test func `tokens of forms and cookies have keys of their own`() throws {
    let sealer = Self.sealer()
    let sealed = try sealer.sealed(Array("session 1".utf8), name: "n")
    #expect(!sealer.isFormToken(sealed, of: "session 1"))
    #expect(sealer.opened(sealer.formToken(of: "session 1"), name: "n") == nil)
  }
}
