package import Ledger

extension SQLTransaction {
  package func put(_ message: OutboxMessage) throws(StoreFault) {
    _ = try run(
      """
      INSERT INTO outbox (order_id, kind, account, due_at, attempts, created_at)
      VALUES ($1, $2, $3, $4, $5, $6)
      ON CONFLICT (order_id, kind)
      DO UPDATE SET due_at = excluded.due_at, attempts = excluded.attempts
      """,
      .id(message.order), .word(message.kind), .id(message.account), .time(message.dueAt),
      .count(message.attempts), .time(message.createdAt))
    // One that was said before is its holder's, and in nobody's hurry.
    if message.attempts == 0 { connection.announce(.message) }
  }

  package func message(
    _ order: OrderID, _ kind: OutboxKind
  ) throws(StoreFault) -> OutboxMessage? {
    try run(
      """
      SELECT order_id, kind, account, due_at, attempts, created_at FROM outbox
      WHERE order_id = $1 AND kind = $2
      """, .id(order), .word(kind)
    ).first?.read(of: "outbox", Self.message)
  }

  package func remove(_ order: OrderID, _ kind: OutboxKind) throws(StoreFault) {
    _ = try run(
      "DELETE FROM outbox WHERE order_id = $1 AND kind = $2", .id(order), .word(kind))
  }

  package func postpone(
    _ message: OutboxMessage, to dueAt: Timestamp, attempts: Int
  ) throws(StoreFault) -> Bool {
    let rows = try run(
      """
      UPDATE outbox SET due_at = $3, attempts = $4
      WHERE order_id = $1 AND kind = $2 AND due_at = $5 AND attempts = $6 RETURNING order_id
      """,
      .id(message.order), .word(message.kind), .time(dueAt), .count(attempts),
      .time(message.dueAt), .count(message.attempts))
    return !rows.isEmpty
  }

  package func dueMessages(
    _ kind: OutboxKind?, of venue: String?, at now: Timestamp, limit: Int
  ) throws(StoreFault) -> DueMessages {
    let kinds = kind.map { [$0] } ?? OutboxKind.allCases
    var values = [SQLValue.time(now), .count(limit)]
    values += [.word(kinds[0]), .word(kinds[kinds.count - 1])]
    var condition = ""
    if let venue {
      condition = " AND (orders.venue IS NULL OR orders.venue = $5)"
      values.append(.text(venue))
    }
    let rows = try connection.execute(
      """
      SELECT outbox.order_id, outbox.kind, outbox.account, outbox.due_at, outbox.attempts,
        outbox.created_at
      FROM outbox JOIN orders ON orders.id = outbox.order_id
      WHERE outbox.due_at <= $1 AND outbox.kind IN ($3, $4)
      """ + condition + " ORDER BY outbox.due_at, outbox.order_id, outbox.kind LIMIT $2", values)
    var messages: [OutboxMessage] = []
    var unreadable: [UnreadableMessage] = []
    for row in rows {
      do throws(StoreFault) {
        messages.append(try RowValues(row: row).read(of: "outbox", Self.message))
      } catch {
        guard case .unreadable = error else { throw error }
        var reader = RowReader(row, of: "outbox")
        unreadable.append(
          UnreadableMessage(order: try reader.text(), kind: try reader.text(), error))
      }
    }
    return DueMessages(messages, unreadable: unreadable)
  }

  package func postpone(
    _ message: UnreadableMessage, to dueAt: Timestamp
  ) throws(StoreFault) {
    _ = try run(
      "UPDATE outbox SET due_at = $3 WHERE order_id = $1 AND kind = $2", .text(message.order),
      .text(message.kind), .time(dueAt))
  }

  private static func message(_ row: inout RowReader) throws(StoreFault) -> OutboxMessage {
    let order: OrderID = try row.id()
    return try OutboxMessage(
      row.word(), order, of: row.id(), dueAt: row.time(), attempts: row.count(),
      createdAt: row.time())
  }
}
