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

  package func transact<Value: Sendable>(
    _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    var attempt = 1
    while true {
      do {
        return try await pool.withConnection { connection in
          try connection.transaction { try body(SQLTransaction($0)) }
        }
      } catch StoreFault.conflict where attempt < Self.attempts {
        // The server undid it all; the same may go well a moment later.
        attempt += 1
      } catch StoreFault.unreachable(let why) where attempt == 1 {
        // A connection that was idle while the server restarted is dead: nothing was done yet, or
        // nothing was committed, so another connection may try.
        pool.forgetIdle()
        attempt = Self.attempts
        _ = why
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
    let parameters = settings.parameters(
      statementTimeout: settings.migrationStatementTimeout,
      lockTimeout: settings.migrationLockTimeout)
    let connection = try await ConnectionPool.offThePool { try PostgresConnection(parameters) }
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

extension ConnectionPool {
  /// Opens a connection on a thread that may block.
  static func offThePool<Value: Sendable>(
    _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
    }
  }
}
