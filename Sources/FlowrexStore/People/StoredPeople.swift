package import FlowrexAuth

/// People, their sessions and their failed sign-ins in the store, for all replicas together.
/// (C-02, C-37, C-45, S04-AUTH-13)
package struct StoredPeople: Sendable {
  private let store: any Store

  package init(_ store: any Store) { self.store = store }
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

  package func set(isDisabled: Bool, of id: String) async throws -> Bool {
    try await store.transact { try $0.set(isDisabled: isDisabled, of: id) }
  }
}

extension StoredPeople: SessionStore {
  package func begin(_ session: Session, digest: String) async throws {
    try await store.transact { try $0.insert(session, digest: digest) }
  }

  package func rotate(digest: String, to next: String, now: Int64) async throws -> Rotation {
    try await store.transact { try $0.rotate(digest: digest, to: next, now: now) }
  }

  package func revoke(session: String) async throws -> Bool {
    try await store.transact { try $0.revoke(session: session) }
  }

  package func revokeAll(user: String) async throws -> Int {
    try await store.transact { try $0.revokeSessions(of: user) }
  }

  package func isLive(session: String, now: Int64) async throws -> Bool {
    try await store.transact { try $0.isLive(session: session, now: now) }
  }

  package func removeExpired(before moment: Int64) async throws {
    let batch = 500
    while try await store.transact({ rows in
      try rows.removeSessions(endedBefore: moment, limit: batch)
    }) >= batch {}
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
}
