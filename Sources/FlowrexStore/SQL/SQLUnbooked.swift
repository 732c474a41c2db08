import FlowrexContract
import Ledger

extension SQLTransaction {
  package func keep(_ event: UnbookedEvent) throws(StoreFault) {
    let fill = event.fill
    let conversion = fill?.conversion.stored
    _ = try run(
      """
      INSERT INTO unbooked_events (broker, epoch, sequence, order_id, kind, at, fill_id,
        fill_order, side, quantity, instrument, price, fee, conversion, rate)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)
      ON CONFLICT (broker, epoch, sequence) DO NOTHING
      """,
      .text(event.broker), .integer(event.place.epoch), .integer(event.place.sequence),
      .id(event.order), .word(event.kind), .time(event.at), .id(fill?.id), .id(fill?.order),
      .text(fill?.side.rawValue), .integer(fill?.quantity.units),
      .text(fill?.instrument.rawValue), .integer(fill?.price.units), .integer(fill?.fee.units),
      conversion?.kind ?? .null, conversion?.rate ?? .null)
  }

  private static let unbookedColumns = """
    SELECT broker, epoch, sequence, order_id, kind, at, fill_id, fill_order, side, quantity,
      instrument, price, fee, conversion, rate
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
    try run(
      Self.unbookedColumns + " WHERE broker = $1 ORDER BY epoch, sequence LIMIT $2",
      .text(broker), .count(limit)
    ).read(of: "unbooked_events", Self.unbooked)
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
      let order: OrderID = try row.id()
      let side: Side = try row.word()
      fill = try Fill(
        id, of: order, side, row.number(), of: row.word(), at: row.number(), fee: row.number(),
        conversion: row.conversion())
    }
    return UnbookedEvent(from: broker, at: place, of: order, kind, fill, heardAt: at)
  }
}
