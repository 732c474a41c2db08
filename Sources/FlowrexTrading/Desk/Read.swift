package import FlowrexContract
package import FlowrexStore
package import Ledger

/// An order with what a person has to say about it.
package struct OrderView: Hashable, Sendable {
  package let record: OrderRecord
  /// `nil` for an order that nobody has to agree to.
  package let approval: ApprovalRecord?
}

/// Lists are read by pages, the newest first, and hold nothing. Whose account it is the caller has
/// looked at (``Desk/account(_:)``).
extension Desk {
  /// Orders in these states, of all accounts.
  package func openOrders(
    in states: [OrderState]
  ) async throws -> [(id: OrderID, account: AccountID)] {
    try await store.transact { rows in
      try rows.orders(in: states, after: nil, limit: 1_000).map { ($0.order.id, $0.account) }
    }
  }

  /// An account as it is committed: whose it is, and all that decides about its orders.
  ///
  /// - Throws: ``TradingFault/accountUnknown(_:)``.
  package func account(_ id: AccountID) async throws -> AccountRecord {
    try await store.transact { rows in
      guard let record = try rows.view(of: id) else { throw TradingFault.accountUnknown(id) }
      return record
    }
  }

  /// A person's accounts that come after an id, in the order of their ids.
  package func accounts(
    of owner: PersonID, after id: AccountID? = nil, limit: Int
  ) async throws -> [AccountID] {
    try await store.transact { try $0.accounts(of: owner, after: id, limit: limit) }
  }

  /// An account's orders, the newest first. (S04-TRD-05)
  package func orders(
    of account: AccountID, where filter: OrderFilter = OrderFilter(), _ page: PageRequest
  ) async throws -> ListPage<OrderRecord> {
    try await store.transact { try $0.orders(of: account, filter, page) }
  }

  /// One order. (S04-TRD-05)
  ///
  /// - Throws: ``TradingFault/orderUnknown(_:)``, also for another account's.
  package func order(_ id: OrderID, of account: AccountID) async throws -> OrderView {
    try await store.transact { rows in
      try OrderView(record: rows.order(id, of: account), approval: rows.approval(of: id))
    }
  }

  /// What happened to an order, the oldest first. (C-39)
  ///
  /// - Parameter number: events that come after it.
  /// - Throws: ``TradingFault/orderUnknown(_:)``, also for another account's.
  package func events(
    of order: OrderID, of account: AccountID, after number: Int = 0, limit: Int
  ) async throws -> [OrderEventRecord] {
    try await store.transact { rows in
      _ = try rows.order(order, of: account)
      return try rows.events(of: order, after: number, limit: limit)
    }
  }

  /// Orders that wait for a person, the newest first. (C-65)
  package func waitingOrders(
    of account: AccountID, _ page: PageRequest
  ) async throws -> ListPage<OrderView> {
    try await store.transact { rows in
      let waiting = OrderFilter(states: [.awaitingApproval])
      let orders = try rows.orders(of: account, waiting, page)
      var views: [OrderView] = []
      var unreadable = orders.unreadable
      for record in orders.items {
        do throws(StoreFault) {
          let approval = try rows.approval(of: record.order.id)
          views.append(OrderView(record: record, approval: approval))
        } catch {
          // One row hides no other.
          guard case .unreadable = error else { throw error }
          unreadable.append("\(record.order.id): \(error)")
        }
      }
      return ListPage(views, next: orders.next, unreadable: unreadable)
    }
  }

  /// An account's fills, of one instrument or all, the newest first. (S17-MET-03)
  package func fills(
    of account: AccountID, of instrument: Instrument? = nil, _ page: PageRequest
  ) async throws -> ListPage<FillRecord> {
    try await store.transact { try $0.fills(of: account, instrument, page) }
  }

  /// A fill by its name; more than one when two venues use the same name.
  package func fills(named id: FillID, of account: AccountID) async throws -> [FillRecord] {
    try await store.transact { try $0.fills(id, of: account) }
  }

  /// Money that came in or went out, the newest first.
  package func movements(
    of account: AccountID, _ page: PageRequest
  ) async throws -> ListPage<CashMovement> {
    try await store.transact { try $0.movements(of: account, page) }
  }

  /// Profit and loss by day, the newest first; days without a fill are left out. (S04-TRD-11)
  ///
  /// - Parameter day: days before it.
  package func dailyResults(
    of account: AccountID, before day: TradingDay? = nil, limit: Int
  ) async throws -> [DailyResult] {
    try await store.transact { try $0.dailyResults(of: account, before: day, limit: limit) }
  }

  /// Differences that nobody has settled, the newest first. (S03-ARCH-05)
  package func divergences(_ page: PageRequest) async throws -> ListPage<Divergence> {
    try await store.transact { try $0.divergences(page) }
  }

  /// Past comparisons with the venue, the newest first. (S03-ARCH-05)
  package func reconciliations(
    _ page: PageRequest
  ) async throws -> ListPage<ReconciliationRun> {
    try await store.transact { try $0.runs(page) }
  }

  /// The last comparison, and how many differences are open now. (S03-ARCH-05)
  package func reconciliationStatus() async throws -> (last: ReconciliationRun?, open: Int) {
    try await store.transact { rows in
      try (rows.runs(PageRequest(limit: 1)).items.first, rows.countOpenDivergences())
    }
  }
}

extension StoreTransaction {
  /// An order, if it is this account's.
  fileprivate func order(_ id: OrderID, of account: AccountID) throws -> OrderRecord {
    guard let record = try order(id), record.account == account else {
      throw TradingFault.orderUnknown(id)
    }
    return record
  }
}
