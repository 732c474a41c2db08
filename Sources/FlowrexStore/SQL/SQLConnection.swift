/// A value of a statement or a row. There is no floating point: money is a whole number of
/// hundred-millionths.
package enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
}

/// A connection inside a transaction. Both databases speak the statements of this module: `$1`
/// stands for the first value, wherever it is.
package protocol SQLConnection {
  var dialect: SQLDialect { get }
  /// Runs one statement, prepared once, and returns its rows.
  func execute(_ sql: String, _ values: [SQLValue]) throws(StoreFault) -> [SQLRow]
  /// Who listens is told after the commit, if that is easily done. (``ChangeBell``)
  func announce(_ news: Announcement)
}

extension SQLConnection {
  package func announce(_ news: Announcement) {}

  @discardableResult
  package func run(_ sql: String, _ values: SQLValue...) throws(StoreFault) -> [SQLRow] {
    try execute(sql, values)
  }
}

/// In what the two databases differ.
package enum SQLDialect: Hashable, Sendable {
  case postgresql
  /// Transactions that write follow one another, so no row has to be held.
  case sqlite

  /// The end of a `SELECT` whose rows nobody else may hold or change.
  package var holding: String {
    switch self {
    case .sqlite: ""
    case .postgresql: " FOR UPDATE"
    }
  }
}

/// A row: values in the order in which the statement names them.
package struct SQLRow: Hashable, Sendable {
  package let values: [SQLValue]

  package init(_ values: [SQLValue]) { self.values = values }
}

/// Reads a row from left to right, naming what cannot be read.
struct RowReader {
  private let row: SQLRow
  private let table: String
  private var place = 0

  init(_ row: SQLRow, of table: String) {
    self.row = row
    self.table = table
  }

  mutating func optionalInteger() throws(StoreFault) -> Int64? {
    switch next() {
    case .null: return nil
    case .integer(let value): return value
    case .text(let text):
      // PostgreSQL answers in text.
      guard let value = Int64(text) else { throw unreadable(text) }
      return value
    }
  }

  mutating func integer() throws(StoreFault) -> Int64 {
    guard let value = try optionalInteger() else { throw unreadable("NULL") }
    return value
  }

  mutating func optionalText() -> String? {
    switch next() {
    case .null: nil
    case .integer(let value): String(value)
    case .text(let text): text
    }
  }

  mutating func text() throws(StoreFault) -> String {
    guard let text = optionalText() else { throw unreadable("NULL") }
    return text
  }

  /// A value that is made of text, or the fault that names it.
  mutating func read<Value>(_ make: (String) -> Value?) throws(StoreFault) -> Value {
    let text = try text()
    guard let value = make(text) else { throw unreadable(text) }
    return value
  }

  func unreadable(_ value: String) -> StoreFault {
    .unreadable(column: "\(table) \(place)", value: value)
  }

  private mutating func next() -> SQLValue {
    defer { place += 1 }
    return place < row.values.count ? row.values[place] : .null
  }
}
