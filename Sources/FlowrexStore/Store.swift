package import FlowrexContract
package import Ledger
package import Risk

/// Where the service keeps what it must not forget. (C-39)
///
/// Two back ends pass the same conformance suite: PostgreSQL and SQLite.
package protocol Store: Sendable {
  /// Runs `body` in one transaction: all that it wrote is kept, or nothing is.
  ///
  /// Whoever changes an account or its orders locks the account first
  /// (``AccountRows/account(_:)``), so that such transactions follow one another. An error thrown
  /// by `body` undoes everything and is thrown on.
  ///
  /// - Throws: what `body` throws, or ``StoreFault``.
  func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value
}

extension Store {
  package func transact<Value: Sendable>(
    _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    try await transact(.ordinary, body)
  }
}

/// Whether a transaction stands in line for a connection.
package enum Urgency: Hashable, Sendable {
  case ordinary
  /// The emergency stop: it has a connection of its own when all others are lent. (S18-EMG-02)
  case urgent
}

/// What can be done inside a transaction.
package protocol StoreTransaction: ControlRows, AccountRows, OrderRows, OutboxRows, FillRows,
  ApprovalRows, ReconciliationRows, PeopleRows, SessionRows, SignInRows, AuditRows, SchemaRows,
  WorkRows, StrategyRows, SignalRows, JournalRows, ChangeRows, RulingRows
{
  /// From here on what another transaction holds is waited for no longer than that: then it ends
  /// with ``StoreFault/conflict(_:)``.
  func limitWaits(to span: Span) throws(StoreFault)
  /// The database's own clock at this moment; `nil` where it has none but ours.
  func clock() throws(StoreFault) -> Timestamp?
  /// How far the log goes that is on the disk, and of a copy, how far it has come; every commit
  /// before lies before it. `nil` where there is none.
  func logPlace() throws(StoreFault) -> Int64?
}

/// The desk's trading state and emergency stop. (S18-EMG-02)
package protocol ControlRows {
  /// Held until the transaction ends: a decision to trade holds it shared, a change exclusively,
  /// so that no order is accepted or sent after the stop was committed. Who comes while a change
  /// waits, waits behind it.
  func control(_ lock: RowLock) throws(StoreFault) -> TradingControl
  func save(_ control: TradingControl) throws(StoreFault)
  /// The same to look at, held by nobody and waiting for nobody.
  func viewOfControl() throws(StoreFault) -> TradingControl
}

/// How a row that was read is held until the transaction ends.
package enum RowLock: Hashable, Sendable {
  /// Others may read it and hold it shared, and nobody may change it.
  case shared
  /// Nobody else may hold or change it.
  case exclusive
}

