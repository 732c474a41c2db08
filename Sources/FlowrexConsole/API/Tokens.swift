import FlowrexContract
import Foundation
import ServiceContract

/// Signing in, refreshing and signing out at the API. (S04-AUTH-07 … 12, C-02, C-61)
package struct TokenDesk: Sendable {
  private let client: APIClient
  /// Seconds since 1970.
  private let now: @Sendable () -> Int64

  package init(_ client: APIClient, now: @escaping @Sendable () -> Int64) {
    self.client = client
    self.now = now
  }

  private struct Credentials: Encodable {
    let email: String
    let password: String
  }

  private struct Tokens: Decodable {
    let accessToken: String
    let expiresIn: Int64
  }

  package func signIn(
    email: String, password: String, from origin: APIClient.Origin
  ) async throws -> SessionTokens {
    let body = Array(try JSONEncoder().encode(Credentials(email: email, password: password)))
    return try tokens(of: await client.call(.login, body: body, from: origin))
  }

  /// - Throws: `APIFault`; one that is unauthenticated ends the session.
  package func refreshed(
    _ tokens: SessionTokens, from origin: APIClient.Origin
  ) async throws -> SessionTokens {
    try self.tokens(
      of: await client.call(
        .refresh,
        headers: [("Cookie", tokens.refresh), ("X-Requested-With", "flowrex-console")],
        from: origin))
  }

  private func tokens(of reply: APIReply) throws -> SessionTokens {
    let tokens = try reply.decoded(Tokens.self)
    let cookie = try RefreshCookieText(reply.values("set-cookie"))
    let now = now()
    return SessionTokens(
      access: tokens.accessToken, accessEnds: now + tokens.expiresIn, refresh: cookie.pair,
      refreshEnds: now + cookie.life)
  }
}

/// The one cookie of an answer: what to send back, and for how long.
private struct RefreshCookieText {
  let pair: String
  let life: Int64

  init(_ values: [String]) throws {
    guard values.count == 1 else { throw APIFault.unreadable }
    let parts = values[0].split(separator: ";").map { $0.drop { $0 == " " } }
    let age = parts.dropFirst().first { $0.lowercased().hasPrefix("max-age=") }
    guard let pair = parts.first, pair.contains("="),
      pair.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let life = age.flatMap({ Int64($0.dropFirst(8)) }), life > 0
    else { throw APIFault.unreadable }
    self.pair = String(pair)
    self.life = life
  }
}

/// Exchanges a refresh token once, however many pages of a person ask for it at the same time.
///
/// A token used twice ends its session, for that is how a stolen one is noticed. A browser opens
/// several pages with one cookie: those that come while the first is asked, and shortly after it,
/// get its answer. (C-02)
package actor Refresher {
  private let desk: TokenDesk
  /// By the refresh token that was given away.
  private var running: [String: Task<SessionTokens, any Error>] = [:]
  private let now: @Sendable () -> Int64
  private var done: [(old: String, tokens: SessionTokens, at: Int64)] = []

  /// Seconds for which a page with the old cookie still gets the new tokens.
  private static let kept: Int64 = 30
  /// More people than one console serves in that time.
  private static let most = 10_000

  package init(_ desk: TokenDesk, now: @escaping @Sendable () -> Int64) {
    self.desk = desk
    self.now = now
  }

  package func refreshed(
    _ tokens: SessionTokens, from origin: APIClient.Origin
  ) async throws -> SessionTokens {
    let old = tokens.refresh
    let now = now()
    done.removeAll { $0.at + Self.kept < now }
    if let known = done.last(where: { $0.old == old }) { return known.tokens }
    if let task = running[old] { return try await task.value }
    let desk = desk
    let task = Task { try await desk.refreshed(tokens, from: origin) }
    running[old] = task
    defer { running[old] = nil }
    let fresh = try await task.value
    if done.count >= Self.most { done.removeFirst() }
    done.append((old, fresh, now))
    return fresh
  }
}
