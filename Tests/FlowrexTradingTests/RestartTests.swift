import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// A venue may forget: what it lost is for people, and what it does afterwards is heard.
/// (S03-ARCH-05, S04-TRD-10)
@Suite(.covers("S04-TRD-10"))
struct RestartTests {
  private func withWorkingOrder(
    _ guarantee: SubmitGuarantee, _ body: (Floor, OrderID) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, guarantee)
      // A trade that was heard before the restart.
      _ = try await floor.desk.place(floor.request("before"))
      let resting = try floor.request(
        "rests", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await floor.desk.place(resting).order)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .working)
      floor.venue.restart()
      try await body(floor, id)
    }
  }

  @Test func `events and fills of a venue that starts anew are booked`() async throws {
    try await withWorkingOrder(.idempotent) { floor, _ in
      let id = try #require(
        try await floor.desk.place(floor.request("after", .buy, Quantity(7, .two))).order)
      try await floor.settle()
      // It was meant for the journal that was heard until then.
      floor.clock.advance(.seconds(1))
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .filled)
      let fills = try await floor.store.transact { try $0.fills(of: Floor.account) }
      #expect(fills.map(\.fill.quantity) == [Quantity(10, .two), Quantity(7, .two)])
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `what a look-up does not find any more is a divergence, and a person ends it`()
    async throws
  {
    try await withWorkingOrder(.lookUpAble) { floor, id in
      floor.clock.advance(.minute)
      _ = try await floor.desk.reconcile(batch: 9)
      let open = try await floor.desk.openDivergences(limit: 9)
      #expect(
        open.contains {
          $0.kind == .orderMissingThere
            && $0.detail == "order \(id) is 'working' here, and the venue does not know it"
        })
      let record = try await floor.desk.settleAsAbsent(id, of: Floor.account)
      #expect(record.order.state == .cancelled)
      #expect(try await floor.account()?.stored.reservations == [])
      let left = try await floor.desk.openDivergences(limit: 9)
      #expect(!left.contains { $0.subject == id.description })
    }
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `what cannot be cancelled since the venue forgot it is a divergence`(
    guarantee: SubmitGuarantee
  ) async throws {
    try await withWorkingOrder(guarantee) { floor, id in
      floor.clock.advance(.minute)
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.desk.deliver(limit: 9)
      let open = try await floor.desk.openDivergences(limit: 9)
      #expect(open.contains { $0.kind == .orderMissingThere && $0.subject == id.description })
      _ = try await floor.desk.settleAsAbsent(id, of: Floor.account)
      #expect(try await floor.order(id)?.order.state == .cancelled)
      #expect(
        try await floor.store.transact {
          try $0.dueMessages(at: floor.clock.now().adding(.day), limit: 9)
        } == [])
    }
  }
}
