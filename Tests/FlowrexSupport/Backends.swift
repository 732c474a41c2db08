package import FlowrexStore
package import FlowrexStorePostgres
import FlowrexStoreSQLite
import Foundation
import Ledger
import Synchronization
import TestSupport

/// A database that the conformance suite runs on.
package enum Backend: String, CaseIterable, Sendable {
  case sqliteInMemory, sqliteFile, postgresql
}

/// A store with its way to change its schema.
package struct Database: Sendable {
  package let store: any Store
  package let host: any MigrationHost
}

extension Backend {
  /// Runs `body` with an empty database of its own, which ends with it.
  package func withEmptyDatabase<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: (Database) async throws -> Value
  ) async throws -> Value {
    switch self {
    case .sqliteInMemory:
      let store = try SQLiteStore(path: nil)
      return try await body(Database(store: store, host: store))
    case .sqliteFile:
      return try await withTemporaryFolder { folder in
        let store = try SQLiteStore(path: folder.path(of: "flowrex.sqlite"))
        return try await body(Database(store: store, host: store))
      }
    case .postgresql:
      let store = PostgresStore(try await PostgresServer.emptyDatabase())
      defer { store.close() }
      return try await body(Database(store: store, host: store))
    }
  }

  /// The same with the schema of this program.
  package func withStore<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: (any Store) async throws -> Value
  ) async throws -> Value {
    try await withEmptyDatabase { database in
      let migrator = Migrator(try Schema.current(), on: database.host)
      _ = try await migrator.up(at: Timestamp(microseconds: 0))
      return try await body(database.store)
    }
  }
}

/// A database as two processes have it.
package struct SharedDatabase: Sendable {
  package let store: any Store
  /// Another process's; with SQLite the same, which one process has to itself.
  package let other: any Store
  /// What the other one hears.
  package let changes: any ChangeBell
  package let messages: any ChangeBell
  /// `nil` with SQLite.
  package let settings: PostgresSettings?
}

extension Backend {
  /// Runs `body` with a database of its own that has this program's schema, and its bells.
  package func withShared<Value>(
    isolation: isolated (any Actor)? = #isolation, _ body: (SharedDatabase) async throws -> Value
  ) async throws -> Value {
    guard self == .postgresql else {
      return try await withStore { store in
        guard let file = store as? SQLiteStore else { throw StoreFault.unreachable("no file") }
        return try await body(
          SharedDatabase(
            store: file, other: file, changes: file.bell, messages: file.bell, settings: nil))
      }
    }
    let settings = try await PostgresServer.emptyDatabase()
    let (store, other) = (PostgresStore(settings), PostgresStore(settings))
    defer {
      store.close()
      other.close()
    }
    _ = try await Migrator(try Schema.current(), on: store).up(at: Timestamp(microseconds: 0))
    return try await body(
      SharedDatabase(
        store: store, other: other, changes: PostgresBell(settings, .changes),
        messages: PostgresBell(settings, .messages), settings: settings))
  }
}

/// One real server for all tests of this process, on a socket in a folder of its own.
package enum PostgresServer {
  private static let started = Task {
    let output = try await Tool.script(
      "../Tests/FlowrexSupport/stand-ins/serve-postgres",
      [String(ProcessInfo.processInfo.processIdentifier)])
    guard output.status == 0 else {
      throw Tool.Failure.notStarted(path: "serve-postgres", reason: output.description)
    }
    return output.stdout.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static let count = Atomic<Int>(0)

  /// A database that nobody else knows. Its limits end what hangs and nothing that is merely slow:
  /// a test that is about a limit sets its own.
  package static func emptyDatabase() async throws -> PostgresSettings {
    let folder = try await started.value
    let name = "test_\(count.add(1, ordering: .relaxed).newValue)"
    let output = try await Tool.run(
      "psql", ["--no-psqlrc", "--host", folder, "--username", "flowrex", "postgres"],
      input: "CREATE DATABASE \(name);\n")
    guard output.status == 0 else {
      throw Tool.Failure.notStarted(path: "psql", reason: output.description)
    }
    var settings = PostgresSettings(
      host: folder, database: name, user: "flowrex", tls: "disable")
    settings.statementTimeout = .seconds(120)
    settings.poolWait = .seconds(120)
    settings.connectTimeout = .seconds(60)
    return settings
  }
}

extension PostgresServer {
  /// Ends every session of a database, as a restart of the server would.
  package static func cutConnections(to settings: PostgresSettings) async throws {
    try await say(
      """
      SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
      WHERE datname = '\(settings.database)';

      """, settings)
  }

  /// Says SQL to a server as its owner, from another database.
  package static func say(_ sql: String, _ settings: PostgresSettings) async throws {
    let output = try await Tool.run(
      "psql", ["--no-psqlrc", "--host", settings.host, "--username", "flowrex", "postgres"],
      input: sql)
    guard output.status == 0 else {
      throw Tool.Failure.notStarted(path: "psql", reason: output.description)
    }
  }
}
