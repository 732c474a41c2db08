import Foundation

/// Somebody who is signed in: what the sealed cookie holds. No server keeps it. (C-61)
package struct ConsoleSession: Codable, Sendable, Equatable {
  /// Names the session in forms; drawn at the sign-in.
  package let id: String
  package let email: String
  package let isAdmin: Bool
  package var tokens: SessionTokens

  package init(id: String, email: String, isAdmin: Bool, tokens: SessionTokens) {
    self.id = id
    self.email = email
    self.isAdmin = isAdmin
    self.tokens = tokens
  }
}

/// What the API gave for a password, and gives again for its refresh token. (C-01, C-02)
package struct SessionTokens: Codable, Sendable, Equatable {
  package let access: String
  /// Seconds since 1970.
  package let accessEnds: Int64
  /// The refresh token's cookie, `name=value`, as the API wants it back.
  package let refresh: String
  /// Seconds since 1970.
  package let refreshEnds: Int64

  package init(access: String, accessEnds: Int64, refresh: String, refreshEnds: Int64) {
    self.access = access
    self.accessEnds = accessEnds
    self.refresh = refresh
    self.refreshEnds = refreshEnds
  }
}

/// The console's cookies: for scripts invisible, for other sites not sent. (C-61, S17-VAR-42 … 44)
package struct ConsoleCookies: Sendable {
  package let session: CookieForm
  /// Before the sign-in: what the form of the sign-in is bound to.
  package let form: CookieForm
  private let sealer: Sealer

  /// - Parameter isSecure: False on a laptop only, which has no certificate.
  package init(_ sealer: Sealer, isSecure: Bool) {
    self.sealer = sealer
    session = CookieForm("flowrex-console", isSecure: isSecure)
    form = CookieForm("flowrex-console-form", isSecure: isSecure)
  }

  /// - Parameter now: Seconds since 1970.
  package func text(_ value: ConsoleSession, now: Int64) throws -> String {
    let plain = Array(try JSONEncoder().encode(value))
    return session.text(
      try sealer.sealed(plain, name: session.name),
      seconds: max(0, value.tokens.refreshEnds - now))
  }

  /// - Returns: `nil` for no session, one that is over, and one that somebody else made.
  package func session(in headers: [String], now: Int64) -> ConsoleSession? {
    guard let text = session.value(in: headers),
      let plain = sealer.opened(text, name: session.name),
      let value = try? JSONDecoder().decode(ConsoleSession.self, from: Data(plain)),
      value.tokens.refreshEnds > now
    else { return nil }
    return value
  }
}

/// How a cookie is named, set and found.
package struct CookieForm: Sendable {
  package let name: String
  private let isSecure: Bool

  /// `__Host-` lets a browser refuse what a neighbouring host would set. (RFC 6265bis)
  package init(_ name: String, isSecure: Bool) {
    self.name = isSecure ? "__Host-\(name)" : name
    self.isSecure = isSecure
  }

  package func text(_ value: String, seconds: Int64) -> String {
    "\(name)=\(value); Path=/; Max-Age=\(seconds); HttpOnly; SameSite=Strict"
      + (isSecure ? "; Secure" : "")
  }

  package var cleared: String { text("", seconds: 0) }

  /// - Returns: `nil` without the cookie, and with two of them: one was slipped in.
  package func value(in headers: [String]) -> String? {
    let values = headers.flatMap { $0.split(separator: ";") }.compactMap { part -> String? in
      let pair = part.drop { $0 == " " }
      guard pair.hasPrefix(name + "=") else { return nil }
      return String(pair.dropFirst(name.count + 1))
    }
    return values.count == 1 ? values.first : nil
  }
}
