package import FlowrexContract
package import Ledger

/// Lists by pages. Each is read through an index that has the order of the list, and one row more
/// than is wanted tells whether there is another page.
extension SQLTransaction {
  package func orders(
    of account: AccountID, _ filter: OrderFilter, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<OrderRecord> {
    guard filter.states != [] else { return ListPage([]) }
    var query = PageQuery(
      table: "orders", select: Self.columns, time: "placed_at", names: ["id"], owner: account)
    if let states = filter.states { query.add("state", oneOf: states.map { .word($0) }) }
    if let instrument = filter.instrument { query.add("instrument", oneOf: [.word(instrument)]) }
    return try read(query, page, Self.order)
  }

  package func fills(
    of account: AccountID, _ instrument: Instrument?, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<FillRecord> {
    var query = PageQuery(
      table: "fills", select: Self.fillColumns, time: "at", names: ["id", "broker"],
      owner: account)
    if let instrument { query.add("instrument", oneOf: [.word(instrument)]) }
    return try read(query, page, Self.fill)
  }

  package func movements(
    of account: AccountID, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<CashMovement> {
    let query = PageQuery(
      table: "cash_movements", select: "SELECT id, amount, at FROM cash_movements", time: "at",
      names: ["id"], owner: account)
    return try read(query, page) { row throws(StoreFault) in
      let id: Identifier<AccountKind> = try row.id()
      return try CashMovement(id.bits, of: account, row.number(), at: row.time())
    }
  }

  package func divergences(_ page: PageRequest) throws(StoreFault) -> ListPage<Divergence> {
    var query = PageQuery(
      table: "divergences", select: Self.divergenceColumns, time: "found_at",
      names: ["kind", "subject"])
    query.add("settled_at IS NULL")
    return try read(query, page, Self.divergence)
  }

  package func runs(_ page: PageRequest) throws(StoreFault) -> ListPage<ReconciliationRun> {
    let query = PageQuery(
      table: "reconciliation_logs", select: Self.runColumns, time: "at", names: ["id"])
    return try read(query, page, Self.run)
  }

  package func rulings(_ page: PageRequest) throws(StoreFault) -> ListPage<RulingRecord> {
    let query = PageQuery(
      table: "rulings", select: Self.rulingColumns, time: "at", names: ["id"])
    return try read(query, page, Self.ruling)
  }

  private func read<Item>(
    _ query: PageQuery, _ page: PageRequest,
    _ item: (inout RowReader) throws(StoreFault) -> Item
  ) throws(StoreFault) -> ListPage<Item> {
    let (sql, values) = query.statement(page)
    let rows = try connection.execute(sql, values)
    var items: [Item] = []
    var unreadable: [String] = []
    for row in rows.prefix(page.limit) {
      do throws(StoreFault) {
        items.append(try RowValues(row: row).read(of: query.table, item))
      } catch {
        // One row hides no other.
        guard case .unreadable = error else { throw error }
        unreadable.append("\(query.names(of: row).joined(separator: " ")): \(error)")
      }
    }
    let isLast = rows.count <= page.limit
    return ListPage(
      items, next: isLast ? nil : try rows.prefix(page.limit).last.map(query.place),
      unreadable: unreadable)
  }
}

/// The statement of a page. What rows are ordered by stands at the end of each row, as it is kept,
/// so that also a row that cannot be read has its place.
private struct PageQuery {
  let table: String
  private let select: String
  private let time: String
  private let names: [String]
  private var conditions: [String] = []
  private var values: [SQLValue] = []

  /// - Parameter select: up to the table's name.
  init(
    table: String, select: String, time: String, names: [String], owner: AccountID? = nil
  ) {
    self.table = table
    (self.time, self.names) = (time, names)
    self.select = select.replacing(
      "FROM \(table)", with: ", \(([time] + names).joined(separator: ", ")) FROM \(table)")
    if let owner { add("account", oneOf: [.id(owner)]) }
  }

  mutating func add(_ condition: String) { conditions.append(condition) }

  mutating func add(_ column: String, oneOf choices: [SQLValue]) {
    let places = choices.indices.map { "$\(values.count + $0 + 1)" }.joined(separator: ", ")
    conditions.append("\(column) IN (\(places))")
    values += choices
  }

  func statement(_ page: PageRequest) -> (String, [SQLValue]) {
    var query = self
    let order = [time] + names
    if let place = page.place {
      // A place of another list has other names: it stands behind its moment.
      let given = names.indices.map { place.names.indices.contains($0) ? place.names[$0] : "" }
      let last = query.values.count
      let places = order.indices.map { "$\(last + $0 + 1)" }.joined(separator: ", ")
      query.add("(\(order.joined(separator: ", "))) < (\(places))")
      query.values += [.time(place.at)] + given.map { .text($0) }
    }
    let conditions = query.conditions.isEmpty ? "" : " WHERE " + query.joined
    let sequence = order.map { "\($0) DESC" }.joined(separator: ", ")
    return (
      select + conditions + " ORDER BY \(sequence) LIMIT $\(query.values.count + 1)",
      query.values + [.count(min(page.limit, .max - 1) + 1)]
    )
  }

  private var joined: String { conditions.joined(separator: " AND ") }

  func place(of row: SQLRow) throws(StoreFault) -> ListPlace {
    var reader = RowReader(SQLRow(Array(row.values.suffix(names.count + 1))), of: table)
    return ListPlace(at: try reader.time(), names: names(of: row))
  }

  func names(of row: SQLRow) -> [String] {
    row.values.suffix(names.count).map { value in
      switch value {
      case .null: ""
      case .integer(let number): String(number)
      case .text(let text): text
      }
    }
  }
}
