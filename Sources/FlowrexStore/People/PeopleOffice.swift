import Crypto
package import FlowrexAuth
package import Ledger

/// Who changes what about people. Every change and its entry in the audit log are one transaction:
/// neither is there without the other. (S18-AUD-02)
package struct PeopleOffice: Sendable {
  private let store: any Store
  /// Whoever asks: the id of a person or a command.
  private let actor: String
  private let now: @Sendable () -> Timestamp

  package init(_ store: any Store, as actor: String, now: @escaping @Sendable () -> Timestamp) {
    self.store = store
    self.actor = actor
    self.now = now
  }

  package enum Refusal: Error, Hashable, Sendable {
    case taken(EmailAddress)
    case unknown(EmailAddress)
    /// Nobody could undo it.
    case lastAdministrator(EmailAddress)
    /// The mounted secret says the password, at every start.
    case mounted(EmailAddress)
  }

  package func create(_ user: User) async throws {
    let entry = entry(.userCreated, user.id, became: Self.state(user))
    try await store.transact { rows in
      guard try rows.insert(user) else { throw Refusal.taken(user.email) }
      try rows.append(entry)
    }
  }

  /// Keeps somebody out and ends what they have open; or lets them in again.
  ///
  /// - Returns: how many sessions ended.
  package func set(isDisabled: Bool, at email: EmailAddress) async throws -> Int {
    try await change(email, isDisabled ? .userDisabled : .userEnabled) { user in
      user.with(isDisabled: isDisabled)
    }
  }

  package func set(_ role: Role, at email: EmailAddress) async throws -> Int {
    try await change(email, .roleChanged) { $0.with(role: role) }
  }

  package func set(passwordHash: String, at email: EmailAddress) async throws -> Int {
    guard email != Self.firstEmail else { throw Refusal.mounted(email) }
    return try await change(email, .passwordReset) { $0.with(passwordHash: passwordHash) }
  }

  /// In the order of their addresses.
  package func list() async throws -> [User] {
    try await store.transact { rows in
      var all: [User] = []
      while true {
        let users = try rows.users(after: all.last?.email, limit: 500)
        guard !users.isEmpty else { return all }
        all += users
      }
    }
  }

  /// Ends every session of everybody: what a database that was restored knows of them is what was
  /// so when it was backed up, and much of it was ended since. (C-52)
  ///
  /// - Returns: how many there were.
  package func endAllSessions() async throws -> Int {
    let entry = { @Sendable (count: Int) in
      AuditEntry(.sessionsEnded, at: now(), actor: actor, became: "sessions=\(count)")
    }
    return try await store.transact { rows in
      let count = try rows.revokeAllSessions()
      try rows.append(entry(count))
      return count
    }
  }

  /// The id and address of the first administrator. The id is one of 128 bits as everybody's is, so
  /// that accounts can be theirs.
  package static let firstID = PersonID(1).description
  private static let firstEmail = EmailAddress("admin@localhost")

  /// What became of the mounted password of the first administrator.
  package enum Mounted: Hashable, Sendable {
    /// It is their password from now on.
    case applied
    /// It is their password already.
    case current
    /// Another one was mounted since: a process with an older secret changes nothing.
    case superseded
  }

  /// The first administrator, with the password that is mounted: a secret that was exchanged is
  /// the password from the next start on, and the old one is none. Each hash is taken once: a
  /// replica of the release before that starts again does not bring its own back.
  /// (S04-AUTH-04, C-46)
  package func ensureFirst(passwordHash: String) async throws -> Mounted {
    guard let email = Self.firstEmail else { return .current }
    let user = User(id: Self.firstID, email: email, passwordHash: passwordHash, role: .admin)
    let digest = Self.digest(passwordHash)
    let now = now()
    let (created, reset) = (
      entry(.userCreated, user.id, became: Self.state(user)), entry(.passwordReset, user.id)
    )
    return try await store.transact { rows in
      guard let found = try rows.held(at: email) else {
        // Of two that start at once one makes it.
        guard try rows.insert(user) else { return .current }
        let isKnown = try rows.mountedPasswords().contains(digest)
        if !isKnown { try rows.keepMountedPassword(digest, at: now) }
        try rows.append(created)
        return .applied
      }
      let known = try rows.mountedPasswords()
      guard known.last != digest else { return .current }
      guard !known.contains(digest) else { return .superseded }
      try rows.keepMountedPassword(digest, at: now)
      // A database that remembers no hash yet may have this one.
      guard found.passwordHash != passwordHash else { return .current }
      _ = try rows.save(found.with(passwordHash: passwordHash))
      _ = try rows.revokeSessions(of: found.id)
      try rows.append(reset)
      return .applied
    }
  }

  /// What is remembered of a hash: enough to know it again.
  private static func digest(_ hash: String) -> String {
    SHA256.hash(data: Array(hash.utf8)).map { byte in
      String(String(UInt16(byte) | 0x100, radix: 16).dropFirst())
    }.joined()
  }

  /// Whoever is changed has to sign in again: what they hold says what they were.
  private func change(
    _ email: EmailAddress, _ action: AuditAction,
    _ body: @escaping @Sendable (User) -> User
  ) async throws -> Int {
    let entry = { @Sendable (user: User, changed: User) in
      self.entry(action, user.id, was: Self.state(user), became: Self.state(changed))
    }
    return try await store.transact { rows in
      guard let user = try rows.held(at: email) else { throw Refusal.unknown(email) }
      let changed = body(user)
      if Self.mayAdminister(user), !Self.mayAdminister(changed) {
        try Self.requireAnother(than: user, rows)
      }
      guard changed != user else { return 0 }
      _ = try rows.save(changed)
      let ended = try rows.revokeSessions(of: user.id)
      try rows.append(entry(user, changed))
      return ended
    }
  }

  private static func mayAdminister(_ user: User) -> Bool {
    user.role == .admin && !user.isDisabled
  }

  /// Of two who disable each other at once, one is refused.
  private static func requireAnother(than user: User, _ rows: any StoreTransaction) throws {
    let others = try rows.administrators()
    guard others.contains(where: { $0.id != user.id }) else {
      throw Refusal.lastAdministrator(user.email)
    }
  }

  private func entry(
    _ action: AuditAction, _ subject: String, was: String? = nil, became: String? = nil
  ) -> AuditEntry {
    AuditEntry(action, at: now(), actor: actor, subject: subject, was: was, became: became)
  }

  /// What may be read in the log: no hash of a password, and no address.
  private static func state(_ user: User) -> String {
    "role=\(user.role.rawValue) \(user.isDisabled ? "disabled" : "enabled")"
  }
}

extension PeopleOffice.Refusal: CustomStringConvertible {
  package var description: String {
    switch self {
    case .taken(let email): "there is a person at \(email) already"
    case .unknown(let email): "there is nobody at \(email)"
    case .lastAdministrator(let email):
      "\(email) is the last administrator: nobody could take that back"
    case .mounted(let email):
      "the password of \(email) is the mounted ADMIN_PASSWORD_HASH: exchange that secret"
    }
  }
}
