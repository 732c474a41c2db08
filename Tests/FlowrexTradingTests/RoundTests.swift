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
    _ body: (Floor, _ broken: OrderID, _ sound: OrderID) async throws -> Void
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
      #expect(try await floor.desk.expireApprovals(limit: 9) == 1)
      #expect(try await floor.order(waiting)?.order.state == .expired)
      _ = try await floor.desk.reconcile(batch: 9)
    }
  }
}
