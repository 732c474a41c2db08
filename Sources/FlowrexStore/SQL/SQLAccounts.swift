import FlowrexContract
package import Ledger
import Risk

extension SQLTransaction {
  package func insert(_ account: AccountRecord) throws(StoreFault) {
    let stored = account.stored
    _ = try run(
      """
      INSERT INTO accounts (id, owner, cash, state, accepted, turnover, turnover_day, day_start,
        equity_day, peak)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
      """,
      .id(account.id), .id(account.owner), .number(stored.cash), .word(stored.state),
      .text(Self.text(of: stored.accepted)), .number(stored.turnover),
      .integer(stored.turnoverDay.number), .number(stored.dayStart),
      .integer(stored.equityDay.number), .number(stored.peak))
    try savePositions(account.id, stored, was: nil)
    try saveReservations(account.id, stored, was: [])
  }

  package func account(_ id: AccountID) throws(StoreFault) -> AccountRecord? {
    let rows = try run(
      """
      SELECT owner, cash, state, accepted, turnover, turnover_day, day_start, equity_day, peak
      FROM accounts WHERE id = $1
      """ + connection.dialect.holding, .id(id))
    guard let row = rows.first else { return nil }
    // Read after the row is held: what others changed before is seen.
    let positions = try positions(of: id)
    let reservations = try reservations(of: id)
    return try row.read(of: "accounts") { row throws(StoreFault) in
      let owner: PersonID = try row.id()
      let cash: Amount = try row.number()
      let state: TradingState = try row.word()
      let accepted = try row.read(Self.moments)
      return try AccountRecord(
        id, of: owner,
        StoredAccount(
          cash: cash, positions: positions, reservations: reservations, state: state,
          accepted: accepted, turnover: row.number(),
          turnoverDay: TradingDay(number: row.integer()), dayStart: row.number(),
          equityDay: TradingDay(number: row.integer()), peak: row.number()))
    }
  }

  package func save(_ account: AccountRecord, was before: AccountRecord) throws(StoreFault) {
    let stored = account.stored
    guard stored != before.stored else { return }
    _ = try run(
      """
      UPDATE accounts SET cash = $2, state = $3, accepted = $4, turnover = $5, turnover_day = $6,
        day_start = $7, equity_day = $8, peak = $9
      WHERE id = $1
      """,
      .id(account.id), .number(stored.cash), .word(stored.state),
      .text(Self.text(of: stored.accepted)), .number(stored.turnover),
      .integer(stored.turnoverDay.number), .number(stored.dayStart),
      .integer(stored.equityDay.number), .number(stored.peak))
    try savePositions(account.id, stored, was: before.stored)
    try saveReservations(account.id, stored, was: before.stored.reservations)
    if stored.state != before.stored.state { notes?.changedState(account.id, stored.state) }
  }

  package func accounts(after id: AccountID?, limit: Int) throws(StoreFault) -> [AccountID] {
    // Every id's text comes after the empty one.
    try run(
      "SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT $2",
      .text(id?.description ?? ""), .count(limit)
    ).read(of: "accounts") { row throws(StoreFault) in try row.id() }
  }

  package func lingering(
    at venue: String, in epoch: Int64, until now: Timestamp, margin: Span, after id: OrderID?,
    limit: Int
  ) throws(StoreFault) -> [(order: OrderID, account: AccountID)] {
    try run(
      """
      SELECT risk_reservations.order_id, risk_reservations.account FROM risk_reservations
      JOIN orders ON orders.id = risk_reservations.order_id AND orders.venue = $3
      WHERE lingers_until <= $1 AND order_id > $4
        AND NOT EXISTS (
          SELECT 1 FROM event_gaps WHERE broker = $3 AND epoch = $5
            AND (found_at IS NULL OR found_at > orders.placed_at - $6))
        AND NOT EXISTS (
          SELECT 1 FROM unbooked_events
          WHERE broker = $3 AND waits_for = risk_reservations.account)
      ORDER BY order_id LIMIT $2
      """, .time(now), .count(limit), .text(venue), .text(id?.description ?? ""),
      .integer(epoch), .integer(margin.microseconds)
    ).read(of: "risk_reservations") { row throws(StoreFault) in try (row.id(), row.id()) }
  }

