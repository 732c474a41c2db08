import Crypto
package import FlowrexContract
import Foundation
import ServiceContract

/// Both tokens of a session, as the caller gets them once.
package struct TokenPair: Sendable {
  package let access: String
  package let refresh: String
  /// Of the access token.
  package let life: Duration
  /// When the session ends, in seconds since 1970.
  package let sessionEnds: Int64
  package let user: String
  /// The id of the session.
  package let session: String
}

/// Why somebody was not let in. The caller is told nothing of it. (C-45)
package enum SignInRefused: Error, Sendable, Equatable {
  case failed(LoginFailure, began: [LockOutScope])
}

/// What the service needs of the world, handed in by the composition root.
package struct AuthEnvironment: Sendable {
  /// Seconds since 1970.
  package let now: @Sendable () -> Int64
  /// Bytes that nobody can guess.
  package let draw: @Sendable (_ count: Int) -> [UInt8]
  /// Runs what takes long on threads that serve no requests.
  package let slowly: @Sendable (@escaping @Sendable () -> Bool) async throws -> Bool

  package init(
    now: @escaping @Sendable () -> Int64, draw: @escaping @Sendable (_ count: Int) -> [UInt8],
    slowly: @escaping @Sendable (@escaping @Sendable () -> Bool) async throws -> Bool
  ) {
    self.now = now
    self.draw = draw
    self.slowly = slowly
  }
}

/// Signing in, refreshing, signing out, and who a token speaks for. (S04-AUTH-07 … 14, C-02)
package struct AuthService: Sendable {
  private let users: any UserStore
  private let sessions: any SessionStore
  private let attempts: any SignInStore
  private let hasher: PasswordHasher
  private let issuer: TokenIssuer
  private let refreshLife: Duration
  private let environment: AuthEnvironment

  package init(
    users: any UserStore, sessions: any SessionStore, attempts: any SignInStore,
    hasher: PasswordHasher, issuer: TokenIssuer, refreshLife: Duration,
    environment: AuthEnvironment
  ) {
    self.users = users
    self.sessions = sessions
    self.attempts = attempts
    self.hasher = hasher
    self.issuer = issuer
    self.refreshLife = refreshLife
    self.environment = environment
  }

  /// Exchanges address and password for a session.
  ///
  /// An unknown person, a wrong password, a locked or disabled account take the same time and
  /// get the same answer: a hash is computed in every case. (S04-AUTH-08, C-45)
  package func signIn(
    email: String, password: String, from address: String
  ) async throws -> TokenPair {
    let now = environment.now()
    // What cannot be an address counts as an account of its own: the answer is the same.
    let known = EmailAddress(email)
    let account = known?.text ?? "\(email.utf8.count)?"
    let attempt = try await attempts.attempt(account: account, address: address, now: now)
    let user: User? = if let known { try await users.user(email: known) } else { nil }
    let hasher = hasher
    let isRight = try await environment.slowly {
      hasher.verify(password, against: user?.passwordHash)
    }
    guard case .counted(let began) = attempt else {
      throw SignInRefused.failed(.locked, began: [])
    }
    guard isRight, let user, !user.isDisabled else {
      let isDisabled = isRight && user?.isDisabled == true
      throw SignInRefused.failed(isDisabled ? .disabled : .credentials, began: began)
    }
    try await attempts.succeeded(account: account, address: address)
    let session = Session(
      id: name(), user: user.id, expiresAt: now + refreshLife.components.seconds)
    let refresh = Base64URL.text(environment.draw(32))
    try await sessions.begin(session, digest: Self.digest(refresh))
    return try pair(session, user, refresh: refresh, now: now)
  }

  /// Exchanges a refresh token for new tokens, once. A second use ends the session: one of the
  /// two who hold it has stolen it. (C-02, S04-AUTH-12)
  package func refresh(_ token: String) async throws -> TokenPair {
    let now = environment.now()
    let next = Base64URL.text(environment.draw(32))
    guard token.utf8.count == next.utf8.count else { throw TokenRefused(.malformed) }
    let rotation = try await sessions.rotate(
      digest: Self.digest(token), to: Self.digest(next), now: now)
    switch rotation {
    case .rotated(let session):
      guard let user = try await users.user(id: session.user), !user.isDisabled else {
        _ = try await sessions.revoke(session: session.id)
        throw TokenRefused(.revoked)
      }
      return try pair(session, user, refresh: next, now: now)
    case .reused: throw TokenRefused(.reused)
    case .expired: throw TokenRefused(.expired)
    case .revoked: throw TokenRefused(.revoked)
    case .unknown: throw TokenRefused(.malformed)
    }
  }

  /// Ends the session of a token; its access tokens are refused from now on. (S04-AUTH-10, 13)
  package func signOut(_ token: AccessToken) async throws -> Bool {
    try await sessions.revoke(session: token.session)
  }

  /// Who a token speaks for, if it may still be believed.
  package func authenticate(_ token: String) async throws -> AccessToken {
    let access = try verify(token)
    try await confirm(access)
    return access
  }

  /// Who a token speaks for by its own words and signature; nobody is asked.
  package func verify(_ token: String) throws -> AccessToken {
    try issuer.verify(token, now: environment.now())
  }

  /// Whether a verified token is still believed: its session lives, and its person may come in. A
  /// session of somebody who was disabled ends here.
  package func confirm(_ token: AccessToken) async throws {
    guard try await sessions.isLive(session: token.session, now: environment.now()) else {
      throw TokenRefused(.revoked)
    }
    guard let user = try await users.user(id: token.subject), !user.isDisabled else {
      _ = try await sessions.revoke(session: token.session)
      throw TokenRefused(.revoked)
    }
  }

  /// The person of a token.
  package func person(_ token: AccessToken) async throws -> User? {
    try await users.user(id: token.subject)
  }

  private func pair(
    _ session: Session, _ user: User, refresh: String, now: Int64
  ) throws -> TokenPair {
    let access = try issuer.issue(
      subject: user.id, session: session.id, role: user.role, now: now, id: name())
    return TokenPair(
      access: access, refresh: refresh, life: issuer.life, sessionEnds: session.expiresAt,
      user: user.id, session: session.id)
  }

  private func name() -> String { Base64URL.text(environment.draw(16)) }

  /// What is stored of a refresh token. It is random, so a plain hash is enough.
  private static func digest(_ token: String) -> String {
    Base64URL.text(Array(SHA256.hash(data: Array(token.utf8))))
  }
}
