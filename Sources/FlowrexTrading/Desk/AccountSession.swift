import FlowrexContract
import FlowrexStore
import Ledger
import Risk

/// One account inside one transaction: held from the first look to the commit, so that what is
/// decided about it follows one after another.
struct AccountSession {
  let rows: any StoreTransaction
  let now: Timestamp
  let before: AccountRecord
  var risk: RiskAccount

  var id: AccountID { before.id }

  /// - Throws: ``TradingFault/accountUnknown(_:)``.
  init(_ id: AccountID, _ rows: any StoreTransaction, at now: Timestamp) throws {
    guard let record = try rows.account(id) else { throw TradingFault.accountUnknown(id) }
    self.rows = rows
    self.now = now
    before = record
    do { risk = try RiskAccount(record.stored) } catch { throw TradingFault.account(error) }
  }

  /// Lets an order take an event, and notes it. An order that is over holds no room any more.
  func take(_ event: OrderEvent, _ record: inout OrderRecord) throws {
    do { try record.order.receive(event) } catch { throw TradingFault.order(error) }
    record.events += 1
    try rows.append(
      OrderEventRecord(order: record.order.id, number: record.events, at: now, event: event))
  }

  mutating func move(_ record: inout OrderRecord, _ event: OrderEvent) throws {
    try take(event, &record)
    if record.order.state.isFinal { risk.release(record.order.id) }
    try rows.save(record)
  }

  /// Writes what was decided.
  func save() throws {
    try rows.save(AccountRecord(id, of: before.owner, risk.stored), was: before)
  }

  /// An order of this account.
  func order(_ id: OrderID) throws -> OrderRecord {
    guard let record = try rows.order(id), record.account == self.id else {
      throw TradingFault.orderUnknown(id)
    }
    return record
  }
}

extension Desk {
  /// Runs `body` with an account that nobody else changes meanwhile.
  func withAccount<Value: Sendable>(
    _ id: AccountID, _ body: @escaping @Sendable (inout AccountSession) throws -> Value
  ) async throws -> Value {
    let clock = clock
    return try await store.transact { rows in
      var session = try AccountSession(id, rows, at: clock.now())
      let value = try body(&session)
      try session.save()
      return value
    }
  }
}
