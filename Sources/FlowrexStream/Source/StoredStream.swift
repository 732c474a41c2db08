import FlowrexContract
package import FlowrexStore
package import Ledger

/// Streams out of the store.
package struct StoredStream: StreamSource {
  private let store: any Store
  /// Seconds since 1970.
  private let now: @Sendable () -> Int64

  package init(_ store: any Store, now: @escaping @Sendable () -> Int64) {
    self.store = store
    self.now = now
  }

  package func accounts(of subject: String) async throws -> [AccountID] {
    // Who has no such name owns no account.
    guard let person = PersonID(text: subject) else { return [] }
    return try await store.transact { try $0.accounts(of: person) }
  }

  package func items(
    of account: AccountID, after number: Int64, limit: Int
  ) async throws -> [StreamItem]? {
    try await store.transact { rows in
      let span = try rows.changeSpan(of: account) ?? ChangeSpan(first: 1, last: 0)
      guard span.reaches(back: number) else { return nil }
      var orders: [OrderID: OrderRecord?] = [:]
      var positions: [Instrument: Position]?
      return try rows.changes(of: account, after: number, limit: limit).map { change in
        let order: OrderRecord?
        if let known = orders[change.order] {
          order = known
        } else {
          order = try Self.readable { () throws(StoreFault) in try rows.order(change.order) }
          orders[change.order] = .some(order)
        }
        switch change.subject {
        case .order(let number):
          let event = try Self.readable { () throws(StoreFault) in
            try number == 0 ? nil : rows.event(number, of: change.order)
          }
          return StreamItem(change, order, event: event)
        case .fill(let id, let broker):
          let fill = try Self.readable { () throws(StoreFault) in
            try rows.fill(id, of: broker)
          }
          let all =
            try positions
            ?? Dictionary(uniqueKeysWithValues: rows.openPositions(of: account))
          positions = all
          return StreamItem(
            change, order, fill: fill, position: fill.map { all[$0.fill.instrument] ?? .flat })
        }
      }
    }
  }

  /// One row that cannot be read does not stop what comes after it.
  private static func readable<Value>(
    _ body: () throws(StoreFault) -> Value?
  ) throws(StoreFault) -> Value? {
    do throws(StoreFault) { return try body() } catch {
      guard case .unreadable = error else { throw error }
      return nil
    }
  }

  package func snapshot(of account: AccountID) async throws -> StreamSnapshot {
    try await store.transact { rows in
      // The number first: what happens meanwhile is in the rows already and comes once more.
      let number = try rows.changeSpan(of: account)?.last ?? 0
      let open = OrderState.allCases.filter { !$0.isFinal }
      let limit = StreamLimits.snapshotOrders
      let orders = try rows.orders(of: account, in: open, limit: limit + 1)
      return StreamSnapshot(
        account, number: number, orders: Array(orders.prefix(limit)),
        areOrdersCut: orders.count > limit, positions: try rows.openPositions(of: account))
    }
  }

  package func look(
    sessions: [String], accounts: [AccountID]
  ) async throws -> StreamLook {
    let now = now()
    return try await store.transact { rows in
      StreamLook(
        live: try rows.liveSessions(among: sessions, now: now),
        last: try rows.lastChanges(of: accounts))
    }
  }
}
