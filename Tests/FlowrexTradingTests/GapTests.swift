import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// A venue may leave out events and tell them later, or never: what lay in the gap is not lost,
/// and nothing behind it is. (S04-TRD-10)
@Suite(.covers("S04-TRD-10"))
struct GapTests {
  /// An order of 0.1 lots that the venue has taken, and a venue that tells what it is told to.
  private func withOrder(
    _ body: (Floor, Desk, Prompter, OrderID) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let venue = Prompter()
      let desk = try floor.desk(on: venue)
      let id = try #require(try await desk.place(floor.request("one")).order)
      try await desk.deliver(limit: 9)
      try await body(floor, desk, venue, id)
    }
  }

  private func fill(
    _ number: UInt128, of order: OrderID, _ lots: Int32, at price: Price = Price(11, .one)
  ) -> VenueEvent.Kind {
    .filled(
      Fill(FillID(number), of: order, .buy, Quantity(lots, .two), of: .eurUSD, at: price))
  }

  private func event(_ place: Int64, _ id: OrderID, _ kind: VenueEvent.Kind) -> VenueEvent {
    VenueEvent(sequence: place, order: id, kind)
  }

  /// Hears of a gap, and waits until it may be passed.
  private func waitForGap(_ floor: Floor, _ desk: Desk) async throws {
    #expect(try await desk.listen(limit: 9) == 0)
    floor.clock.advance(.minute)
  }

  private func notes(_ desk: Desk) async throws -> [String] {
    try await desk.openDivergences(limit: 9).map(\.detail)
  }

  private static let sentence =
    "the venue 'prompter' told event 3 and left out what comes after event 0"

  @Test func `what cannot be booked right behind a gap is kept whole`() async throws {
    try await withOrder { floor, desk, venue, id in
      venue.tell(event(3, id, fill(1, of: id, 4, at: .largest)), event(4, id, fill(2, of: id, 6)))
      try await waitForGap(floor, desk)
      #expect(try await desk.listen(limit: 9) == 2)
      #expect(try await desk.unbookedEvents(limit: 9).map(\.place.sequence) == [3])
      #expect(
        try await notes(desk) == [
          Self.sentence,
          "event 3 of order \(id) cannot be booked: the result is beyond 92233720368.54775807",
        ])
      #expect(try await floor.order(id)?.order.filled == Quantity(6, .two))
    }
  }

  @Test func `what lay in a gap that was passed is booked when the venue tells it after all`()
    async throws
  {
    try await withOrder { floor, desk, venue, id in
      let late = [event(1, id, .acknowledged), event(2, id, fill(1, of: id, 4))]
      let end = event(3, id, .cancelled)
      venue.tell(end)
      try await waitForGap(floor, desk)
      #expect(try await desk.listen(limit: 9) == 1)
      #expect(try await floor.order(id)?.order.state == .cancelled)
      #expect(try await notes(desk) == [Self.sentence])
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 0)
      venue.tell(late[0], late[1], end)
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 2)
      #expect(try await floor.order(id)?.order.filled == Quantity(4, .two))
      #expect(try await notes(desk) == [])
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 0)
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `a gap may heal in its middle first`() async throws {
    try await withOrder { floor, desk, venue, id in
      let told = [
        event(1, id, fill(1, of: id, 1)), event(2, id, fill(2, of: id, 2)),
        event(3, id, fill(3, of: id, 3, at: .largest)), event(4, id, fill(4, of: id, 4)),
      ]
      venue.tell(told[3])
      try await waitForGap(floor, desk)
      #expect(try await desk.listen(limit: 9) == 1)
      let sentence = "the venue 'prompter' told event 4 and left out what comes after event 0"
      venue.tell(told[1], told[3])
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 1)
      #expect(try await floor.order(id)?.order.filled == Quantity(6, .two))
      #expect(try await notes(desk) == [sentence])
      venue.tell(told[0], told[1], told[2], told[3])
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 2)
      #expect(try await floor.order(id)?.order.filled == Quantity(7, .two))
      // The last of it cannot be booked, and is kept as any other.
      #expect(try await desk.unbookedEvents(limit: 9).map(\.place.sequence) == [3])
      #expect(
        try await notes(desk) == [
          "event 3 of order \(id) cannot be booked: the result is beyond 92233720368.54775807"
        ])
    }
  }

  @Test func `a gap that heals in its minute is no difference any more`() async throws {
    try await withOrder { floor, desk, venue, id in
      let told = [event(1, id, .acknowledged), event(2, id, fill(1, of: id, 4))]
      venue.tell(told[1])
      let heard = try await desk.listen(limit: 9)
      #expect(heard == 0)
      #expect(
        try await notes(desk) == [
          "the venue 'prompter' told event 2 and left out what comes after event 0"
        ])
      venue.tell(told[0], told[1])
      #expect(try await desk.listen(limit: 9) == 2)
      #expect(try await notes(desk) == [])
    }
  }

  @Test func `a gap in one journal is not filled from another`() async throws {
    try await withOrder { floor, desk, venue, id in
      venue.tell(event(3, id, fill(1, of: id, 4)))
      try await waitForGap(floor, desk)
      #expect(try await desk.listen(limit: 9) == 1)
      venue.restart()
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 0)
      venue.tell(event(1, id, fill(2, of: id, 1)), event(2, id, fill(3, of: id, 1)))
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 2)
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 0)
      #expect(try await floor.order(id)?.order.filled == Quantity(6, .two))
      #expect(try await notes(desk).contains(Self.sentence))
    }
  }

  @Test func `room is not given back while a fill may lie in a gap`() async throws {
    try await withOrder { floor, desk, venue, id in
      venue.tell(event(3, id, .cancelled))
      try await waitForGap(floor, desk)
      #expect(try await desk.listen(limit: 9) == 1)
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 0)
      #expect(try await floor.account()?.stored.reservations.map(\.order) == [id])
      // A person has found out that nothing lay in it.
      for note in try await desk.openDivergences(limit: 9) { try await desk.settle(note) }
      floor.clock.advance(.minute)
      for _ in 1...2 { #expect(try await desk.listen(limit: 9) == 0) }
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test func `an order that is over at the venue and never ended here is for people`()
    async throws
  {
    try await withOrder { floor, desk, venue, id in
      venue.answerCancels(.over(.filled))
      _ = try await desk.cancel(id, of: Floor.account)
      try await desk.deliver(limit: 9)
      #expect(try await notes(desk) == [])
      floor.clock.advance(.minute)
      try await desk.deliver(limit: 9)
      #expect(
        try await notes(desk) == [
          "order \(id) is 'working' here and over ('filled') at the venue, which has not told how"
        ])
      venue.tell(event(1, id, fill(1, of: id, 10)))
      #expect(try await desk.listen(limit: 9) == 1)
      #expect(try await notes(desk) == [])
      let end = floor.clock.now().adding(.day)
      #expect(try await floor.store.transact { try $0.dueMessages(at: end, limit: 9) } == [])
    }
  }

  @Test func `each restart of a venue is a note of its own`() async throws {
    try await withOrder { _, desk, venue, _ in
      for _ in 1...2 {
        venue.restart()
        let heard = try await desk.listen(limit: 9)
        #expect(heard == 0)
      }
      #expect(
        try await desk.openDivergences(limit: 9).map(\.kind)
          == [.journalBeganAnew, .journalBeganAnew])
    }
  }

  @Test func `room is given back by the silence of its own venue only`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let resting = try floor.request(
        "rests", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await floor.desk.place(resting).order)
      try await floor.settle()
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.settle()
      floor.clock.advance(.seconds(9))
      let other = try floor.desk(on: Prompter())
      for _ in 1...2 { #expect(try await other.listen(limit: 9) == 0) }
      #expect(try await floor.account()?.stored.reservations.map(\.order) == [id])
      #expect(try await floor.desk.listen(limit: 9) == 0)
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }
}
