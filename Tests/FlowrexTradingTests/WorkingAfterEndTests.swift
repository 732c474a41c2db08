import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// What was held for absent, and works at the venue after all, is said and asked to end, however
/// it ended here. (S04-RES-07)
@Suite(.covers("S04-RES-07"))
struct WorkingAfterEndTests {
  /// An order that the venue has, whose answer is under way, and that a blind look-up did not find.
  private func withOrderProvedAbsent(
    _ body: (Floor, HeldLine, OrderID, _ first: Task<Void, any Error>) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      let request = try floor.request(
        "one", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await desk.place(request).order)
      let first = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(1)
      line.arrive(1)
      while floor.venue.journal.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      line.goBlind()
      floor.clock.advance(.seconds(7))
      _ = try await desk.reconcile(batch: 9)
      #expect(try await floor.order(id)?.order.state == .accepted)
      try await body(floor, line, id, first)
    }
  }

  private func expectAskedToEnd(_ floor: Floor, _ id: OrderID) async throws {
    #expect(
      try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
        "the venue has order \(id), which it had said it does not have"
      ])
    try await floor.desk.deliver(limit: 9)
    #expect(floor.line.said == ["cancel"])
    #expect(try await floor.venue.cancel(id) == .over(.cancelled))
    try await floor.settle()
    let end = floor.clock.now().adding(.day)
    #expect(try await floor.store.transact { try $0.dueMessages(at: end, limit: 9) } == [])
  }

  @Test func `an order that was proved absent and then cancelled`() async throws {
    try await withOrderProvedAbsent { floor, line, id, first in
      #expect(try await floor.desk.cancel(id, of: Floor.account).order.state == .cancelled)
      line.answer(1)
      try await first.value
      try await expectAskedToEnd(floor, id)
      #expect(try await floor.order(id)?.order.state == .cancelled)
    }
  }

  @Test func `an order that was proved absent and then too old to be sent`() async throws {
    try await withOrderProvedAbsent { floor, line, id, first in
      floor.clock.advance(.minute)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .rejected)
      line.answer(1)
      try await first.value
      try await expectAskedToEnd(floor, id)
      #expect(try await floor.order(id)?.order.state == .rejected)
    }
  }

  @Test func `an order that a person has settled twice`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .neither)
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      let request = try floor.request(
        "one", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await desk.place(request).order)
      let first = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(1)
      line.arrive(1)
      while floor.venue.journal.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      floor.clock.advance(.seconds(11))
      try await floor.desk.deliver(limit: 9)
      let record = try await floor.desk.settleAsAbsent(id, of: Floor.account)
      // What is over stays as it is.
      #expect(try await floor.desk.settleAsAbsent(id, of: Floor.account) == record)
      line.answer(1)
      try await first.value
      try await expectAskedToEnd(floor, id)
    }
  }

  @Test func `an order that was traded in part and settled by hand`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let venue = Prompter()
      let desk = try floor.desk(on: venue)
      let id = try #require(try await desk.place(floor.request("one")).order)
      try await desk.deliver(limit: 9)
      func fill(_ number: UInt128) -> VenueEvent.Kind {
        .filled(
          Fill(
            FillID(number), of: id, .buy, Quantity(4, .two), of: .eurUSD, at: Price(11, .one)))
      }
      venue.tell(VenueEvent(sequence: 1, order: id, fill(1)))
      try await desk.listen(limit: 9)
      floor.clock.advance(.minute)
      let record = try await desk.settleAsAbsent(id, of: Floor.account)
      #expect(record.order.state == .cancelled)
      #expect(record.order.filled == Quantity(4, .two))
      #expect(try await floor.account()?.stored.reservations == [])
      venue.tell(VenueEvent(sequence: 2, order: id, fill(2)))
      try await desk.listen(limit: 9)
      #expect(try await floor.order(id)?.order.filled == Quantity(8, .two))
      #expect(
        try await desk.openDivergences(limit: 9).map(\.detail) == [
          "the venue has order \(id), which it had said it does not have"
        ])
      try await desk.deliver(limit: 9)
      #expect(venue.said == ["submit", "cancel"])
      try await expectBooksAgree(store, Floor.account)
    }
  }

  @Test func `room that waits for a late fill is not given back by a person's word`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .idempotent, temper: VenueTemper(lateFills: 1_000))
      let request = try floor.request(
        "one", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_900, .five)))
      let id = try #require(try await floor.desk.place(request).order)
      try await floor.settle()
      floor.market.set(.eurUSD, bid: Price(109_880, .five), ask: Price(109_890, .five))
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.settle()
      let before = try await floor.account()
      #expect(before?.stored.reservations.map(\.order) == [id])
      floor.clock.advance(.seconds(7))
      let record = try await floor.order(id)
      #expect(try await floor.desk.settleAsAbsent(id, of: Floor.account) == record)
      #expect(try await floor.account() == before)
    }
  }
}
