import FlowrexConfiguration
import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexStoreSQLite
import Ledger

/// The one place where a back end is chosen. (C-39, S17-ENV-04)
struct StoreFactory {
  /// A store, and the way to its schema.
  struct Opened: Sendable {
    let store: any Store
    let host: any MigrationHost
    /// Says what transactions changed.
    let bell: any ChangeBell
    /// Ends its connections.
    let close: @Sendable () -> Void
  }

  /// How `serve` works on the database: with a pool, and a time for each statement. (C-27, C-35)
  static func open(_ configuration: BackendConfiguration) throws -> Opened {
    let settings = configuration.settings
    return try open(
      settings.database, configuration.secrets.databasePassword, with: settings.pool)
  }

  /// The same for `worker`.
  static func open(_ configuration: WorkerConfiguration) throws -> Opened {
    let settings = configuration.settings
    return try open(settings.database, configuration.databasePassword, with: settings.pool)
  }

  private static func open(
    _ database: DatabaseSettings, _ password: SecretValue?, with pool: PoolSettings
  ) throws -> Opened {
    try open(database, password) { settings in
      settings.poolSize = pool.size
      settings.overflow = pool.overflow
      settings.poolWait = pool.wait.span
      settings.recycleAfter = pool.recycle.span
      settings.statementTimeout = pool.statement.span
    }
  }

  /// How a command does: one connection, and the time that a migration may take.
  static func open(_ configuration: DatabaseConfiguration) throws -> Opened {
    let migration = configuration.migration
    return try open(configuration.database, configuration.password) { settings in
      settings.poolSize = 1
      settings.overflow = 0
      settings.migrationLockTimeout = migration.lock.span
      settings.migrationStatementTimeout = migration.statement.span
    }
  }

  private static func open(
    _ database: DatabaseSettings, _ password: SecretValue?,
    _ adjust: (inout PostgresSettings) -> Void
  ) throws -> Opened {
    switch database.engine {
    case .sqlite:
      let store = try SQLiteStore(path: database.path)
      return Opened(store: store, host: store, bell: store.bell, close: {})
    case .postgresql:
      let text = password?.withBytes { String(decoding: $0, as: UTF8.self) } ?? ""
      var settings = PostgresSettings(
        host: database.host.text, port: database.port, database: database.name,
        user: database.user, password: text, tls: database.tls.rawValue,
        authorityFile: database.authorityFile.isEmpty ? nil : database.authorityFile)
      adjust(&settings)
      let store = PostgresStore(settings)
      return Opened(
        store: store, host: store, bell: PostgresBell(settings), close: { store.close() })
    }
  }
}

extension Duration {
  /// In the store's microseconds; what is finer is cut off.
  var span: Span {
    let (seconds, attoseconds) = components
    return Span(microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }
}
