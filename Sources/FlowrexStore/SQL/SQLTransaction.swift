package import Ledger

/// The rows of the service in SQL, written once for both databases.
package struct SQLTransaction: StoreTransaction {
  let connection: any SQLConnection
  /// What is done is noted, for metrics.
  let notes: StoreNotes?

  package init(_ connection: any SQLConnection, notes: StoreNotes? = nil) {
    self.connection = connection
    self.notes = notes
  }

  package func limitWaits(to span: Span) throws(StoreFault) {
    // In SQLite the file is held already.
    guard connection.dialect == .postgresql else { return }
    let milliseconds = max(1, span.microseconds / 1_000)
    _ = try run("SELECT set_config('lock_timeout', $1, true)", .text("\(milliseconds)ms"))
  }

  package func clock() throws(StoreFault) -> Timestamp? {
    // SQLite asks the machine that the service asks, too.
    guard connection.dialect == .postgresql else { return nil }
    return try run("SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint").first?
      .read(of: "clock") { row throws(StoreFault) in try row.time() }
  }

  package func logPlace() throws(StoreFault) -> Int64? {
    guard connection.dialect == .postgresql else { return nil }
    return try run(
      """
      SELECT (CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn()
        ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn)::bigint
      """
    ).first?.read(of: "log") { row throws(StoreFault) in try row.optionalInteger() } ?? nil
  }

  func run(_ sql: String, _ values: SQLValue...) throws(StoreFault) -> [RowValues] {
    try connection.execute(sql, values).map { RowValues(row: $0) }
  }
}

/// A row that is about to be read.
struct RowValues {
  let row: SQLRow

  func read<Value>(
    of table: String, _ body: (inout RowReader) throws(StoreFault) -> Value
  ) throws(StoreFault) -> Value {
    var reader = RowReader(row, of: table)
    return try body(&reader)
  }
}

extension [RowValues] {
  func read<Value>(
    of table: String, _ body: (inout RowReader) throws(StoreFault) -> Value
  ) throws(StoreFault) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for row in self { values.append(try row.read(of: table, body)) }
    return values
  }
}
