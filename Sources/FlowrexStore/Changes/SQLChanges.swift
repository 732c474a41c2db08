package import FlowrexContract
package import Ledger

extension SQLTransaction {
  /// Numbers a change of an order's account. The account is held by whoever changes its orders, so
  /// numbers are given in the order of the commits.
  private static let next = """
    INSERT INTO account_changes (account, number, at, kind, order_id, event, fill, broker)
    SELECT orders.account, 1 + COALESCE((
        SELECT MAX(number) FROM account_changes WHERE account_changes.account = orders.account), 0),
      $2, $3, orders.id, $4, $5, $6
    FROM orders WHERE orders.id = $1 RETURNING account
    """

  func noteChange(_ order: OrderID, event: Int, at: Timestamp) throws(StoreFault) {
    try announce(
      run(Self.next, .id(order), .time(at), .text("order"), .count(event), .null, .null))
  }

  func noteChange(_ record: FillRecord) throws(StoreFault) {
    try announce(
      run(
        Self.next, .id(record.fill.order), .time(record.at), .text("fill"), .count(0),
        .id(record.fill.id), .text(record.broker)))
  }

  private func announce(_ rows: [RowValues]) throws(StoreFault) {
    for row in rows {
      let account: AccountID = try row.read(of: "account_changes") { row throws(StoreFault) in
        try row.id()
      }
      connection.announce(.account(account))
    }
  }
}

extension SQLTransaction {
  package func changes(
    of account: AccountID, after number: Int64, limit: Int
  ) throws(StoreFault) -> [AccountChange] {
    try run(
      """
      SELECT number, at, kind, order_id, event, fill, broker FROM account_changes
      WHERE account = $1 AND number > $2 ORDER BY number LIMIT $3
      """, .id(account), .integer(number), .count(limit)
    ).read(of: "account_changes") { row throws(StoreFault) in
      let number = try row.integer()
      let at = try row.time()
      let kind = try row.text()
      let order: OrderID = try row.id()
      let event = try row.count()
      let fill: FillID? = try row.optionalID()
      let subject: AccountChange.Subject
      switch (kind, fill, row.optionalText()) {
      case ("order", nil, nil): subject = .order(event: event)
      case ("fill", let fill?, let broker?): subject = .fill(fill, broker: broker)
      default: throw row.unreadable(kind)
      }
      return AccountChange(subject, of: order, account, number: number, at: at)
    }
  }

  package func changeSpan(of account: AccountID) throws(StoreFault) -> ChangeSpan? {
    let rows = try run(
      "SELECT MIN(number), MAX(number) FROM account_changes WHERE account = $1", .id(account))
    return try rows.first?.read(of: "account_changes") { row throws(StoreFault) in
      guard let first = try row.optionalInteger() else { return nil }
      return ChangeSpan(first: first, last: try row.integer())
    }
  }

  package func lastChanges(
    of accounts: [AccountID]
  ) throws(StoreFault) -> [AccountID: Int64] {
    guard !accounts.isEmpty else { return [:] }
    let places = accounts.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let rows = try connection.execute(
      """
      SELECT account, MAX(number) FROM account_changes WHERE account IN (\(places))
      GROUP BY account
      """, accounts.map { SQLValue.id($0) })
    var last: [AccountID: Int64] = [:]
    for row in rows.map({ RowValues(row: $0) }) {
      let (account, number): (AccountID, Int64) = try row.read(of: "account_changes") {
        row throws(StoreFault) in (try row.id(), try row.integer())
      }
      last[account] = number
    }
    return last
  }

  package func accounts(of owner: PersonID) throws(StoreFault) -> [AccountID] {
    try run("SELECT id FROM accounts WHERE owner = $1 ORDER BY id", .id(owner))
      .read(of: "accounts") { row throws(StoreFault) in try row.id() }
  }

  package func openPositions(
    of account: AccountID
  ) throws(StoreFault) -> [(Instrument, Position)] {
    try run(
      """
      SELECT instrument, quantity, cost FROM positions WHERE account = $1 AND quantity <> 0
      ORDER BY instrument
      """, .id(account)
    ).read(of: "positions") { row throws(StoreFault) in
      try (row.word(), Position(quantity: row.number(), cost: row.number()))
    }
  }

  package func event(
    _ number: Int, of order: OrderID
  ) throws(StoreFault) -> OrderEventRecord? {
    try run(
      "SELECT at, kind, quantity FROM order_events WHERE order_id = $1 AND number = $2",
      .id(order), .count(number)
    ).first?.read(of: "order_events") { row throws(StoreFault) in
      let at = try row.time()
      let kind: OrderEventKind = try row.word()
      guard let event = OrderEvent(kind: kind, quantity: try row.optionalNumber()) else {
        throw row.unreadable(kind.rawValue)
      }
      return OrderEventRecord(order: order, number: number, at: at, event: event)
    }
  }

  package func liveSessions(
    among sessions: [String], now: Int64
  ) throws(StoreFault) -> Set<String> {
    guard !sessions.isEmpty else { return [] }
    let places = sessions.indices.map { "$\($0 + 2)" }.joined(separator: ", ")
    let rows = try connection.execute(
      """
      SELECT sessions.id FROM sessions
      JOIN users ON users.id = sessions.person AND users.disabled = 0
      WHERE sessions.revoked = 0 AND sessions.expires_at > $1 AND sessions.id IN (\(places))
      """, [.seconds(now)] + sessions.map { SQLValue.text($0) })
    let live = try rows.map { RowValues(row: $0) }
      .read(of: "sessions") { row throws(StoreFault) in try row.text() }
    return Set(live)
  }

  package func removeChanges(
    before moment: Timestamp, limit: Int
  ) throws(StoreFault) -> Int {
    try run(
      """
      DELETE FROM account_changes WHERE (account, number) IN (
        SELECT account, number FROM account_changes AS old WHERE at < $1 AND number < (
          SELECT MAX(number) FROM account_changes WHERE account_changes.account = old.account)
        ORDER BY account, number LIMIT $2)
      RETURNING number
      """, .time(moment), .count(limit)
    ).count
  }
}
