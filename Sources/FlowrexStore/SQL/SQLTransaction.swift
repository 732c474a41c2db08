/// The rows of the service in SQL, written once for both databases.
package struct SQLTransaction: StoreTransaction {
  let connection: any SQLConnection

  package init(_ connection: any SQLConnection) { self.connection = connection }

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
