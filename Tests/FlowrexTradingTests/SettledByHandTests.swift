import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// What a person settles is over: not before it can be, and not unseen if it was not so.
/// (S04-RES-07)
@Suite(.covers("S04-RES-07"))
struct SettledByHandTests {
  private func withHeldOrder(
    _ body: (Floor, HeldLine, OrderID, _ first: Task<Void, any Error>) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .neither)
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      let request = try floor.request(
        "one", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await desk.place(request).order)
      let first = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(1)
      try await body(floor, line, id, first)
    }
  }

  @Test func `what may still be taken is not settled`() async throws {
    try await withHeldOrder { floor, line, id, first in
      floor.clock.advance(.seconds(6))
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.settleAsAbsent(id, of: Floor.account)
      }
      #expect(fault?.description == "order \(id) may still be on its way to the venue")
      #expect(try await floor.order(id)?.order.state == .submitted)
      line.arrive(1)
      line.answer(1)
      try await first.value
    }
  }

  @Test func `an acknowledgement of what was settled is for people`() async throws {
    try await withHeldOrder { floor, line, id, first in
      line.arrive(1)
      while floor.venue.journal.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      // Its lease is over: the answer counts as lost.
      floor.clock.advance(.seconds(11))
      try await floor.desk.deliver(limit: 9)
      let record = try await floor.desk.settleAsAbsent(id, of: Floor.account)
      #expect(record.order.state == .cancelled)
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
      line.answer(1)
      try await first.value
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "the venue has order \(id), which it had said it does not have"
        ])
      // What works there although it is over here is asked to end.
      try await floor.desk.deliver(limit: 9)
      #expect(floor.line.said == ["cancel"])
      #expect(try await floor.venue.cancel(id) == .over(.cancelled))
      try await floor.settle()
      let end = floor.clock.now().adding(.day)
      #expect(try await floor.store.transact { try $0.dueMessages(at: end, limit: 9) } == [])
      #expect(try await floor.order(id)?.order.state == .cancelled)
    }
  }

  @Test func `an order that came too late was not rejected and is sent again`() async throws {
    try await withHeldOrder { floor, line, id, first in
      floor.clock.advance(.seconds(6))
      line.arrive(1)
      line.answer(1)
      try await first.value
      #expect(try await floor.order(id)?.order.state == .accepted)
      floor.clock.advance(.seconds(1))
      try await floor.settle()
      #expect(floor.line.said == ["submit"])
      #expect(try await floor.order(id)?.order.state == .working)
    }
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `a cancellation of what was refused unheard ends the order`(
    guarantee: SubmitGuarantee
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, guarantee, temper: VenueTemper(refusals: 1_000))
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      floor.line.suffer(.answerLost)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .unknown)
      _ = try await floor.desk.cancel(id, of: Floor.account)
      for _ in 1...2 {
        floor.clock.advance(.seconds(1))
        try await floor.settle()
      }
      #expect(try await floor.order(id)?.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])
      let end = floor.clock.now().adding(.day)
      #expect(try await store.transact { try $0.dueMessages(at: end, limit: 9) } == [])
    }
  }
}
