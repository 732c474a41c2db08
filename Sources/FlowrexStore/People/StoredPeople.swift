package import FlowrexAuth
package import Ledger

/// People, their sessions and their failed sign-ins in the store, for all replicas together. What
/// changes a session is written down in the same transaction. (C-02, C-37, C-45, S04-AUTH-13,
/// S18-AUD-01)
package struct StoredPeople: Sendable {
  private let store: any Store
  private let audited: AuditedStore
  private let now: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - now: The moment of an entry in the audit log.
  ///   - witness: Hears of those entries.
  package init(
    _ store: any Store, now: @escaping @Sendable () -> Timestamp,
    witness: (any AuditWitness)? = nil
  ) {
    self.store = store
    self.now = now
    audited = AuditedStore(store: store, witness: witness)
  }
}

extension StoredPeople: UserStore {
  package func user(email: EmailAddress) async throws -> User? {
    try await store.transact { try $0.user(at: email) }
  }

  package func user(id: String) async throws -> User? {
    try await store.transact { try $0.user(id) }
  }

  package func add(_ user: User) async throws -> Bool {
    try await store.transact { try $0.insert(user) }
  }
}

extension StoredPeople: SessionStore {
  package func begin(
    _ session: Session, digest: String, for user: User, rehashed: String?, _ occasion: Occasion
  ) async throws -> Bool {
    let now = now
    return try await audited.transact { rows in
      // Whoever changes the person waits, or was quicker and is seen here.
      guard try rows.held(person: user.id) == user else { return (false, []) }
      if let rehashed { _ = try rows.save(user.with(passwordHash: rehashed)) }
      try rows.insert(session, digest: digest)
      let entry = AuditEntry(
        .signedIn, at: now(), actor: user.id, subject: session.id, from: occasion)
      return (true, [entry])
    }
  }

  package func rotate(
    digest: String, to next: String, now moment: Int64, _ occasion: Occasion
  ) async throws -> Rotation {
    let now = now
    return try await audited.transact { rows in
      let rotation = try rows.rotate(digest: digest, to: next, now: moment)
      let (action, session): (AuditAction, Session)
      switch rotation {
      case .rotated(let rotated, _): (action, session) = (.tokenRefreshed, rotated)
      case .reused(let reused): (action, session) = (.tokenReused, reused)
      case .expired, .revoked, .unknown: return (rotation, [])
      }
      let entry = AuditEntry(
        action, at: now(), actor: session.user, subject: session.id, from: occasion)
      return (rotation, [entry])
    }
  }

  package func revoke(session: String, _ occasion: Occasion) async throws -> Bool {
    let now = now
    return try await audited.transact { rows in
      guard let ended = try rows.revoke(session: session) else { return (false, []) }
      let entry = AuditEntry(
        .signedOut, at: now(), actor: ended.person, subject: session, from: occasion)
      return (true, [entry])
    }
  }

  package func holders(
    of sessions: [String], now: Int64
  ) async throws -> [String: SessionHolder] {
    try await store.transact { try $0.holders(of: sessions, now: now) }
  }
}

extension StoredPeople: SignInStore {
  package func attempt(
    account: String, address: String, now: Int64
  ) async throws -> SignInAttempt {
    try await store.transact { try $0.attempt(account: account, address: address, now: now) }
  }

  package func succeeded(account: String, address: String) async throws {
    try await store.transact { try $0.succeeded(account: account, address: address) }
  }

  package func takeBack(account: String, address: String) async throws {
    try await store.transact { try $0.takeBack(account: account, address: address) }
  }
}
