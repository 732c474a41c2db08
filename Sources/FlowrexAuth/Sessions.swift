/// Somebody signed in, on one device: a family of refresh tokens of which one is valid. (C-02)
package struct Session: Sendable, Equatable {
  package let id: String
  package let user: String
  /// Seconds since 1970; no refresh lengthens a session beyond its end.
  package let expiresAt: Int64

  package init(id: String, user: String, expiresAt: Int64) {
    self.id = id
    self.user = user
    self.expiresAt = expiresAt
  }
}

/// What became of a refresh token that somebody presented.
package enum Rotation: Sendable, Equatable {
  /// It was the valid one; the new one is valid now.
  case rotated(Session)
  /// It had been used before: its session is revoked by this call, whoever holds the new one.
  case reused(Session)
  case expired
  case revoked
  case unknown
}

/// Where sessions are kept. Only digests of refresh tokens are stored: who reads the store can
/// sign in as nobody. (C-02, C-37, S04-AUTH-13)
package protocol SessionStore: Sendable {
  /// Begins a session with its first refresh token.
  func begin(_ session: Session, digest: String) async throws
  /// Exchanges a refresh token for the next one, in one step: of two calls with one token, one is
  /// `rotated` and the other `reused`.
  ///
  /// - Parameter now: Seconds since 1970.
  func rotate(digest: String, to next: String, now: Int64) async throws -> Rotation
  /// Ends a session.
  ///
  /// - Returns: False when it had ended or never was.
  func revoke(session: String) async throws -> Bool
  /// Ends every session of a person and says how many there were.
  func revokeAll(user: String) async throws -> Int
  /// Whether access tokens of the session are still believed.
  func isLive(session: String, now: Int64) async throws -> Bool
  /// Forgets what ended before a moment.
  func removeExpired(before moment: Int64) async throws
}

/// Sessions in memory, for a laptop and for tests.
package actor MemorySessionStore: SessionStore {
  private struct Record {
    var session: Session
    var current: String
    var isRevoked = false
    /// Every digest of the family, so that all can be forgotten together.
    var digests: [String]
  }

  private var records: [String: Record] = [:]
  /// The session of each digest that was ever given out.
  private var sessions: [String: String] = [:]

  package init() {}

  package func begin(_ session: Session, digest: String) {
    records[session.id] = Record(session: session, current: digest, digests: [digest])
    sessions[digest] = session.id
  }

  package func rotate(digest: String, to next: String, now: Int64) -> Rotation {
    guard let id = sessions[digest], var record = records[id] else { return .unknown }
    if record.isRevoked { return .revoked }
    guard record.session.expiresAt > now else { return .expired }
    guard record.current == digest else {
      record.isRevoked = true
      records[id] = record
      return .reused(record.session)
    }
    record.current = next
    record.digests.append(next)
    records[id] = record
    sessions[next] = id
    return .rotated(record.session)
  }

  package func revoke(session: String) -> Bool {
    guard let record = records[session], !record.isRevoked else { return false }
    records[session]?.isRevoked = true
    return true
  }

  package func revokeAll(user: String) -> Int {
    let ids = records.values.filter { $0.session.user == user && !$0.isRevoked }
      .map(\.session.id)
    for id in ids { records[id]?.isRevoked = true }
    return ids.count
  }

  package func isLive(session: String, now: Int64) -> Bool {
    guard let record = records[session] else { return false }
    return !record.isRevoked && record.session.expiresAt > now
  }

  package func removeExpired(before moment: Int64) {
    for record in records.values where record.session.expiresAt < moment {
      for digest in record.digests { sessions[digest] = nil }
      records[record.session.id] = nil
    }
  }
}