  package func insert(_ movement: CashMovement) throws(StoreFault) -> Bool {
    let rows = try run(
      """
      INSERT INTO cash_movements (id, account, amount, at) VALUES ($1, $2, $3, $4)
      ON CONFLICT (id) DO NOTHING RETURNING id
      """,
      .id(Identifier<AccountKind>(movement.id)), .id(movement.account), .number(movement.amount),
      .time(movement.at))
    return !rows.isEmpty
  }

  package func movement(named id: UInt128) throws(StoreFault) -> CashMovement? {
    try run(
      "SELECT account, amount, at FROM cash_movements WHERE id = $1",
      .id(Identifier<AccountKind>(id))
    ).first?.read(of: "cash_movements") { row throws(StoreFault) in
      try CashMovement(id, of: row.id(), row.number(), at: row.time())
    }
  }

  private func positions(of id: AccountID) throws(StoreFault) -> PerInstrument<Position> {
    let held = try run(
      "SELECT instrument, quantity, cost FROM positions WHERE account = $1", .id(id)
    ).read(of: "positions") { row throws(StoreFault) -> (Instrument, Position) in
      try (row.word(), Position(quantity: row.number(), cost: row.number()))
    }
    var positions = PerInstrument { _ in Position.flat }
    for (instrument, position) in held { positions[instrument] = position }
    return positions
  }

  private func savePositions(
    _ id: AccountID, _ stored: StoredAccount, was before: StoredAccount?
  ) throws(StoreFault) {
    for instrument in Instrument.allCases {
      let position = stored.positions[instrument]
      guard position != before?.positions[instrument] ?? .flat else { continue }
      _ = try run(
        """
        INSERT INTO positions (account, instrument, quantity, cost) VALUES ($1, $2, $3, $4)
        ON CONFLICT (account, instrument)
        DO UPDATE SET quantity = excluded.quantity, cost = excluded.cost
        """,
        .id(id), .word(instrument), .number(position.quantity), .number(position.cost))
    }
  }

  private func reservations(of id: AccountID) throws(StoreFault) -> [Reservation] {
    try run(
      """
      SELECT order_id, side, quantity, instrument, value, lingers_until FROM risk_reservations
      WHERE account = $1 ORDER BY order_id
      """, .id(id)
    ).read(of: "risk_reservations") { row throws(StoreFault) in
      try Reservation(
        stored: row.id(), row.word(), row.number(), of: row.word(), worth: row.number(),
        lingersUntil: row.optionalTime())
    }
  }

  private func saveReservations(
    _ id: AccountID, _ stored: StoredAccount, was before: [Reservation]
  ) throws(StoreFault) {
    let kept = Set(stored.reservations.map(\.order))
    for gone in before where !kept.contains(gone.order) {
      _ = try run("DELETE FROM risk_reservations WHERE order_id = $1", .id(gone.order))
    }
    let known = Set(before)
    for reservation in stored.reservations where !known.contains(reservation) {
      _ = try run(
        """
        INSERT INTO risk_reservations (order_id, account, instrument, side, quantity, value,
          lingers_until)
        VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (order_id) DO UPDATE SET quantity = excluded.quantity,
          value = excluded.value, lingers_until = excluded.lingers_until
        """,
        .id(reservation.order), .id(id), .word(reservation.instrument), .word(reservation.side),
        .number(reservation.quantity), .number(reservation.value),
        .time(reservation.lingersUntil))
    }
  }

  /// The moments of the rate window in one column: they are read and written together.
  private static func text(of moments: [Timestamp]) -> String {
    moments.map { String($0.microseconds) }.joined(separator: " ")
  }

  static func moments(_ text: String) -> [Timestamp]? {
    var moments: [Timestamp] = []
    for part in text.split(separator: " ") {
      guard let microseconds = Int64(part) else { return nil }
      moments.append(Timestamp(microseconds: microseconds))
    }
    return moments
  }
}
