/// People and their sessions in memory, for tests of what is above them; nothing is written down.
package actor MemoryPeople: PeopleStore {
  private struct Record {
    var session: Session
    var current: String
    var rotatedAt: Int64?
    var isRevoked = false
  }

  private var users: [String: User] = [:]
  private var ids: [EmailAddress: String] = [:]
  private var records: [String: Record] = [:]
  /// The session of each digest that was ever given out.
  private var sessions: [String: String] = [:]

  package init() {}

  package func user(email: EmailAddress) -> User? { ids[email].flatMap { users[$0] } }

  package func user(id: String) -> User? { users[id] }

  package func add(_ user: User) -> Bool {
    guard users[user.id] == nil, ids[user.email] == nil else { return false }
    users[user.id] = user
    ids[user.email] = user.id
    return true
  }

  /// Somebody as they are from now on; nothing of what they hold ends by that.
  ///
  /// - Returns: False when there is no such person.
  package func save(_ user: User) -> Bool {
    guard users[user.id]?.email == user.email else { return false }
    users[user.id] = user
    return true
  }

  package func begin(
    _ session: Session, digest: String, for user: User, rehashed: String?, _: Occasion
  ) -> Bool {
    guard users[user.id] == user else { return false }
    if let rehashed { users[user.id] = user.with(passwordHash: rehashed) }
    records[session.id] = Record(session: session, current: digest)
    sessions[digest] = session.id
    return true
  }

  package func rotate(digest: String, to next: String, now: Int64, _: Occasion) -> Rotation {
    guard let id = sessions[digest], var record = records[id] else { return .unknown }
    defer { records[id] = record }
    if record.isRevoked { return .revoked }
    guard record.session.expiresAt > now else { return .expired }
    guard let user = users[record.session.user], !user.isDisabled else {
      record.isRevoked = true
      return .revoked
    }
    if record.current == digest {
      record.current = next
      record.rotatedAt = now
      sessions[next] = id
      return .rotated(record.session, user)
    }
    guard record.current == next, let at = record.rotatedAt, now - at <= Session.repeatable
    else {
      record.isRevoked = true
      return .reused(record.session)
    }
    return .rotated(record.session, user)
  }

  package func revoke(session: String, _: Occasion) -> Bool {
    guard let record = records[session], !record.isRevoked else { return false }
    records[session]?.isRevoked = true
    return true
  }

  package func holders(of sessions: [String], now: Int64) -> [String: SessionHolder] {
    var holders: [String: SessionHolder] = [:]
    for id in sessions {
      guard let record = records[id], !record.isRevoked, record.session.expiresAt > now,
        let user = users[record.session.user]
      else { continue }
      holders[id] = SessionHolder(
        person: user.id, role: user.role, isDisabled: user.isDisabled,
        expiresAt: record.session.expiresAt)
    }
    return holders
  }
}
