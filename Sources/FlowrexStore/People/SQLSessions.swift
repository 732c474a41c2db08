package import FlowrexAuth

extension SQLTransaction {
  package func insert(_ session: Session, digest: String) throws(StoreFault) {
    _ = try run(
      """
      INSERT INTO sessions (id, person, expires_at, revoked, current_digest)
      VALUES ($1, $2, $3, 0, $4)
      """,
      .text(session.id), .text(session.user), .seconds(session.expiresAt), .text(digest))
    try remember(digest, of: session.id)
  }

  private func remember(_ digest: String, of session: String) throws(StoreFault) {
    _ = try run(
      "INSERT INTO refresh_tokens (digest, session) VALUES ($1, $2)", .text(digest),
      .text(session))
  }

  package func rotate(
    digest: String, to next: String, now: Int64
  ) throws(StoreFault) -> Rotation {
    let found = try run("SELECT session FROM refresh_tokens WHERE digest = $1", .text(digest))
    let id = try found.first?.read(of: "refresh_tokens") { row throws(StoreFault) in
      try row.text()
    }
    // Whoever comes second waits here, and then sees what the first has made of it.
    guard let id, let held = try held(id) else { return .unknown }
    if held.isRevoked { return .revoked }
    guard held.session.expiresAt > now else { return .expired }
    guard let user = try user(held.session.user), !user.isDisabled else {
      _ = try revoke(session: id)
      return .revoked
    }
    if held.current == digest {
      try remember(next, of: id)
      _ = try run(
        "UPDATE sessions SET current_digest = $2, rotated_at = $3 WHERE id = $1", .text(id),
        .text(next), .seconds(now))
      return .rotated(held.session, user)
    }
    // A token has one successor: that it is the valid one says that this is the last but one.
    guard held.current == next, let at = held.rotatedAt, now - at <= Session.repeatable else {
      _ = try revoke(session: id)
      return .reused(held.session)
    }
    return .rotated(held.session, user)
  }

  private struct HeldSession {
    let session: Session
    let isRevoked: Bool
    let current: String
    let rotatedAt: Int64?
  }

  private func held(_ id: String) throws(StoreFault) -> HeldSession? {
    let rows = try run(
      """
      SELECT person, expires_at, revoked, current_digest, rotated_at FROM sessions WHERE id = $1
      """ + connection.dialect.holding, .text(id))
    return try rows.first?.read(of: "sessions") { row throws(StoreFault) in
      let session = try Session(id: id, user: row.text(), expiresAt: row.seconds())
      return try HeldSession(
        session: session, isRevoked: row.flag(), current: row.text(),
        rotatedAt: row.optionalSeconds())
    }
  }

  package func revoke(session: String) throws(StoreFault) -> EndedSession? {
    let rows = try run(
      "UPDATE sessions SET revoked = 1 WHERE id = $1 AND revoked = 0 RETURNING person",
      .text(session))
    guard let row = rows.first else { return nil }
    connection.announce(.session(session))
    return try row.read(of: "sessions") { row throws(StoreFault) in
      EndedSession(person: try row.text())
    }
  }

  package func revokeSessions(of person: String) throws(StoreFault) -> Int {
    let ended = try run(
      "UPDATE sessions SET revoked = 1 WHERE person = $1 AND revoked = 0 RETURNING id",
      .text(person)
    ).read(of: "sessions") { row throws(StoreFault) in try row.text() }
    for session in ended { connection.announce(.session(session)) }
    return ended.count
  }

  package func revokeAllSessions() throws(StoreFault) -> Int {
    let count = try run("UPDATE sessions SET revoked = 1 WHERE revoked = 0 RETURNING id").count
    if count > 0 { connection.announce(.everything) }
    return count
  }

  package func holders(
    of sessions: [String], now: Int64
  ) throws(StoreFault) -> [String: SessionHolder] {
    guard let last = sessions.last else { return [:] }
    // Of few lengths, so that a connection prepares few statements; one more of the same is none.
    let places = Self.lengths.first { $0 >= sessions.count } ?? sessions.count
    let padded = sessions + Array(repeating: last, count: places - sessions.count)
    let names = padded.indices.map { "$\($0 + 2)" }.joined(separator: ", ")
    let rows = try connection.execute(
      """
      SELECT sessions.id, sessions.expires_at, users.id, users.role, users.disabled
      FROM sessions JOIN users ON users.id = sessions.person
      WHERE sessions.revoked = 0 AND sessions.expires_at > $1 AND sessions.id IN (\(names))
      """, [.seconds(now)] + padded.map { SQLValue.text($0) })
    var holders: [String: SessionHolder] = [:]
    for row in rows.map({ RowValues(row: $0) }) {
      let (id, holder) = try row.read(of: "sessions") { row throws(StoreFault) in
        let (id, end) = (try row.text(), try row.seconds())
        return try (
          id,
          SessionHolder(
            person: row.text(), role: row.word(), isDisabled: row.flag(), expiresAt: end)
        )
      }
      holders[id] = holder
    }
    return holders
  }

  private static let lengths = [1, 4, 16, 64, 256]

  package func removeSessions(
    endedBefore moment: Int64, limit: Int
  ) throws(StoreFault) -> Int {
    // Their refresh tokens go with them.
    try run(
      """
      DELETE FROM sessions WHERE id IN (
        SELECT id FROM sessions WHERE expires_at < $1 ORDER BY expires_at, id LIMIT $2)
      RETURNING id
      """, .seconds(moment), .count(limit)
    ).count
  }
}
