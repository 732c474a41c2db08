package import FlowrexStore
import GRDB
package import Ledger

/// The store of a laptop: one file, or memory. (S17-ENV-04)
///
/// Transactions that write follow one another, here and between processes, so none needs a row
/// held. Every commit is on the disk before it is answered.
package struct SQLiteStore: Store {
  private let queue: DatabaseQueue
  private let wrap: @Sendable (any SQLConnection) -> any SQLConnection
  /// Rings after each commit that announced something; of this process alone.
  package let bell = LocalBell()

  /// - Parameters:
  ///   - path: the key `DATABASE_PATH`; `nil` keeps everything in memory.
  ///   - busyTimeout: how long another process may hold the file.
  ///   - wrap: stands between the service and the database; tests break things there.
  package init(
    path: String?, busyTimeout: Span = .seconds(5),
    wrap: @escaping @Sendable (any SQLConnection) -> any SQLConnection = { $0 }
  ) throws(StoreFault) {
    var configuration = Configuration()
    configuration.busyMode = .timeout(Double(busyTimeout.microseconds) / 1_000_000)
    configuration.prepareDatabase { database in
      // What was answered survives the loss of power.
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    }
    do {
      queue =
        if let path {
          try DatabaseQueue(path: path, configuration: configuration)
        } else {
          try DatabaseQueue(configuration: configuration)
        }
    } catch {
      throw .unreachable("\(error)")
    }
    self.wrap = wrap
  }

  /// How often a transaction that found the file held is run again.
  private static let attempts = 4

  /// - Parameter urgency: means nothing here, where there is one connection and one line.
  package func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    let (queue, wrap, bell) = (queue, wrap, bell)
    // In a task of its own: what is under way is not given up half-way since somebody else is
    // tired of waiting.
    return try await Task {
      var attempt = 1
      while true {
        do {
          let announced = Announced()
          let value = try await queue.write {
            try body(SQLTransaction(wrap(SQLiteConnection(database: $0, announced: announced))))
          }
          bell.ring(announced)
          return value
        } catch {
          let fault = (error as? DatabaseError).map { StoreFault($0) } ?? error
          guard case StoreFault.conflict = fault, attempt < Self.attempts else { throw fault }
          attempt += 1
        }
      }
    }.value
  }

  /// The same on the calling thread, for who has no other thread.
  package func transactNow<Value>(
    _ body: (any StoreTransaction) throws -> Value
  ) throws -> Value {
    do {
      let announced = Announced()
      let value = try queue.write {
        try body(SQLTransaction(wrap(SQLiteConnection(database: $0, announced: announced))))
      }
      bell.ring(announced)
      return value
    } catch let error as DatabaseError {
      throw StoreFault(error)
    }
  }
}

extension SQLiteStore: MigrationHost {
  package func migrating<Value: Sendable>(
    _ body: @escaping @Sendable (any MigrationSession) throws -> Value
  ) async throws -> Value {
    do {
      return try await queue.writeWithoutTransaction { database in
        try body(SQLiteSession(database: database))
      }
    } catch let error as DatabaseError {
      throw error.resultCode == .SQLITE_BUSY ? MigrationFault.locked : StoreFault(error)
    }
  }
}

/// A transaction holds the file exclusively, which is the lock of migrations too.
private struct SQLiteSession: MigrationSession {
  let database: Database

  func transaction<Value>(_ body: (any SQLConnection) throws -> Value) throws -> Value {
    var value: Value?
    try database.inTransaction(.exclusive) {
      value = try body(SQLiteConnection(database: database, announced: Announced()))
      return .commit
    }
    guard let value else { throw StoreFault.unreachable("the transaction did not run") }
    return value
  }
}

/// A connection of GRDB, with our values.
private struct SQLiteConnection: SQLConnection {
  let database: Database
  let announced: Announced

  var dialect: SQLDialect { .sqlite }

  func announce(_ change: Announcement) { announced.note(change) }

  func execute(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow] {
    do {
      let statement = try database.cachedStatement(sql: sql)
      // `$1` is a name here, so that values keep their places in any order.
      var arguments: [(String, (any DatabaseValueConvertible)?)] = []
      for (index, value) in values.enumerated() {
        arguments.append((String(index + 1), value.databaseValue))
      }
      statement.arguments = StatementArguments(arguments)
      var rows: [SQLRow] = []
      let cursor = try Row.fetchCursor(statement)
      while let row = try cursor.next() {
        rows.append(SQLRow(try row.databaseValues.map(SQLValue.init(database:))))
      }
      return rows
    } catch let fault as StoreFault {
      throw fault
    } catch let error as DatabaseError {
      throw StoreFault(error)
    } catch {
      throw .unable(state: "grdb", message: "\(error)")
    }
  }
}

extension SQLValue {
  fileprivate var databaseValue: DatabaseValue {
    switch self {
    case .null: .null
    case .integer(let value): value.databaseValue
    case .text(let text): text.databaseValue
    }
  }

  fileprivate init(database value: DatabaseValue) throws(StoreFault) {
    switch value.storage {
    case .null: self = .null
    case .int64(let value): self = .integer(value)
    case .string(let text): self = .text(text)
    case .double, .blob: throw .unreadable(column: "a column", value: value.description)
    }
  }
}

extension StoreFault {
  fileprivate init(_ error: DatabaseError) {
    let message = error.message ?? "no message"
    switch error.resultCode {
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .conflict(message)
    case .SQLITE_CONSTRAINT
    where [.SQLITE_CONSTRAINT_PRIMARYKEY, .SQLITE_CONSTRAINT_UNIQUE].contains(
      error.extendedResultCode):
      self = .duplicate(message)
    case .SQLITE_CANTOPEN, .SQLITE_IOERR, .SQLITE_FULL: self = .unreachable(message)
    // What a row holds. All else is about the file, the schema or the machine.
    case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG:
      self = .refused(state: "\(error.extendedResultCode.rawValue)", message: message)
    default: self = .unable(state: "\(error.extendedResultCode.rawValue)", message: message)
    }
  }
}
