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
    _ kind: OutboxKind?, at now: Timestamp, limit: Int
  ) throws(StoreFault) -> [OutboxMessage] {
    let kinds = kind.map { [$0] } ?? OutboxKind.allCases
    return try run(
      """
      SELECT order_id, kind, account, due_at, attempts, created_at FROM outbox
      WHERE due_at <= $1 AND kind IN ($3, $4) ORDER BY due_at, order_id, kind LIMIT $2
      """, .time(now), .count(limit), .word(kinds[0]), .word(kinds[kinds.count - 1])
    ).read(of: "outbox", Self.message)
  }

  private static func message(_ row: inout RowReader) throws(StoreFault) -> OutboxMessage {
    let order: OrderID = try row.id()
    return try OutboxMessage(
      row.word(), order, of: row.id(), dueAt: row.time(), attempts: row.count(),
      createdAt: row.time())
  }
}
