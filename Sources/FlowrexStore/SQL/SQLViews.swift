import FlowrexContract
package import Ledger
import Risk

/// What is looked at and not decided by.
extension SQLTransaction {
  /// One statement, and so one moment: between two of them somebody may change the account.
  private static let view = """
    SELECT 0, owner, state, accepted, cash, turnover, turnover_day, day_start, equity_day, peak
    FROM accounts WHERE id = $1
    UNION ALL
    SELECT 1, instrument, NULL, NULL, quantity, cost, NULL, NULL, NULL, NULL
    FROM positions WHERE account = $1
    UNION ALL
    SELECT 2, order_id, side, instrument, quantity, value, lingers_until, NULL, NULL, NULL
    FROM risk_reservations WHERE account = $1
    """

  package func view(of id: AccountID) throws(StoreFault) -> AccountRecord? {
    var account: RowValues?
    var positions = PerInstrument { _ in Position.flat }
    var reservations: [Reservation] = []
    for row in try run(Self.view, .id(id)) {
      try row.read(of: "accounts") { reader throws(StoreFault) in
        switch try reader.integer() {
        case 0: account = row
        case 1:
          let instrument: Instrument = try reader.word()
          _ = (reader.optionalText(), reader.optionalText())
          positions[instrument] = try Position(quantity: reader.number(), cost: reader.number())
        default:
          let order: OrderID = try reader.id()
          let side: Side = try reader.word()
          let instrument: Instrument = try reader.word()
          reservations.append(
            try Reservation(
              stored: order, side, reader.number(), of: instrument, worth: reader.number(),
              lingersUntil: reader.optionalTime()))
        }
      }
    }
    reservations.sort { $0.order.bits < $1.order.bits }
    return try account?.read(of: "accounts") { reader throws(StoreFault) in
      _ = try reader.integer()
      let owner: PersonID = try reader.id()
      let state: TradingState = try reader.word()
      let accepted = try reader.read(Self.moments)
      return try AccountRecord(
        id, of: owner,
        StoredAccount(
          cash: reader.number(), positions: positions, reservations: reservations, state: state,
          accepted: accepted, turnover: reader.number(),
          turnoverDay: TradingDay(number: reader.integer()), dayStart: reader.number(),
          equityDay: TradingDay(number: reader.integer()), peak: reader.number()))
    }
  }

  package func accounts(
    of owner: PersonID, after id: AccountID?, limit: Int
  ) throws(StoreFault) -> [AccountID] {
    try run(
      "SELECT id FROM accounts WHERE owner = $1 AND id > $2 ORDER BY id LIMIT $3",
      .id(owner), .text(id?.description ?? ""), .count(limit)
    ).read(of: "accounts") { row throws(StoreFault) in try row.id() }
  }

  package func add(
    _ result: DailyResult, of account: AccountID
  ) throws(StoreFault) {
    _ = try run(
      """
      INSERT INTO daily_results (account, day, realised, fees, fills)
      VALUES ($1, $2, $3, $4, $5)
      ON CONFLICT (account, day) DO UPDATE SET
        realised = daily_results.realised + excluded.realised,
        fees = daily_results.fees + excluded.fees, fills = daily_results.fills + excluded.fills
      """,
      .id(account), .integer(result.day.number), .number(result.realised), .number(result.fees),
      .count(result.fills))
  }

  package func dailyResults(
    of account: AccountID, before day: TradingDay?, limit: Int
  ) throws(StoreFault) -> [DailyResult] {
    try run(
      """
      SELECT day, realised, fees, fills FROM daily_results
      WHERE account = $1 AND day < $2 ORDER BY day DESC LIMIT $3
      """, .id(account), .integer(day?.number ?? .max), .count(limit)
    ).read(of: "daily_results") { row throws(StoreFault) in
      try DailyResult(
        TradingDay(number: row.integer()), realised: row.number(), fees: row.number(),
        fills: row.count())
    }
  }
}
