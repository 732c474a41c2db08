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

  /// For so many seconds a refresh token that was exchanged is answered with the same successor
  /// once more: an answer that got lost, or two windows of one browser, are no theft. Longer than a
  /// request and its repetition take, and no longer. (decision 29)
  package static let repeatable: Int64 = 10
}

/// Who holds a session: of a person what tokens are compared with, and no more.
package struct SessionHolder: Sendable, Hashable {
  package let person: String
  package let role: Role
  package let isDisabled: Bool
  /// The session's end, in seconds since 1970.
  package let expiresAt: Int64

  package init(person: String, role: Role, isDisabled: Bool, expiresAt: Int64) {
    self.person = person
    self.role = role
    self.isDisabled = isDisabled
    self.expiresAt = expiresAt
  }
}

/// What became of a refresh token that somebody presented.
package enum Rotation: Sendable, Equatable {
  /// It was the valid one, or the one before it that is repeated; the new one is valid now.
  case rotated(Session, User)
  /// It had been used before: its session is revoked by this call, whoever holds the new one.
  case reused(Session)
  case expired
  /// The session is over, or its person may not come in any more.
  case revoked
  case unknown
}

/// Where sessions are kept. Only digests of refresh tokens are stored: who reads the store can
/// sign in as nobody. (C-02, C-37, S04-AUTH-13)
///
/// What a call changes and what is written down about it are one step. (S18-AUD-01)
package protocol SessionStore: Sendable {
  /// Begins a session with its first refresh token, and forgets it all if the person is not as
  /// they were read any more: another password, another role, kept out.
  ///
  /// - Parameters:
  ///   - user: The person as their password was looked at.
  ///   - rehashed: Their password at today's cost, which takes the place of the old hash.
  /// - Returns: False when the person changed meanwhile.
  func begin(
    _ session: Session, digest: String, for user: User, rehashed: String?, _ occasion: Occasion
  ) async throws -> Bool
  /// Exchanges a refresh token for the next one, in one step.
  ///
  /// - Parameters:
  ///   - next: The one successor that this token ever has.
  ///   - now: Seconds since 1970.
  func rotate(
    digest: String, to next: String, now: Int64, _ occasion: Occasion
  ) async throws -> Rotation
  /// Ends a session.
  ///
  /// - Returns: False when it had ended or never was.
  func revoke(session: String, _ occasion: Occasion) async throws -> Bool
  /// Whose sessions these are, as their people are now; what is over or never was is not there.
  func holders(of sessions: [String], now: Int64) async throws -> [String: SessionHolder]
}

extension SessionStore {
  /// The same of one; `nil` for one that is over or never was.
  package func holder(of session: String, now: Int64) async throws -> SessionHolder? {
    try await holders(of: [session], now: now)[session]
  }
}

/// People and their sessions, which are one store: a session is begun only for who is as they were
/// read.
package typealias PeopleStore = UserStore & SessionStore
