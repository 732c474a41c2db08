import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// One row that cannot be worked on keeps no other waiting. (S18-EMG-02, S04-RES-07)
struct RoundTests {
  private static let broken = AccountID(0x1)

  /// A floor with a second account, whose rows cannot be read any more.
  private func withBrokenAccount(
    _ body: (Floor, _ broken: OrderID, _ sound: OrderID) async throws -> Void,
    whileWhole: (Floor) async throws -> Void = { _ in }
  ) async throws {
    let fence = Fence(Self.broken)
    let store = try SQLiteStore(path: nil) { FencedConnection(inner: $0, fence: fence) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    try await floor.desk.openAccount(Self.broken, of: Floor.owner)
    _ = try await floor.desk.move(100_000, of: Self.broken, named: 2)
    let key = try #require(ClientKey("broken"))
    let first = try await floor.desk.place(
      OrderRequest(
        ClientOrder(.buy, Quantity(10, .two), of: .eurUSD, .market), of: Self.broken,
        by: Floor.owner, key: key, mode: .autonomous))
    let second = try await floor.desk.place(floor.request("sound"))
    try await whileWhole(floor)
    fence.close()
    try await body(floor, try #require(first.order), try #require(second.order))
  }

  @Test func `what cannot be delivered is put off and noted, and the next one goes`()
    async throws
  {
    try await withBrokenAccount { floor, broken, sound in
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(sound)?.order.state == .working)
      #expect(try await floor.order(broken)?.order.state == .accepted)
      let now = floor.clock.now()
      #expect(try await floor.store.transact { try $0.dueMessages(at: now, limit: 9) } == [])
      let open = try await floor.desk.openDivergences(limit: 9)
      #expect(open.map(\.subject) == [broken.description])
      #expect(
        open.first?.detail
          == "order \(broken) cannot be worked on: the column 'accounts 1' holds 'nonsense'")
    }
  }

  @Test(.covers("S18-EMG-02")) func `the stop's cancels reach every order that they can`()
    async throws
  {
    try await withBrokenAccount { floor, broken, sound in
      let sweep = try await floor.desk.cancelOpenOrders()
      #expect(sweep.asked == 1)
      #expect(sweep.failed == [broken])
      #expect(try await floor.order(sound)?.order.state == .cancelled)
    }
  }

  @Test func `reconciling and expiring go on, too`() async throws {
    try await withBrokenAccount { floor, broken, sound in
      floor.line.suffer(.answerLost)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(sound)?.order.state == .unknown)
      let waiting = try #require(
        try await floor.desk.place(floor.request("waits", mode: .guide)).order)
      floor.clock.advance(.seconds(400))
      #expect(try await floor.desk.expireApprovals(batch: 9) == 1)
      #expect(try await floor.order(waiting)?.order.state == .expired)
      _ = try await floor.desk.reconcile(batch: 9)
    }
  }

  /// A floor on whose statements a test may set snares.
  private func withSnare(_ body: (Floor, Snare) async throws -> Void) async throws {
    let snare = Snare()
    let store = try SQLiteStore(path: nil) { SnaredConnection(inner: $0, snare: snare) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    try await body(try await Floor(store), snare)
  }

  @Test func `an order that cannot be read hides no other from the stop and from reconciling`()
    async throws
  {
    try await withSnare { floor, snare in
      let broken = try #require(try await floor.desk.place(floor.request("broken")).order)
      let sound = try #require(try await floor.desk.place(floor.request("sound")).order)
      try await floor.store.transact { try $0.remove(sound, .submit) }
      snare.fault = { sql, values in
        // In a list, or alone.
        let isList = sql.contains("client_key") && sql.contains("state IN")
        let isAlone =
          sql.hasSuffix(" WHERE id = $1") && sql.contains("FROM orders")
          && values.first == .text(broken.description)
        return isList || isAlone ? .unreadable(column: "orders 1", value: "nonsense") : nil
      }
      #expect(try await floor.desk.reconcile(batch: 1).settled == 1)
      let sweep = try await floor.desk.cancelOpenOrders()
      #expect(sweep == CancelSweep(asked: 1, failed: [broken]))
      snare.fault = { _, _ in nil }
      #expect(try await floor.order(sound)?.order.state == .cancelled)
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "order \(broken) cannot be worked on: the column 'orders 1' holds 'nonsense'"
        ])
    }
  }

  @Test func `approvals that cannot be ended keep none behind them waiting`() async throws {
    try await withBrokenAccount { floor, _, _ in
      let waiting = try #require(
        try await floor.desk.place(floor.request("waits", mode: .guide)).order)
      let approval = try await floor.store.transact { try $0.approval(of: waiting) }
      #expect(approval?.approval.isPending == true)
      floor.clock.advance(.seconds(400))
      #expect(try await floor.desk.expireApprovals(batch: 1) == 1)
      #expect(try await floor.order(waiting)?.order.state == .expired)
    } whileWhole: { floor in
      let key = try #require(ClientKey("stuck"))
      let stuck = try await floor.desk.place(
        OrderRequest(
          ClientOrder(.buy, Quantity(10, .two), of: .eurUSD, .market), of: Self.broken,
          by: Floor.owner, key: key, mode: .guide))
      #expect(stuck.order != nil)
    }
  }

  @Test func `what is broken in an account that was held puts off itself only`() async throws {
    try await withSnare { floor, snare in
      let broken = try #require(try await floor.desk.place(floor.request("broken")).order)
      let sound = try #require(try await floor.desk.place(floor.request("sound")).order)
      // Held for the whole batch, and for the account's first turn; each is tried four times.
      var held = 8
      snare.fault = { sql, values in
        if sql.contains("FROM accounts WHERE id"), held > 0 {
          held -= 1
          return .conflict("held")
        }
        guard sql.contains("FROM orders"), values.first == .text(broken.description) else {
          return nil
        }
        return .unreadable(column: "orders 1", value: "nonsense")
      }
      try await floor.desk.deliver(limit: 9)
      snare.fault = { _, _ in nil }
      #expect(held == 0)
      #expect(try await floor.order(sound)?.order.state == .working)
      #expect(try await floor.order(broken)?.order.state == .accepted)
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "order \(broken) cannot be worked on: the column 'orders 1' holds 'nonsense'"
        ])
    }
  }

  @Test func `an account that is held for long does not make its messages wait for longer`()
    async throws
  {
    try await withSnare { floor, snare in
      let resting = try floor.request(
        "rests", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await floor.desk.place(resting).order)
      try await floor.settle()
      _ = try await floor.desk.cancel(id, of: Floor.account)
      snare.fault = { sql, _ in
        sql.contains("FROM accounts WHERE id") ? .conflict("held") : nil
      }
      for _ in 1...10 {
        try await floor.desk.deliver(limit: 9)
        floor.clock.advance(.minute)
      }
      try await floor.desk.deliver(limit: 9)
      snare.fault = { _, _ in nil }
      // Nobody has to know, and it is said at once when the account is free.
      floor.clock.advance(.milliseconds(300))
      #expect(try await floor.desk.deliver(limit: 9) == 1)
      #expect(floor.line.said == ["submit", "cancel"])
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
    }
  }
}