/// Accounts with what decides about their orders.
package protocol AccountRows {
  func insert(_ account: AccountRecord) throws(StoreFault)
  /// The account, held exclusively until the transaction ends.
  func account(_ id: AccountID) throws(StoreFault) -> AccountRecord?
  /// Writes what changed between the two.
  func save(_ account: AccountRecord, was before: AccountRecord) throws(StoreFault)
  /// Accounts that come after an id, in the order of their ids.
  func accounts(after id: AccountID?, limit: Int) throws(StoreFault) -> [AccountID]
  /// Orders of a venue that are over and still hold room, which is due by a moment; those that come
  /// after an id. What the venue told of them may lie in a gap of its journal, or wait for their
  /// account: such orders are left out.
  ///
  /// - Parameter margin: an order that was placed no later than this after a gap was found may have
  ///   been there before it.
  func lingering(
    at venue: String, in epoch: Int64, until now: Timestamp, margin: Span, after id: OrderID?,
    limit: Int
  ) throws(StoreFault) -> [(order: OrderID, account: AccountID)]
  /// - Returns: false when a movement of that name was booked before.
  func insert(_ movement: CashMovement) throws(StoreFault) -> Bool
  func movement(named id: UInt128) throws(StoreFault) -> CashMovement?
  func movements(
    of account: AccountID, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<CashMovement>
  /// The account as it is committed, all of one moment, held by nobody: to look at, and to decide
  /// nothing by.
  func view(of id: AccountID) throws(StoreFault) -> AccountRecord?
  /// A person's accounts that come after an id, in the order of their ids.
  func accounts(
    of owner: PersonID, after id: AccountID?, limit: Int
  ) throws(StoreFault) -> [AccountID]
  /// Adds what a fill earned to its day's result.
  func add(_ result: DailyResult, of account: AccountID) throws(StoreFault)
  /// Results of days before one, the newest first; days without a fill have none. (S04-TRD-11)
  func dailyResults(
    of account: AccountID, before day: TradingDay?, limit: Int
  ) throws(StoreFault) -> [DailyResult]
}

/// Orders, what happened to them, and the keys that they were placed under.
package protocol OrderRows {
  /// Takes the key until the transaction ends.
  ///
  /// - Returns: false when another transaction holds it: a twin is in flight.
  func hold(_ key: ClientKey, of account: AccountID) throws(StoreFault) -> Bool
  func answer(to key: ClientKey, of account: AccountID) throws(StoreFault) -> KeptAnswer?
  /// Keeps an answer; one that was kept under the key before is replaced.
  func keep(_ answer: KeptAnswer) throws(StoreFault)
  /// - Returns: how many were forgotten; as many as the limit when there may be more.
  func forgetAnswers(expiredAt now: Timestamp, limit: Int) throws(StoreFault) -> Int

  func insert(_ order: OrderRecord) throws(StoreFault)
  func order(_ id: OrderID) throws(StoreFault) -> OrderRecord?
  func save(_ order: OrderRecord) throws(StoreFault)
  /// An account's orders, the newest first.
  func orders(
    of account: AccountID, _ filter: OrderFilter, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<OrderRecord>
  /// The oldest orders in these states that come after an id, of all accounts.
  func orders(
    in states: [OrderState], after id: OrderID?, limit: Int
  ) throws(StoreFault) -> [OrderRecord]
  /// Their ids alone: one order that cannot be read hides no other.
  ///
  /// - Parameter venue: those that were sent there, or nowhere yet; `nil` for all.
  func orderIDs(
    in states: [OrderState], of venue: String?, after id: OrderID?, limit: Int
  ) throws(StoreFault) -> [OrderID]
  func append(_ event: OrderEventRecord) throws(StoreFault)
  func events(of order: OrderID) throws(StoreFault) -> [OrderEventRecord]
  /// An order's events that come after a number, the oldest first.
  func events(
    of order: OrderID, after number: Int, limit: Int
  ) throws(StoreFault) -> [OrderEventRecord]
}

extension OutboxRows {
  /// Of both kinds and all venues; what cannot be read is left out.
  package func dueMessages(at now: Timestamp, limit: Int) throws(StoreFault) -> [OutboxMessage] {
    try dueMessages(nil, of: nil, at: now, limit: limit).messages
  }
}

/// What is still to be said to the venue.
package protocol OutboxRows {
  func put(_ message: OutboxMessage) throws(StoreFault)
  func message(_ order: OrderID, _ kind: OutboxKind) throws(StoreFault) -> OutboxMessage?
  func remove(_ order: OrderID, _ kind: OutboxKind) throws(StoreFault)
  /// Gives a message another time, unless somebody has changed it since it was read.
  ///
  /// - Returns: false when somebody has.
  func postpone(
    _ message: OutboxMessage, to dueAt: Timestamp, attempts: Int
  ) throws(StoreFault) -> Bool
  /// The longest due first, of one kind or both. They are read and not taken: who delivers looks
  /// again under the account's lock.
  ///
  /// - Parameter venue: of orders that were sent there, or nowhere yet; `nil` for all.
  func dueMessages(
    _ kind: OutboxKind?, of venue: String?, at now: Timestamp, limit: Int
  ) throws(StoreFault) -> DueMessages
  /// Keeps a message that cannot be read from being the first in the list.
  func postpone(_ message: UnreadableMessage, to dueAt: Timestamp) throws(StoreFault)
}

/// Trades.
package protocol FillRows {
  func insert(_ fill: FillRecord) throws(StoreFault)
  /// A fill by the name that a venue gave it.
  func fill(_ id: FillID, of broker: String) throws(StoreFault) -> FillRecord?
  /// An account's fills by the name that whichever venue gave them; more than one when two venues
  /// use the same name.
  func fills(_ id: FillID, of account: AccountID) throws(StoreFault) -> [FillRecord]
  /// An account's fills, of one instrument or all, the newest first.
  func fills(
    of account: AccountID, _ instrument: Instrument?, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<FillRecord>
}

/// Orders that wait for a person. (C-65)
package protocol ApprovalRows {
  func insert(_ approval: ApprovalRecord) throws(StoreFault)
  func approval(of order: OrderID) throws(StoreFault) -> ApprovalRecord?
  func save(_ approval: ApprovalRecord) throws(StoreFault)
  /// Orders whose approval is due and not given, those that come after an id.
  func dueApprovals(
    at now: Timestamp, after id: OrderID?, limit: Int
  ) throws(StoreFault) -> [OrderID]
}

extension ReconciliationRows {
  package func gaps(
    of broker: String, in epoch: Int64, limit: Int
  ) throws(StoreFault) -> [EventGap] {
    try gaps(of: broker, in: epoch, foundAfter: nil, limit: limit)
  }

  package func settle(
    _ kind: DivergenceKind, of subject: String, at now: Timestamp
  ) throws(StoreFault) {
    try settle([kind], of: subject, at: now)
  }
}

extension OrderRows {
  package func orderIDs(
    in states: [OrderState], after id: OrderID?, limit: Int
  ) throws(StoreFault) -> [OrderID] {
    try orderIDs(in: states, of: nil, after: id, limit: limit)
  }
}

/// How far we have listened to a venue, and where our books differ from its own.
package protocol ReconciliationRows {
  /// The last event of a venue that is booked here, held by nobody.
  func heard(of broker: String) throws(StoreFault) -> VenueCursor
  /// The same, held exclusively until the transaction ends.
  func cursor(of broker: String) throws(StoreFault) -> VenueCursor
  func save(_ cursor: VenueCursor, of broker: String) throws(StoreFault)
  /// Keeps an event that is not booked; one that is kept already stays as it is.
  func keep(_ event: UnbookedEvent) throws(StoreFault)
  func unbooked(_ event: VenueCursor, of broker: String) throws(StoreFault) -> UnbookedEvent?
  /// Those that are people's, in the order in which the venue told them; what cannot be read is
  /// left out, and has its note.
  func unbooked(of broker: String, limit: Int) throws(StoreFault) -> [UnbookedEvent]
  /// Accounts for which events wait, since somebody held them.
  func waitingAccounts(of broker: String) throws(StoreFault) -> [AccountID]
  /// Events that wait for an account, the first told first.
  func waiting(
    for account: AccountID, of broker: String, limit: Int
  ) throws(StoreFault) -> [UnbookedEvent]
  /// From here on it waits for no account: a person has to see why it is not booked.
  func stopWaiting(_ event: VenueCursor, of broker: String) throws(StoreFault)
  func removeUnbooked(_ event: VenueCursor, of broker: String) throws(StoreFault)
  /// Keeps a fill that a look-up found and that does not fit; the same one again changes nothing.
  func keep(_ found: FoundFill) throws(StoreFault)
  func foundFill(
    _ id: FillID, of order: OrderID, from broker: String
  ) throws(StoreFault) -> FoundFill?
  /// In the order in which they were found.
  func foundFills(of broker: String, limit: Int) throws(StoreFault) -> [FoundFill]
  func removeFound(_ id: FillID, of order: OrderID, from broker: String) throws(StoreFault)
  /// Keeps a gap among the events of a venue. Who changes gaps holds the venue's place.
  func keep(_ gap: EventGap) throws(StoreFault)
  /// The first ones of a journal.
  ///
  /// - Parameter moment: those that were found after it, or nobody knows when; `nil` for all.
  func gaps(
    of broker: String, in epoch: Int64, foundAfter moment: Timestamp?, limit: Int
  ) throws(StoreFault) -> [EventGap]
  /// Gaps that the venue is to be asked for, the longest due first.
  func dueGaps(
    of broker: String, in epoch: Int64, at now: Timestamp, limit: Int
  ) throws(StoreFault) -> [EventGap]
  /// - Returns: false when it is not there as it was read.
  func remove(_ gap: EventGap) throws(StoreFault) -> Bool
  /// Notes a difference; the same one again changes nothing while it is open.
  func note(_ divergence: Divergence) throws(StoreFault)
  func settle(
    _ kinds: [DivergenceKind], of subject: String, at now: Timestamp
  ) throws(StoreFault)
  /// When a difference was settled that was noted once and is none any more.
  func settled(_ kind: DivergenceKind, of subject: String) throws(StoreFault) -> Timestamp?
  func hasOpenDivergence(_ kind: DivergenceKind) throws(StoreFault) -> Bool
  func openDivergence(
    _ kind: DivergenceKind, of subject: String
  ) throws(StoreFault) -> Divergence?
  /// The oldest first.
  func openDivergences(limit: Int) throws(StoreFault) -> [Divergence]
  /// The newest first.
  func divergences(_ page: PageRequest) throws(StoreFault) -> ListPage<Divergence>
  func countOpenDivergences() throws(StoreFault) -> Int
  func append(_ run: ReconciliationRun) throws(StoreFault)
  /// The newest first.
  func runs(_ page: PageRequest) throws(StoreFault) -> ListPage<ReconciliationRun>
}
