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
  /// Names the venue.
  let venue: String
  /// So long after an order's end a trade of it may still be told.
  let lateFills: Span
  var risk: RiskAccount

  var id: AccountID { before.id }

  /// - Throws: ``TradingFault/accountUnknown(_:)``.
  init(_ id: AccountID, _ rows: any StoreTransaction, _ desk: Desk) throws {
    guard let record = try rows.account(id) else { throw TradingFault.accountUnknown(id) }
    self.rows = rows
    // The time is read when the account is held: decisions about it are in its order.
    now = desk.clock.now()
    before = record
    venue = desk.broker.name
    lateFills = Span(
      microseconds: desk.broker.lateFills.microseconds + desk.broker.clockTolerance.microseconds)
    do { risk = try RiskAccount(record.stored) } catch { throw TradingFault.account(error) }
  }

  /// Lets an order take an event, and notes it. An order that is over holds no room any more,
  /// unless a trade may still be told.
  mutating func move(_ record: inout OrderRecord, _ event: OrderEvent) throws {
    do { try record.order.receive(event) } catch { throw TradingFault.order(error) }
    record.events += 1
    try rows.append(
      OrderEventRecord(order: record.order.id, number: record.events, at: now, event: event))
    if record.order.state.isFinal { giveBack(record.order, after: event) }
    try rows.save(record)
  }

  private mutating func giveBack(_ order: Order, after event: OrderEvent) {
    switch event {
    case .cancelled, .expired: risk.linger(order.id, until: now.adding(lateFills))
    // What was filled has no room left; a late fill takes only its own.
    case .filled where order.state != .filled: break
    default: risk.release(order.id)
    }
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

/// The accounts that one transaction works on, each held once and written once.
struct AccountSessions {
  private let rows: any StoreTransaction
  private let desk: Desk
  private var sessions: [AccountID: AccountSession] = [:]

  fileprivate init(
    _ ids: [AccountID], _ rows: any StoreTransaction, _ desk: Desk
  ) throws {
    self.rows = rows
    self.desk = desk
    // In one order, so that no two transactions wait for each other.
    for id in Set(ids).sorted(by: { $0.bits < $1.bits }) {
      sessions[id] = try AccountSession(id, rows, desk)
    }
  }

  mutating func with<Value>(
    _ id: AccountID, _ body: (inout AccountSession) throws -> Value
  ) throws -> Value {
    guard var session = sessions[id] else { throw TradingFault.accountUnknown(id) }
    defer { sessions[id] = session }
    return try body(&session)
  }

  fileprivate func save() throws {
    for session in sessions.values.sorted(by: { $0.id.bits < $1.id.bits }) { try session.save() }
  }
}

extension Desk {
  /// Runs `body` with an account that nobody else changes meanwhile.
  func withAccount<Value: Sendable>(
    _ id: AccountID, _ body: @escaping @Sendable (inout AccountSession) throws -> Value
  ) async throws -> Value {
    let desk = self
    return try await store.transact { rows in
      var session = try AccountSession(id, rows, desk)
      let value = try body(&session)
      try session.save()
      return value
    }
  }

  /// The same with several accounts, inside a transaction.
  func withAccounts<Value>(
    _ ids: [AccountID], _ rows: any StoreTransaction,
    _ body: (inout AccountSessions) throws -> Value
  ) throws -> Value {
    var sessions = try AccountSessions(ids, rows, self)
    let value = try body(&sessions)
    try sessions.save()
    return value
  }
}
