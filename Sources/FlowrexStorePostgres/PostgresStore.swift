import Dispatch
package import FlowrexStore
import Ledger

/// The store of staging and production: PostgreSQL 15 and later, through libpq.
///
/// Transactions read what is committed, and hold the rows that they decide about: the desk's
/// control shared, then the account exclusively. (S18-HS-10)
package final class PostgresStore: Store {
  private let settings: PostgresSettings
  private let pool: ConnectionPool

  /// How often a transaction that stood in another's way is run again.
  private static let attempts = 4

  package init(_ settings: PostgresSettings) {
    self.settings = settings
    pool = ConnectionPool(settings)
  }

  package func close() { pool.close() }

  /// Connections that are open, or being opened.
  package var connections: Int { pool.count }

  package func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    var attempt = 1
    while true {
      do {
        return try await pool.withConnection(urgency) { connection in
          try connection.transaction { try body(SQLTransaction($0)) }
        }
      } catch StoreFault.conflict where attempt < Self.attempts {
        // The server undid it all; the same may go well a moment later.
        attempt += 1
      } catch let stale as StaleConnection {
        // It died while it was idle, as others have: nothing was done, so a new one may try.
        pool.forgetIdle()
        guard attempt < Self.attempts else { throw stale.fault }
        attempt = Self.attempts
      }
    }
  }
}

extension PostgresStore: MigrationHost {
  /// The number of the lock that one migrating process holds: "flowrex" in ASCII.
  private static let lock: Int64 = 0x66_6c6f_7772_6578

  package func migrating<Value: Sendable>(
    _ body: @escaping @Sendable (any MigrationSession) throws -> Value
  ) async throws -> Value {
    let connection = try await settings.connect(
      statementTimeout: settings.migrationStatementTimeout,
      lockTimeout: settings.migrationLockTimeout)
    return try await connection.perform { connection in
      do {
        try connection.command("SELECT pg_advisory_lock(\(Self.lock))")
      } catch StoreFault.conflict {
        throw MigrationFault.locked
      }
      // The lock ends with the connection, however that ends.
      return try body(PostgresSession(connection: connection))
    }
  }
}

private struct PostgresSession: MigrationSession {
  let connection: PostgresConnection

  func transaction<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
    try connection.transaction(body)
  }
}
