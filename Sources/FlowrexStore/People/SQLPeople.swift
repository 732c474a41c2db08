package import FlowrexAuth
package import Ledger

extension SQLTransaction {
  package func insert(_ user: User) throws(StoreFault) -> Bool {
    // One clause for both: the id and the address are unique.
    let rows = try run(
      """
      INSERT INTO users (id, email, password_hash, role, disabled) VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT DO NOTHING RETURNING id
      """,
      .text(user.id), .text(user.email.text), .text(user.passwordHash), .word(user.role),
      .flag(user.isDisabled))
    return !rows.isEmpty
  }

  private static let userColumns = "SELECT id, email, password_hash, role, disabled FROM users"

  package func user(_ id: String) throws(StoreFault) -> User? {
    try run(Self.userColumns + " WHERE id = $1", .text(id))
      .first?.read(of: "users", Self.user)
  }

  package func user(at email: EmailAddress) throws(StoreFault) -> User? {
    try run(Self.userColumns + " WHERE email = $1", .text(email.text))
      .first?.read(of: "users", Self.user)
  }

  package func held(at email: EmailAddress) throws(StoreFault) -> User? {
    let lock = connection.dialect.holding
    return try run(Self.userColumns + " WHERE email = $1" + lock, .text(email.text))
      .first?.read(of: "users", Self.user)
  }

  package func held(person id: String) throws(StoreFault) -> User? {
    try run(Self.userColumns + " WHERE id = $1" + connection.dialect.holding, .text(id))
      .first?.read(of: "users", Self.user)
  }

  package func administrators() throws(StoreFault) -> [User] {
    // Who disables the last but one waits here for who disables the last.
    if connection.dialect == .postgresql {
      _ = try run("SELECT pg_advisory_xact_lock(hashtextextended('administrators', 0))::text")
    }
    return try run(
      Self.userColumns + " WHERE role = $1 AND disabled = 0 ORDER BY email",
      .word(Role.admin)
    ).read(of: "users", Self.user)
  }

  package func save(_ user: User) throws(StoreFault) -> Bool {
    let rows = try run(
      """
      UPDATE users SET email = $2, password_hash = $3, role = $4, disabled = $5 WHERE id = $1
      RETURNING id
      """,
      .text(user.id), .text(user.email.text), .text(user.passwordHash), .word(user.role),
      .flag(user.isDisabled))
    return !rows.isEmpty
  }

  package func users(after email: EmailAddress?, limit: Int) throws(StoreFault) -> [User] {
    // Every address comes after the empty text. The order is the bytes', in both databases.
    let order = connection.dialect == .postgresql ? " COLLATE \"C\"" : ""
    return try run(
      Self.userColumns + " WHERE email\(order) > $1 ORDER BY email\(order) LIMIT $2",
      .text(email?.text ?? ""), .count(limit)
    ).read(of: "users", Self.user)
  }

  package func mountedPasswords() throws(StoreFault) -> [String] {
    try run("SELECT digest FROM mounted_passwords ORDER BY number")
      .read(of: "mounted_passwords") { row throws(StoreFault) in try row.text() }
  }

  package func keepMountedPassword(_ digest: String, at now: Timestamp) throws(StoreFault) {
    _ = try run(
      """
      INSERT INTO mounted_passwords (number, digest, at)
      SELECT count(*) + 1, $1, $2 FROM mounted_passwords
      """, .text(digest), .time(now))
  }

  static func user(_ row: inout RowReader) throws(StoreFault) -> User {
    let id = try row.text()
    let email = try row.read { EmailAddress($0) }
    return try User(
      id: id, email: email, passwordHash: row.text(), role: row.word(), isDisabled: row.flag())
  }
}

extension SQLValue {
  /// Seconds since 1970, as people and tokens count them, in the store's microseconds.
  static func seconds(_ seconds: Int64) -> Self {
    let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
    return .integer(overflow ? (seconds < 0 ? .min : .max) : product)
  }

  static func seconds(_ seconds: Int64?) -> Self { seconds.map { .seconds($0) } ?? .null }
}

extension RowReader {
  mutating func seconds() throws(StoreFault) -> Int64 { try integer() / 1_000_000 }

  mutating func optionalSeconds() throws(StoreFault) -> Int64? {
    try optionalInteger().map { $0 / 1_000_000 }
  }
}
