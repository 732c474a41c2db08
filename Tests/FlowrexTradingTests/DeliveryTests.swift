import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// What becomes of an order on a bad line: it follows from what the adapter declares.
/// (S04-RES-07, S04-RES-09)
@Suite(.covers("S04-RES-07"))
struct DeliveryTests {
  private func withFloor(
    _ guarantee: SubmitGuarantee, temper: VenueTemper = .calm,
    _ body: (Floor) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      try await body(try await Floor(store, guarantee, temper: temper))
    }
  }

  private func place(_ floor: Floor, _ pricing: Pricing = .market) async throws -> OrderID {
    let request = try floor.request("one", .buy, Quantity(10, .two), of: .eurUSD, pricing)
    return try #require(try await floor.desk.place(request).order)
  }

  private func taken(_ floor: Floor) -> Int {
    floor.venue.journal.count { if case .taken = $0.kind { true } else { false } }
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `a lost answer is no rejection, and the room stays reserved`(
    guarantee: SubmitGuarantee
  ) async throws {
    try await withFloor(guarantee) { floor in
      let id = try await place(floor)
      floor.line.suffer(.answerLost)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .unknown)
      #expect(try await floor.account()?.stored.reservations.count == 1)
      // The venue's own events tell what became of it, whatever the adapter is.
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .filled)
      #expect(taken(floor) == 1)
      #expect(floor.line.said == ["submit"])
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `an idempotent venue is asked again and takes it once`() async throws {
    try await withFloor(.idempotent) { floor in
      let id = try await place(floor)
      floor.line.suffer(.answerLost, .questionLost)
      for _ in 1...3 {
        try await floor.desk.deliver(limit: 9)
        floor.clock.advance(.seconds(1))
      }
      #expect(floor.line.said == ["submit", "submit", "submit"])
      #expect(taken(floor) == 1)
      #expect(try await floor.order(id)?.order.state == .working)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .filled)
    }
  }

  @Test func `a venue that can be asked is asked before anything is sent again`() async throws {
    try await withFloor(.lookUpAble) { floor in
      let id = try await place(floor)
      floor.line.suffer(.questionLost)
      try await floor.desk.deliver(limit: 9)
      floor.clock.advance(.seconds(1))
      // Not there, which proves nothing: the question may still be on its way.
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .unknown)
      floor.clock.advance(.seconds(6))
      // Now the venue would refuse it.
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .accepted)
      floor.clock.advance(.seconds(1))
      try await floor.settle()
      #expect(floor.line.said == ["submit", "look up", "look up", "submit"])
      #expect(taken(floor) == 1)
      #expect(try await floor.order(id)?.order.state == .filled)
      let events = try await floor.store.transact { try $0.events(of: id) }.map(\.event.kind)
      #expect(
        events == [
          .submitted, .answerLost, .provedAbsent, .submitted, .acknowledged, .filled,
        ])
    }
  }

  @Test func `a look-up that finds the order takes over what the venue has`() async throws {
    try await withFloor(.lookUpAble) { floor in
      let id = try await place(floor)
      floor.line.suffer(.answerLost)
      try await floor.desk.deliver(limit: 9)
      floor.clock.advance(.seconds(1))
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .filled)
      // The events tell the same fill once more; it is booked once.
      #expect(try await floor.desk.listen(limit: 9) == 2)
      try await expectBooksAgree(floor.store, Floor.account)
      #expect(try await floor.store.transact { try $0.fills(of: Floor.account) }.count == 1)
    }
  }

  @Test func `where nobody can ask, nothing is sent twice and a person decides`() async throws {
    try await withFloor(.neither) { floor in
      let id = try await place(floor)
      floor.line.suffer(.questionLost)
      for _ in 1...5 {
        try await floor.settle()
        floor.clock.advance(.minute)
      }
      #expect(floor.line.said == ["submit"])
      #expect(try await floor.order(id)?.order.state == .unknown)
      let open = try await floor.desk.openDivergences(limit: 9)
      #expect(open.map(\.kind) == [.orderMissingThere])
      #expect(
        open.first?.detail
          == "the answer to order \(id) was lost, and the venue cannot be asked")
      _ = try await floor.desk.settleAsAbsent(id, of: Floor.account)
      #expect(try await floor.order(id)?.order.state == .cancelled)
      #expect(try await floor.account()?.stored.reservations == [])
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
    }
  }

  @Test func `what was never sent is sent again, for a minute`() async throws {
    try await withFloor(.neither) { floor in
      let id = try await place(floor)
      floor.line.suffer(.notSent, .notSent)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .accepted)
      floor.clock.advance(.seconds(1))
      try await floor.desk.deliver(limit: 9)
      floor.clock.advance(.seconds(59))
      try await floor.desk.deliver(limit: 9)
      #expect(floor.line.said == ["submit", "submit"])
      #expect(try await floor.order(id)?.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test func `a refusal ends the order and gives its room back`() async throws {
    try await withFloor(.idempotent, temper: VenueTemper(refusals: 1_000)) { floor in
      let id = try await place(floor)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])
      #expect(taken(floor) == 0)
    }
  }

  @Test func `a fill that comes after the cancellation is booked`() async throws {
    try await withFloor(.idempotent, temper: VenueTemper(lateFills: 1_000)) { floor in
      let id = try await place(floor, .limit(Price(109_900, .five)))
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .working)
      floor.market.set(.eurUSD, bid: Price(109_880, .five), ask: Price(109_890, .five))
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .cancelled)
      floor.venue.turn()
      try await floor.settle()
      let record = try #require(try await floor.order(id))
      #expect(record.order.state == .cancelled)
      #expect(record.order.filled == Quantity(5, .two))
      let stored = try #require(try await floor.account()).stored
      #expect(stored.positions[.eurUSD].quantity == Quantity(5, .two))
      // It takes its part of the room that was reserved for it.
      #expect(stored.turnover == Amount(55_005, .one))
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `an order that was not sent is cancelled at once and never sent`() async throws {
    try await withFloor(.idempotent) { floor in
      let id = try await place(floor)
      #expect(
        try await floor.desk.cancel(id, of: Floor.account).order.state == .cancelled)
      #expect(try await floor.desk.cancel(id, of: Floor.account).order.state == .cancelled)
      try await floor.settle()
      #expect(floor.line.said == [])
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test func `an event of an order that nobody knows is a divergence and no end`() async throws {
    try await withFloor(.idempotent) { floor in
      let stranger = Submission(
        OrderID(77), of: Floor.account,
        OrderTerms(.buy, 1, of: .eurUSD, .market), goodUntil: floor.clock.now(), epoch: 1)
      _ = try await floor.venue.submit(stranger)
      let id = try await place(floor)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .filled)
      let open = try await floor.desk.openDivergences(limit: 9)
      #expect(open.map(\.kind) == [.orderMissingHere])
      #expect(
        open.first?.detail
          == "the venue tells of order \(OrderID(77)), which is not known here")
    }
  }

  @Test func `what may have come is not sent again when it has become too old`() async throws {
    try await withFloor(.idempotent) { floor in
      let id = try await place(floor)
      floor.line.suffer(.questionLost)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .unknown)
      floor.clock.advance(.minute)
      for _ in 1...3 {
        try await floor.settle()
        floor.clock.advance(.seconds(1))
      }
      // Its end is asked for, and the venue says that it has no such order.
      #expect(floor.line.said == ["submit", "cancel"])
      #expect(try await floor.order(id)?.order.state == .cancelled)
      #expect(taken(floor) == 0)
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test func `a message that is put back is as old as its order`() async throws {
    try await withFloor(.idempotent) { floor in
      let id = try await place(floor)
      floor.line.suffer(.questionLost)
      try await floor.desk.deliver(limit: 9)
      try await floor.store.transact { try $0.remove(id, .submit) }
      floor.clock.advance(.minute)
      _ = try await floor.desk.reconcile(batch: 9)
      try await floor.desk.deliver(limit: 9)
      try await floor.desk.deliver(limit: 9)
      #expect(floor.line.said == ["submit", "cancel"])
      #expect(taken(floor) == 0)
    }
  }

  @Test func `what cannot be sent to a venue that was never heard is refused in time`()
    async throws
  {
    try await withFloor(.neither) { floor in
      let venue = Prompter()
      venue.goAway()
      let desk = try floor.desk(on: venue)
      let id = try await place(floor)
      #expect(try await desk.deliver(limit: 9) == 0)
      floor.clock.advance(.seconds(59))
      #expect(try await desk.deliver(limit: 9) == 0)
      #expect(try await floor.order(id)?.order.state == .accepted)
      floor.clock.advance(.seconds(1))
      #expect(try await desk.deliver(limit: 9) == 0)
      #expect(try await floor.order(id)?.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])
      #expect(venue.said == [])
    }
  }
}
