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

/// What came of looking at a password.
package struct PasswordVerdict: Sendable {
  let isRight: Bool
  /// The same password at today's cost, where the hash that is kept has another one.
  let rehashed: String?
}

/// What the service needs of the world, handed in by the composition root.
package struct AuthEnvironment: Sendable {
  /// Seconds since 1970.
  package let now: @Sendable () -> Int64
  /// Bytes that nobody can guess.
  package let draw: @Sendable (_ count: Int) -> [UInt8]
  /// Runs what takes long on threads that serve no requests.
  package let slowly:
    @Sendable (@escaping @Sendable () -> PasswordVerdict) async throws -> PasswordVerdict

  package init(
    now: @escaping @Sendable () -> Int64, draw: @escaping @Sendable (_ count: Int) -> [UInt8],
    slowly:
      @escaping @Sendable (@escaping @Sendable () -> PasswordVerdict) async throws
      -> PasswordVerdict
  ) {
    self.now = now
    self.draw = draw
    self.slowly = slowly
  }
}

/// Signing in, refreshing, signing out, and who a token speaks for. (S04-AUTH-07 … 14, C-02)
package struct AuthService: Sendable {
  private let people: any PeopleStore
  private let attempts: any SignInStore
  private let hasher: PasswordHasher
  private let issuer: TokenIssuer
  private let refreshLife: Duration
  private let environment: AuthEnvironment

  package init(
    people: any PeopleStore, attempts: any SignInStore, hasher: PasswordHasher,
    issuer: TokenIssuer, refreshLife: Duration, environment: AuthEnvironment
  ) {
    self.people = people
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
  ///
  /// - Parameter address: Whose failures count together: an address, or a network of them.
  package func signIn(
    email: String, password: String, from address: String, _ occasion: Occasion = .none
  ) async throws -> TokenPair {
    let now = environment.now()
    // What cannot be an address counts as an account of its own: the answer is the same.
    let known = EmailAddress(email)
    let account = known?.text ?? "\(email.utf8.count)?"
    let attempt = try await attempts.attempt(account: account, address: address, now: now)
    var round = 1
    while true {
      let (user, verdict) = try await judged(known, password, attempt, account, address)
      guard case .counted(let began) = attempt else {
        throw SignInRefused.failed(.locked, began: [])
      }
      guard verdict.isRight, let user, !user.isDisabled else {
        let isDisabled = verdict.isRight && user?.isDisabled == true
        throw SignInRefused.failed(isDisabled ? .disabled : .credentials, began: began)
      }
      let session = Session(
        id: name(), user: user.id, expiresAt: now + refreshLife.components.seconds)
      let refresh = Base64URL.text(environment.draw(32))
      let hasBegun = try await people.begin(
        session, digest: Self.digest(refresh), for: user, rehashed: verdict.rehashed, occasion)
      if hasBegun {
        try await attempts.succeeded(account: account, address: address)
        return try pair(session, user, refresh: refresh, now: now)
      }
      // They are not as they were read any more: once more, for it may be their hash that was
      // made anew by a sign-in beside this one.
      guard round < 2 else { throw SignInRefused.failed(.credentials, began: began) }
      round += 1
    }
  }

  /// The same, and an attempt that nobody judged since something of ours failed is none. Who went
  /// away meanwhile has asked, and that counts.
  private func judged(
    _ email: EmailAddress?, _ password: String, _ attempt: SignInAttempt, _ account: String,
    _ address: String
  ) async throws -> (User?, PasswordVerdict) {
    do {
      return try await judged(email, password)
    } catch let error where !(error is CancellationError) {
      if attempt != .locked {
        try? await attempts.takeBack(account: account, address: address)
      }
      throw error
    }
  }

  /// Whom an address belongs to, and whether the password is theirs.
  private func judged(
    _ email: EmailAddress?, _ password: String
  ) async throws -> (User?, PasswordVerdict) {
    let user: User? = if let email { try await people.user(email: email) } else { nil }
    let (hasher, salt) = (hasher, environment.draw(16))
    let verdict = try await environment.slowly {
      guard hasher.verify(password, against: user?.passwordHash) else {
        return PasswordVerdict(isRight: false, rehashed: nil)
      }
      let isOutdated = user.map { hasher.isOutdated($0.passwordHash) } == true
      return PasswordVerdict(
        isRight: true, rehashed: isOutdated ? try? hasher.hash(password, salt: salt) : nil)
    }
    return (user, verdict)
  }

  /// Exchanges a refresh token for new tokens, once. A second use ends the session: one of the
  /// two who hold it has stolen it. Within ``Session/repeatable`` seconds the same exchange is
  /// answered with the same token. (C-02, S04-AUTH-12, decision 29)
  package func refresh(_ token: String, _ occasion: Occasion = .none) async throws -> TokenPair {
    let now = environment.now()
    let next = Base64URL.text(issuer.successor(of: token))
    guard token.utf8.count == next.utf8.count else { throw TokenRefused(.malformed) }
    let rotation = try await people.rotate(
      digest: Self.digest(token), to: Self.digest(next), now: now, occasion)
    switch rotation {
    case .rotated(let session, let user):
      return try pair(session, user, refresh: next, now: now)
    case .reused: throw TokenRefused(.reused)
    case .expired: throw TokenRefused(.expired)
    case .revoked: throw TokenRefused(.revoked)
    case .unknown: throw TokenRefused(.malformed)
    }
  }

  /// Ends the session of a token; its access tokens are refused from now on. (S04-AUTH-10, 13)
  package func signOut(
    _ token: AccessToken, _ occasion: Occasion = .none
  ) async throws -> Bool {
    try await people.revoke(session: token.session, occasion)
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

  /// Whether a verified token is still believed: its session lives, its person may come in and is
  /// still what the token says. The store of sessions is asked once. A session of somebody who is
  /// kept out ends here, should whoever did that have left it open.
  package func confirm(_ token: AccessToken) async throws {
    let now = environment.now()
    guard let holder = try await people.holder(of: token.session, now: now),
      holder.person == token.subject
    else { throw TokenRefused(.revoked) }
    guard !holder.isDisabled else {
      _ = try await people.revoke(session: token.session, .none)
      throw TokenRefused(.revoked)
    }
    guard holder.role == token.role else { throw TokenRefused(.revoked) }
  }

  /// The person of a token.
  package func person(_ token: AccessToken) async throws -> User? {
    try await people.user(id: token.subject)
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
