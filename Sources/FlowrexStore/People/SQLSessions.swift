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
    guard held.current == digest else {
      _ = try revoke(session: id)
      return .reused(held.session)
    }
    try remember(next, of: id)
    _ = try run(
      "UPDATE sessions SET current_digest = $2 WHERE id = $1", .text(id), .text(next))
    return .rotated(held.session)
  }

  private struct HeldSession {
    let session: Session
    let isRevoked: Bool
    let current: String
  }

  private func held(_ id: String) throws(StoreFault) -> HeldSession? {
    let rows = try run(
      "SELECT person, expires_at, revoked, current_digest FROM sessions WHERE id = $1"
        + connection.dialect.holding, .text(id))
    return try rows.first?.read(of: "sessions") { row throws(StoreFault) in
      let session = try Session(id: id, user: row.text(), expiresAt: row.seconds())
      return try HeldSession(session: session, isRevoked: row.flag(), current: row.text())
    }
  }

  package func revoke(session: String) throws(StoreFault) -> Bool {
    let rows = try run(
      "UPDATE sessions SET revoked = 1 WHERE id = $1 AND revoked = 0 RETURNING id",
      .text(session))
    return !rows.isEmpty
  }

  package func revokeSessions(of person: String) throws(StoreFault) -> Int {
    try run(
      "UPDATE sessions SET revoked = 1 WHERE person = $1 AND revoked = 0 RETURNING id",
      .text(person)
    ).count
  }

  package func isLive(session: String, now: Int64) throws(StoreFault) -> Bool {
    let rows = try run(
      "SELECT 1 FROM sessions WHERE id = $1 AND revoked = 0 AND expires_at > $2",
      .text(session), .seconds(now))
    return !rows.isEmpty
  }

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
