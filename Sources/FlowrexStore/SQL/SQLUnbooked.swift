import FlowrexContract
package import Ledger

extension SQLTransaction {
  package func keep(_ event: UnbookedEvent) throws(StoreFault) {
    let fill = event.fill
    let conversion = fill?.conversion.stored
    _ = try run(
      """
      INSERT INTO unbooked_events (broker, epoch, sequence, order_id, kind, at, fill_id,
        fill_order, side, quantity, instrument, price, fee, conversion, rate, waits_for)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
      ON CONFLICT (broker, epoch, sequence) DO NOTHING
      """,
      .text(event.broker), .integer(event.place.epoch), .integer(event.place.sequence),
      .id(event.order), .word(event.kind), .time(event.at), .id(fill?.id), .id(fill?.order),
      .text(fill?.side.rawValue), .integer(fill?.quantity.units),
      .text(fill?.instrument.rawValue), .integer(fill?.price.units), .integer(fill?.fee.units),
      conversion?.kind ?? .null, conversion?.rate ?? .null, .id(event.waitsFor))
  }

  private static let unbookedColumns = """
    SELECT broker, epoch, sequence, order_id, kind, at, fill_id, fill_order, side, quantity,
      instrument, price, fee, conversion, rate, waits_for
    FROM unbooked_events
    """

  package func unbooked(
    _ event: VenueCursor, of broker: String
  ) throws(StoreFault) -> UnbookedEvent? {
    try run(
      Self.unbookedColumns + " WHERE broker = $1 AND epoch = $2 AND sequence = $3",
      .text(broker), .integer(event.epoch), .integer(event.sequence)
    ).first?.read(of: "unbooked_events", Self.unbooked)
  }

  package func unbooked(
    of broker: String, limit: Int
  ) throws(StoreFault) -> [UnbookedEvent] {
    let rows = try run(
      Self.unbookedColumns
        + " WHERE broker = $1 AND waits_for IS NULL ORDER BY epoch, sequence LIMIT $2",
      .text(broker), .count(limit))
    var events: [UnbookedEvent] = []
    for row in rows {
      do throws(StoreFault) {
        events.append(try row.read(of: "unbooked_events", Self.unbooked))
      } catch {
        guard case .unreadable = error else { throw error }
      }
    }
    return events
  }

  package func waitingAccounts(of broker: String) throws(StoreFault) -> [AccountID] {
    try run(
      """
      SELECT DISTINCT waits_for FROM unbooked_events
      WHERE broker = $1 AND waits_for IS NOT NULL ORDER BY waits_for
      """, .text(broker)
    ).read(of: "unbooked_events") { row throws(StoreFault) in try row.id() }
  }

  package func waiting(
    for account: AccountID, of broker: String, limit: Int
  ) throws(StoreFault) -> [UnbookedEvent] {
    try run(
      Self.unbookedColumns
        + " WHERE broker = $1 AND waits_for = $2 ORDER BY epoch, sequence LIMIT $3",
      .text(broker), .id(account), .count(limit)
    ).read(of: "unbooked_events", Self.unbooked)
  }

  package func stopWaiting(_ event: VenueCursor, of broker: String) throws(StoreFault) {
    _ = try run(
      """
      UPDATE unbooked_events SET waits_for = NULL
      WHERE broker = $1 AND epoch = $2 AND sequence = $3
      """, .text(broker), .integer(event.epoch), .integer(event.sequence))
  }

  package func removeUnbooked(_ event: VenueCursor, of broker: String) throws(StoreFault) {
    _ = try run(
      "DELETE FROM unbooked_events WHERE broker = $1 AND epoch = $2 AND sequence = $3",
      .text(broker), .integer(event.epoch), .integer(event.sequence))
  }

  private static func unbooked(_ row: inout RowReader) throws(StoreFault) -> UnbookedEvent {
    let broker = try row.text()
    let place = try VenueCursor(epoch: row.integer(), sequence: row.integer())
    let order: OrderID = try row.id()
    let kind: OrderEventKind = try row.word()
    let at = try row.time()
    let id: FillID? = try row.optionalID()
    var fill: Fill?
    if let id {
      fill = try Self.fill(id, &row)
    } else {
      for _ in 1...8 { _ = row.optionalText() }
    }
    return UnbookedEvent(
      from: broker, at: place, of: order, kind, fill, heardAt: at,
      waitsFor: try row.optionalID())
  }

  private static func fill(_ id: FillID, _ row: inout RowReader) throws(StoreFault) -> Fill {
    let order: OrderID = try row.id()
    let side: Side = try row.word()
    return try Fill(
      id, of: order, side, row.number(), of: row.word(), at: row.number(), fee: row.number(),
      conversion: row.conversion())
  }
}

extension SQLTransaction {
  package func keep(_ found: FoundFill) throws(StoreFault) {
    let (fill, conversion) = (found.fill, found.fill.conversion.stored)
    _ = try run(
      """
      INSERT INTO found_fills (broker, fill_id, order_id, at, fill_order, side, quantity,
        instrument, price, fee, conversion, rate)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      ON CONFLICT (broker, fill_id, order_id) DO NOTHING
      """,
      .text(found.broker), .id(fill.id), .id(found.order), .time(found.at), .id(fill.order),
      .word(fill.side), .number(fill.quantity), .word(fill.instrument), .number(fill.price),
      .number(fill.fee), conversion.kind, conversion.rate)
  }

  private static let foundColumns = """
    SELECT broker, order_id, at, fill_id, fill_order, side, quantity, instrument, price, fee,
      conversion, rate
    FROM found_fills WHERE broker = $1
    """

  package func foundFill(
    _ id: FillID, of order: OrderID, from broker: String
  ) throws(StoreFault) -> FoundFill? {
    try run(
      Self.foundColumns + " AND fill_id = $2 AND order_id = $3", .text(broker), .id(id),
      .id(order)
    ).first?.read(of: "found_fills", Self.found)
  }

  package func foundFills(of broker: String, limit: Int) throws(StoreFault) -> [FoundFill] {
    try run(
      Self.foundColumns + " ORDER BY at, fill_id, order_id LIMIT $2", .text(broker),
      .count(limit)
    ).read(of: "found_fills", Self.found)
  }

  package func removeFound(
    _ id: FillID, of order: OrderID, from broker: String
  ) throws(StoreFault) {
    _ = try run(
      "DELETE FROM found_fills WHERE broker = $1 AND fill_id = $2 AND order_id = $3",
      .text(broker), .id(id), .id(order))
  }

  private static func found(_ row: inout RowReader) throws(StoreFault) -> FoundFill {
    let broker = try row.text()
    let order: OrderID = try row.id()
    let at = try row.time()
    return FoundFill(from: broker, of: order, try fill(try row.id(), &row), foundAt: at)
  }
}
