import FlowrexContract
package import Ledger

extension SQLTransaction {
  package func insert(_ record: FillRecord) throws(StoreFault) {
    let fill = record.fill
    let (conversion, rate) = fill.conversion.stored
    _ = try run(
      """
      INSERT INTO fills (id, order_id, account, instrument, side, quantity, price, fee,
        conversion, rate, at, broker)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
      """,
      .id(fill.id), .id(fill.order), .id(record.account), .word(fill.instrument),
      .word(fill.side), .number(fill.quantity), .number(fill.price), .number(fill.fee),
      conversion, rate, .time(record.at), .text(record.broker))
    notes?.filled(record)
    try noteChange(record)
  }

  static let fillColumns = """
    SELECT id, order_id, side, quantity, instrument, price, fee, conversion, rate, account,
      broker, at
    FROM fills
    """

  package func fill(_ id: FillID, of broker: String) throws(StoreFault) -> FillRecord? {
    try run(Self.fillColumns + " WHERE broker = $1 AND id = $2", .text(broker), .id(id))
      .first?.read(of: "fills", Self.fill)
  }

  package func fills(
    _ id: FillID, of account: AccountID
  ) throws(StoreFault) -> [FillRecord] {
    try run(
      Self.fillColumns + " WHERE id = $1 AND account = $2 ORDER BY broker", .id(id), .id(account)
    ).read(of: "fills", Self.fill)
  }

  static func fill(_ row: inout RowReader) throws(StoreFault) -> FillRecord {
    let id: FillID = try row.id()
    let order: OrderID = try row.id()
    let side: Side = try row.word()
    let fill = try Fill(
      id, of: order, side, row.number(), of: row.word(), at: row.number(), fee: row.number(),
      conversion: row.conversion())
    return try FillRecord(fill, of: row.id(), from: row.text(), at: row.time())
  }
}

extension SQLTransaction {
  package func insert(_ record: ApprovalRecord) throws(StoreFault) {
    let (decision, person, at) = Self.columns(of: record.approval.state)
    _ = try run(
      """
      INSERT INTO approvals (order_id, account, requested_at, expires_at, decision, person,
        decided_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """,
      .id(record.approval.order), .id(record.account), .time(record.approval.requestedAt),
      .time(record.approval.expiresAt), decision, person, at)
  }

  package func approval(of order: OrderID) throws(StoreFault) -> ApprovalRecord? {
    try run(
      """
      SELECT order_id, account, requested_at, expires_at, decision, person, decided_at, code,
        sentence
      FROM approvals WHERE order_id = $1
      """, .id(order)
    ).first?.read(of: "approvals", Self.approval)
  }

  package func save(_ record: ApprovalRecord) throws(StoreFault) {
    let (decision, person, at) = Self.columns(of: record.approval.state)
    _ = try run(
      """
      UPDATE approvals SET decision = $2, person = $3, decided_at = $4, code = $5, sentence = $6
      WHERE order_id = $1
      """,
      .id(record.approval.order), decision, person, at, .text(record.refusal?.code.rawValue),
      .text(record.refusal?.sentence))
    notes?.decided(record.approval.state)
  }

  package func dueApprovals(
    at now: Timestamp, after id: OrderID?, limit: Int
  ) throws(StoreFault) -> [OrderID] {
    try run(
      """
      SELECT order_id FROM approvals
      WHERE decision IS NULL AND expires_at <= $1 AND order_id > $3 ORDER BY order_id LIMIT $2
      """, .time(now), .count(limit), .text(id?.description ?? "")
    ).read(of: "approvals") { row throws(StoreFault) in try row.id() }
  }

  private static func columns(
    of state: Approval.State
  ) -> (decision: SQLValue, person: SQLValue, at: SQLValue) {
    switch state {
    case .pending: (.null, .null, .null)
    case .decided(let decision, let person, let at): (.word(decision), .id(person), .time(at))
    }
  }

  private static func approval(_ row: inout RowReader) throws(StoreFault) -> ApprovalRecord {
    let order: OrderID = try row.id()
    let account: AccountID = try row.id()
    let (requestedAt, expiresAt) = try (row.time(), row.time())
    let word = row.optionalText()
    let person: PersonID? = try row.optionalID()
    let decidedAt = try row.optionalTime()
    var state = Approval.State.pending
    if let word {
      guard let decision = ApprovalDecision(rawValue: word), let decidedAt else {
        throw row.unreadable(word)
      }
      state = .decided(decision, by: person, at: decidedAt)
    }
    var refusal: Refusal?
    if let word = row.optionalText() {
      guard let code = DenialCode(rawValue: word) else { throw row.unreadable(word) }
      refusal = Refusal(code, try row.text())
    }
    return ApprovalRecord(
      Approval(stored: order, requestedAt: requestedAt, expiresAt: expiresAt, state: state),
      of: account, refusal: refusal)
  }
}
