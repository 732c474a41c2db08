package import FlowrexContract
package import Ledger

extension SQLTransaction {
  package func insert(_ record: OrderRecord) throws(StoreFault) {
    let (order, terms) = (record.order, record.order.terms)
    let limit: SQLValue =
      if case .limit(let price) = terms.pricing { .number(price) } else { .null }
    _ = try run(
      """
      INSERT INTO orders (id, account, person, client_key, instrument, side, quantity, limit_price,
        life, purpose, mode, placed_at, state, filled, cancel_requested, events, good_until,
        epoch, venue)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
        $19)
      """,
      .id(order.id), .id(record.account), .id(record.person), .text(record.key.text),
      .word(terms.instrument), .word(terms.side), .number(terms.quantity), limit,
      .word(terms.life), .word(terms.purpose), .word(order.mode), .time(order.placedAt),
      .word(order.state), .number(order.filled), .flag(order.cancelRequested),
      .count(record.events), .time(record.goodUntil), .integer(record.epoch),
      .text(record.venue))
    notes?.placed(record)
  }

  package func save(_ record: OrderRecord) throws(StoreFault) {
    _ = try run(
      """
      UPDATE orders SET state = $2, filled = $3, cancel_requested = $4, events = $5,
        good_until = $6, epoch = $7, venue = $8
      WHERE id = $1
      """,
      .id(record.order.id), .word(record.order.state), .number(record.order.filled),
      .flag(record.order.cancelRequested), .count(record.events), .time(record.goodUntil),
      .integer(record.epoch), .text(record.venue))
    notes?.saved(record)
  }

  static let columns = """
    SELECT id, account, person, client_key, instrument, side, quantity, limit_price, life,
      purpose, mode, placed_at, state, filled, cancel_requested, events, good_until, epoch,
      venue
    FROM orders
    """

  package func order(_ id: OrderID) throws(StoreFault) -> OrderRecord? {
    let record = try run(Self.columns + " WHERE id = $1", .id(id)).first?
      .read(of: "orders", Self.order)
    if let record { notes?.read(record) }
    return record
  }

  package func orders(
    in states: [OrderState], after id: OrderID?, limit: Int
  ) throws(StoreFault) -> [OrderRecord] {
    try rows(Self.columns, states, id, limit).read(of: "orders", Self.order)
  }

  package func orderIDs(
    in states: [OrderState], after id: OrderID?, limit: Int
  ) throws(StoreFault) -> [OrderID] {
    try rows("SELECT id FROM orders", states, id, limit)
      .read(of: "orders") { row throws(StoreFault) in try row.id() }
  }

  private func rows(
    _ columns: String, _ states: [OrderState], _ id: OrderID?, _ limit: Int
  ) throws(StoreFault) -> [RowValues] {
    guard !states.isEmpty else { return [] }
    let places = states.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
    // Every id's text comes after the empty one.
    let values = [.text(id?.description ?? ""), .count(limit)] + states.map { SQLValue.word($0) }
    return try connection.execute(
      columns + " WHERE id > $1 AND state IN (\(places)) ORDER BY id LIMIT $2", values
    ).map { RowValues(row: $0) }
  }

  static func order(_ row: inout RowReader) throws(StoreFault) -> OrderRecord {
    let id: OrderID = try row.id()
    let account: AccountID = try row.id()
    let person: PersonID = try row.id()
    let key = try row.read(ClientKey.init(stored:))
    let instrument: Instrument = try row.word()
    let side: Side = try row.word()
    let quantity: Quantity = try row.number()
    let limit: Price? = try row.optionalNumber()
    let terms = try OrderTerms(
      side, quantity, of: instrument, limit.map { .limit($0) } ?? .market, life: row.word(),
      purpose: row.word())
    let order = try Order(
      stored: id, terms, mode: row.word(), placedAt: row.time(), state: row.word(),
      filled: row.number(), cancelRequested: row.flag())
    var record = OrderRecord(order, of: account, by: person, key: key, events: try row.count())
    record.goodUntil = try row.optionalTime()
    record.epoch = try row.optionalInteger()
    record.venue = row.optionalText()
    return record
  }

  package func append(_ record: OrderEventRecord) throws(StoreFault) {
    let quantity: SQLValue =
      if case .filled(let quantity) = record.event { .number(quantity) } else { .null }
    _ = try run(
      """
      INSERT INTO order_events (order_id, number, at, kind, quantity)
      VALUES ($1, $2, $3, $4, $5)
      """,
      .id(record.order), .count(record.number), .time(record.at), .word(record.event.kind),
      quantity)
  }

  package func events(of order: OrderID) throws(StoreFault) -> [OrderEventRecord] {
    try events(of: order, after: 0, limit: .max)
  }

  package func events(
    of order: OrderID, after number: Int, limit: Int
  ) throws(StoreFault) -> [OrderEventRecord] {
    try run(
      """
      SELECT number, at, kind, quantity FROM order_events
      WHERE order_id = $1 AND number > $2 ORDER BY number LIMIT $3
      """, .id(order), .count(number), .count(limit)
    ).read(of: "order_events") { row throws(StoreFault) in
      let number = try row.count()
      let at = try row.time()
      let kind: OrderEventKind = try row.word()
      guard let event = OrderEvent(kind: kind, quantity: try row.optionalNumber()) else {
        throw row.unreadable(kind.rawValue)
      }
      return OrderEventRecord(order: order, number: number, at: at, event: event)
    }
  }
}
