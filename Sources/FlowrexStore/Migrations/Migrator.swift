package import Ledger

/// A database whose schema can be changed by one process at a time.
package protocol MigrationHost: Sendable {
  /// Runs `body` while nobody else migrates this database.
  ///
  /// - Throws: ``MigrationFault/locked`` when somebody else does, and what `body` throws.
  func migrating<Value: Sendable>(
    _ body: @escaping @Sendable (any MigrationSession) throws -> Value
  ) async throws -> Value
}

/// A connection that holds the lock of migrations.
package protocol MigrationSession {
  /// All of it, or nothing.
  func transaction<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value
}

/// `flowrex migrate status | up | down | verify`. (S17-MIG-05, S17-MIG-10, C-52)
package struct Migrator: Sendable {
  let set: MigrationSet
  let host: any MigrationHost

  package init(_ set: MigrationSet, on host: any MigrationHost) {
    self.set = set
    self.host = host
  }

  /// A migration that is applied, as the database remembers it.
  package struct Applied: Hashable, Sendable {
    package let number: Int
    package let name: String
    package let checksum: String
    package let at: Timestamp
  }

  package struct Status: Hashable, Sendable {
    package let applied: [Applied]
    package let pending: [Migration]
    /// What is wrong with the applied ones; empty when all are as this program has them.
    package let faults: [String]
    /// Applied by a release after this one: after a rollback of code, or while the next release
    /// migrates. They hinder nobody but who takes back. (C-52)
    package let newer: [Applied]

    package var isCurrent: Bool { pending.isEmpty && faults.isEmpty }
  }

  /// What is applied, what is not, and whether the two fit; it changes nothing but its own table.
  package func status() async throws -> Status {
    let migrations = set.migrations
    return try await host.migrating { session in
      try session.transaction { try Self.status($0, migrations) }
    }
  }

  /// Whether the schema has all that this program needs; every difference as a sentence.
  package func verify() async throws -> [String] {
    let status = try await status()
    return status.faults + status.pending.map { "\($0) is not applied" }
  }

  /// Applies what is pending, each in a transaction of its own.
  ///
  /// - Parameter told: Hears of each when it is applied: what came before a fault stays.
  @discardableResult
  package func up(
    at now: Timestamp, told: @escaping @Sendable (Migration) -> Void = { _ in }
  ) async throws -> [Migration] {
    let migrations = set.migrations
    return try await host.migrating { session in
      let status = try session.transaction { try Self.status($0, migrations) }
      guard status.faults.isEmpty else { throw MigrationFault.changed(status.faults) }
      var done: [Migration] = []
      for migration in status.pending {
        let isMine = try session.transaction { connection in
          // A file is held for one transaction at a time: somebody else may have been quicker.
          let current = try Self.status(connection, migrations)
          guard current.faults.isEmpty else { throw MigrationFault.changed(current.faults) }
          guard current.pending.contains(migration) else { return false }
          try Self.apply(migration, connection, at: now)
          return true
        }
        guard isMine else { continue }
        done.append(migration)
        told(migration)
      }
      return done
    }
  }

  private static func apply(
    _ migration: Migration, _ connection: any SQLConnection, at now: Timestamp
  ) throws {
    try connection.run(
      """
      INSERT INTO schema_migrations (number, name, checksum, applied_at)
      VALUES ($1, $2, $3, $4)
      """,
      .count(migration.number), .text(migration.name), .text(migration.checksum), .time(now))
    for statement in migration.up(on: connection.dialect) { try connection.run(statement) }
  }

  /// Takes the last migrations back, unless rows would be lost: a rollback of code never touches
  /// data. (C-52)
  ///
  /// - Parameter told: Hears of each when it is taken back: what came before a fault stays so.
  @discardableResult
  package func down(
    _ count: Int = 1, told: @escaping @Sendable (Migration) -> Void = { _ in }
  ) async throws -> [Migration] {
    let migrations = set.migrations
    return try await host.migrating { session in
      let status = try session.transaction { try Self.status($0, migrations) }
      let newer = status.newer.map {
        "migration \($0.number) '\($0.name)' is applied and this program does not know it"
      }
      guard status.faults.isEmpty, newer.isEmpty else {
        throw MigrationFault.changed(status.faults + newer)
      }
      guard (1...).contains(count), count <= status.applied.count else {
        throw MigrationFault.nothingToTakeBack(asked: count, applied: status.applied.count)
      }
      let last = migrations.prefix(status.applied.count).suffix(count).reversed()
      for migration in last {
        try session.transaction { connection in
          try Self.hold(migration, connection)
          try Self.checkEmpty(migration, connection)
          for statement in migration.down(on: connection.dialect) {
            try connection.run(statement)
          }
          try connection.run(
            "DELETE FROM schema_migrations WHERE number = $1", .count(migration.number))
        }
        told(migration)
      }
      return Array(last)
    }
  }

  /// From here on nobody writes a row that would be dropped uncounted. A file is held as a whole.
  private static func hold(_ migration: Migration, _ connection: any SQLConnection) throws {
    guard connection.dialect == .postgresql else { return }
    for table in migration.tables + migration.vetoes.map(\.table) {
      try connection.run("LOCK TABLE \(table) IN ACCESS EXCLUSIVE MODE")
    }
  }

  private static func checkEmpty(
    _ migration: Migration, _ connection: any SQLConnection
  ) throws {
    for table in migration.tables {
      let count = try count(table, connection)
      if count > 0 { throw MigrationFault.holdsRows(migration, table: table, rows: count) }
    }
    for veto in migration.vetoes
    where try count("\(veto.table) WHERE \(veto.condition)", connection) > 0 {
      throw MigrationFault.forgets(migration, veto)
    }
  }

  private static func count(
    _ rows: String, _ connection: any SQLConnection
  ) throws(StoreFault) -> Int {
    guard let row = try connection.run("SELECT count(*) FROM \(rows)").first else { return 0 }
    var reader = RowReader(row, of: rows)
    return try reader.count()
  }

  private static func status(
    _ connection: any SQLConnection, _ migrations: [Migration]
  ) throws(StoreFault) -> Status {
    try connection.run(
      """
      CREATE TABLE IF NOT EXISTS schema_migrations (
        number BIGINT PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL,
        applied_at BIGINT NOT NULL)
      """)
    let rows = try connection.run(
      "SELECT number, name, checksum, applied_at FROM schema_migrations ORDER BY number")
    var applied: [Applied] = []
    for row in rows {
      var reader = RowReader(row, of: "schema_migrations")
      applied.append(
        try Applied(
          number: reader.count(), name: reader.text(), checksum: reader.text(),
          at: reader.time()))
    }
    let numbers = Set(applied.map(\.number))
    return Status(
      applied: applied, pending: migrations.filter { !numbers.contains($0.number) },
      faults: faults(of: applied, migrations),
      newer: applied.filter { $0.number > migrations.count })
  }

  private static func faults(of applied: [Applied], _ migrations: [Migration]) -> [String] {
    var faults: [String] = []
    for (index, row) in applied.enumerated() {
      if row.number != index + 1 {
        faults.append(
          "migration \(row.number) '\(row.name)' is applied and number \(index + 1) is not")
      }
      if let migration = migrations.first(where: { $0.number == row.number }),
        row.checksum != migration.checksum
      {
        faults.append("\(migration) was changed after it was applied")
      }
    }
    return faults
  }
}
