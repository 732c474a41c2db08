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
    /// Says which accounts transactions changed.
    let bell: any ChangeBell
    /// Says that there is something to say to a venue.
    let outbox: any ChangeBell
    /// Ends its connections.
    let close: @Sendable () -> Void
  }

  /// How `serve` works on the database: with a pool, and a time for each statement. (C-27, C-35)
  static func open(_ configuration: BackendConfiguration) throws -> Opened {
    let settings = configuration.settings
    return try open(
      settings.database, configuration.secrets.databasePassword, with: settings.pool)
  }

  /// The copies that views are read from, each with a pool of its own; none with SQLite.
  /// (engine fact F17)
  static func openReplicas(_ configuration: BackendConfiguration) -> [PostgresStore] {
    let settings = configuration.settings
    let (database, replicas, pool) = (settings.database, settings.replicas, settings.pool)
    guard database.engine == .postgresql else { return [] }
    return replicas.hosts.map { host in
      var copy = postgres(database, configuration.secrets.readerPassword, at: host)
      copy.isReplica = true
      copy.user = replicas.user
      (copy.poolSize, copy.overflow) = (replicas.poolSize, 0)
      copy.poolWait = min(pool.wait.span, Self.replicaWait)
      copy.recycleAfter = pool.recycle.span
      copy.statementTimeout = pool.statement.span
      return PostgresStore(copy)
    }
  }

  /// Who finds no connection to a copy asks the primary, and does not stand in line.
  private static let replicaWait = Span.milliseconds(100)

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
      return Opened(store: store, host: store, bell: store.bell, outbox: store.bell, close: {})
    case .postgresql:
      var settings = postgres(database, password, at: database.host)
      adjust(&settings)
      let store = PostgresStore(settings)
      return Opened(
        store: store, host: store, bell: PostgresBell(settings, .changes),
        outbox: PostgresBell(settings, .messages), close: { store.close() })
    }
  }
}

extension StoreFactory {
  private static func postgres(
    _ database: DatabaseSettings, _ password: SecretValue?, at host: HostName
  ) -> PostgresSettings {
    PostgresSettings(
      host: host.text, port: database.port, database: database.name, user: database.user,
      password: password?.withBytes { String(decoding: $0, as: UTF8.self) } ?? "",
      tls: database.tls.rawValue,
      authorityFile: database.authorityFile.isEmpty ? nil : database.authorityFile)
  }
}

extension Duration {
  /// In the store's microseconds; what is finer is cut off.
  var span: Span {
    let (seconds, attoseconds) = components
    return Span(microseconds: seconds * 1_000_000 + attoseconds / 1_000_000_000_000)
  }
}
