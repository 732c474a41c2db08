import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// Two venues on one store, or one that got another name: what was sent to the one is nothing that
/// the other is asked about, or believed about. (S04-RES-07, S04-TRD-10)
@Suite(.covers("S04-RES-07", "S04-TRD-10"))
struct OwnVenueTests {
  /// An order that one venue works, and a desk of another venue.
  private func withTwoVenues(
    losing trouble: BadLine.Trouble? = nil,
    _ body: (Floor, _ id: OrderID, _ other: Desk, _ venue: SimulatedVenue) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let venue = SimulatedVenue(
        .lookUpAble, name: "other", market: floor.market, clock: floor.clock, seed: 9)
      let other = try floor.desk(on: venue)
      try await other.listen(limit: 9)
      let request = try floor.request(
        "one", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await floor.desk.place(request).order)
      if let trouble { floor.line.suffer(trouble) }
      try await floor.desk.deliver(limit: 9)
      try await body(floor, id, other, venue)
    }
  }

  @Test func `an order is proved absent by its own venue only, and sent to no other`()
    async throws
  {
    try await withTwoVenues(losing: .answerLost) { floor, id, other, venue in
      for _ in 1...3 {
        floor.clock.advance(.seconds(9))
        _ = try await other.reconcile(batch: 9)
        try await other.deliver(limit: 9)
      }
      #expect(venue.journal == [])
      #expect(try await floor.order(id)?.order.state == .unknown)
      #expect(try await floor.desk.reconcile(batch: 9).settled == 1)
      #expect(try await floor.order(id)?.order.state == .working)
    }
  }

  @Test func `a cancellation is said to the order's own venue`() async throws {
    try await withTwoVenues { floor, id, other, venue in
      _ = try await floor.desk.cancel(id, of: Floor.account)
      floor.clock.advance(.minute)
      #expect(try await other.deliver(.cancel, limit: 9) == 0)
      #expect(venue.journal == [])
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .cancelled)
    }
  }

  @Test func `messages of another venue do not hide one's own`() async throws {
    try await withTwoVenues(losing: .answerLost) { floor, id, other, venue in
      floor.clock.advance(.seconds(1))
      let second = try #require(try await other.place(floor.request("two")).order)
      #expect(try await other.deliver(limit: 1) == 1)
      #expect(try await floor.order(second)?.venue == "other")
      #expect(try await floor.order(id)?.order.state == .unknown)
    }
  }

  @Test func `what another venue tells of an order is for people and kept whole`() async throws {
    try await withTwoVenues { floor, id, _, _ in
      let fill = Fill(
        FillID(1), of: id, .buy, Quantity(10, .two), of: .eurUSD, at: Price(11, .one))
      let stranger = try floor.desk(
        on: Teller(events: [VenueEvent(sequence: 1, order: id, .filled(fill))]))
      #expect(try await stranger.listen(limit: 9) == 1)
      #expect(try await floor.order(id)?.order.state == .working)
      #expect(try await floor.order(id)?.order.filled == .zero)
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "the venue 'teller' tells of order \(id), which was sent to the venue 'simulated'"
        ])
      #expect(try await stranger.unbookedEvents(limit: 9).map(\.fill) == [fill])
      let place = VenueCursor(epoch: 1, sequence: 1)
      await #expect(throws: TradingFault.misfit(id)) { try await stranger.bookAgain(place) }
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }
}
