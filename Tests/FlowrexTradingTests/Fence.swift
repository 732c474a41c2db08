import FlowrexStore
import Ledger

/// Where a row becomes unreadable.
final class Fence: @unchecked Sendable {
  // Safe to send: a test moves it while nobody else looks.
  private let account: String
  private var isClosed = false

  init(_ account: AccountID) { self.account = account.description }

  func close() { isClosed = true }
  func open() { isClosed = false }

  func hits(_ sql: String, _ values: [SQLValue]) -> Bool {
    isClosed && sql.contains("FROM accounts WHERE id") && values.first == .text(account)
  }
}

struct FencedConnection: SQLConnection {
  let inner: any SQLConnection
  let fence: Fence

  var dialect: SQLDialect { inner.dialect }

  func execute(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow] {
    if fence.hits(sql, values) {
      throw .unreadable(column: "accounts 1", value: "nonsense")
    }
    return try inner.execute(sql, values)
  }
}

/// Where statements fail as a test says.
final class Snare: @unchecked Sendable {
  // Safe to send: a test sets it while nobody else looks.
  var fault: (_ sql: String, _ values: [SQLValue]) -> StoreFault? = { _, _ in nil }
  /// What a row seems to hold.
  var rewrite: (_ sql: String, _ row: SQLRow) -> SQLRow = { $1 }
}

struct SnaredConnection: SQLConnection {
  let inner: any SQLConnection
  let snare: Snare

  var dialect: SQLDialect { inner.dialect }

  func execute(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow] {
    if let fault = snare.fault(sql, values) { throw fault }
    return try inner.execute(sql, values).map { snare.rewrite(sql, $0) }
  }
}
