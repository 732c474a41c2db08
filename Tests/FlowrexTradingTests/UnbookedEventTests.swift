import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// What cannot be booked is kept whole, and booked when a person has mended why. (S04-TRD-10)
@Suite(.covers("S04-TRD-10"))
struct UnbookedEventTests {
  @Test func `an event that was left out is booked again, once`() async throws {
    let fence = Fence(Floor.account)
    let store = try SQLiteStore(path: nil) { FencedConnection(inner: $0, fence: fence) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    let id = try #require(try await floor.desk.place(floor.request("one")).order)
    try await floor.desk.deliver(limit: 9)
    fence.close()
    #expect(try await floor.desk.listen(limit: 9) == 2)
    let venue = floor.venue.name
    let open = try await floor.desk.openDivergences(limit: 9)
    #expect(open.map(\.subject) == ["\(venue)/1/1", "\(venue)/1/2"])
    let left = try await floor.desk.unbookedEvents(limit: 9)
    #expect(left.map(\.place.sequence) == [1, 2])
    #expect(left.map(\.kind) == [.acknowledged, .filled])

    let fill = try #require(left.last).place
    await #expect(throws: StoreFault.self) { try await floor.desk.bookAgain(fill) }
    fence.open()
    for event in left { #expect(try await floor.desk.bookAgain(event.place)) }
    #expect(try await !floor.desk.bookAgain(fill))
    #expect(try await floor.order(id)?.order.state == .filled)
    #expect(try await floor.desk.openDivergences(limit: 9) == [])
    #expect(try await floor.desk.unbookedEvents(limit: 9) == [])
    try await expectBooksAgree(store, Floor.account)
  }

  @Test func `what the venue tells of a strange order is kept, too`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let stranger = Submission(
        OrderID(77), of: Floor.account,
        OrderTerms(.buy, 1, of: .eurUSD, .market), goodUntil: floor.clock.now(), epoch: 1)
      _ = try await floor.venue.submit(stranger)
      #expect(try await floor.desk.listen(limit: 9) == 2)
      let left = try await floor.desk.unbookedEvents(limit: 9)
      #expect(left.map(\.order) == [OrderID(77), OrderID(77)])
      let place = try #require(left.last).place
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.bookAgain(place)
      }
      #expect(fault?.description == "there is no order \(OrderID(77))")
    }
  }

  @Test func `what the venue left out is waited for a minute, and people know at once`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      let fill = Fill(
        FillID(1), of: id, .buy, Quantity(10, .two), of: .eurUSD, at: Price(11, .one),
        conversion: .none)
      let desk = try floor.desk(
        on: Teller(events: [
          VenueEvent(sequence: 3, order: id, .acknowledged),
          VenueEvent(sequence: 4, order: id, .filled(fill)),
        ]))
      try await desk.deliver(limit: 9)
      for wait in [Int32(0), 30, 29] {
        floor.clock.advance(.seconds(wait))
        #expect(try await desk.listen(limit: 9) == 0)
      }
      let sentence = "the venue 'teller' told event 3 and left out what comes after event 0"
      #expect(try await floor.desk.openDivergences(limit: 9).map(\.detail) == [sentence])
      floor.clock.advance(.seconds(1))
      #expect(try await desk.listen(limit: 9) == 2)
      #expect(try await floor.order(id)?.order.state == .filled)
      #expect(try await floor.desk.openDivergences(limit: 9).map(\.detail) == [sentence])
    }
  }

  @Test func `a fill of one order that is told of another is for people, and kept whole`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      let other = Fill(
        FillID(1), of: OrderID(77), .buy, Quantity(10, .two), of: .eurUSD, at: Price(11, .one),
        conversion: .none)
      let desk = try floor.desk(
        on: Teller(events: [VenueEvent(sequence: 1, order: id, .filled(other))]))
      try await desk.deliver(limit: 9)
      #expect(try await desk.listen(limit: 9) == 1)
      #expect(try await floor.order(id)?.order.filled == .zero)
      let sentence = "fill \(FillID(1)) of 0.1 lots does not fit order \(id), which is 'working'"
      #expect(try await floor.desk.openDivergences(limit: 9).map(\.detail) == [sentence])
      let left = try await desk.unbookedEvents(limit: 9)
      #expect(left.map(\.fill) == [other])
      // It fits no better when it is tried again, and stays.
      let place = VenueCursor(epoch: 1, sequence: 1)
      let fault = await #expect(throws: TradingFault.self) { try await desk.bookAgain(place) }
      #expect(fault?.description == "what the venue told of order \(id) does not fit it")
      #expect(try await desk.unbookedEvents(limit: 9) == left)
    }
  }

  @Test func `a fill that fits later is booked again, and nobody has to look at it`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      let fill = Fill(
        FillID(1), of: id, .buy, Quantity(10, .two), of: .eurUSD, at: Price(11, .one),
        conversion: .none)
      let desk = try floor.desk(
        on: Teller(events: [VenueEvent(sequence: 1, order: id, .filled(fill))]))
      // It was not sent yet.
      #expect(try await desk.listen(limit: 9) == 1)
      #expect(try await floor.order(id)?.order.state == .accepted)
      try await desk.deliver(limit: 9)
      #expect(try await desk.bookAgain(VenueCursor(epoch: 1, sequence: 1)))
      #expect(try await floor.order(id)?.order.state == .filled)
      #expect(try await desk.openDivergences(limit: 9) == [])
      #expect(try await desk.unbookedEvents(limit: 9) == [])
      try await expectBooksAgree(store, Floor.account)
    }
  }
}
