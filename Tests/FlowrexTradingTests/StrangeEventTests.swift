import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// A venue may tell what cannot be: it becomes a divergence, and the rest is heard.
struct StrangeEventTests {
  private static func fill(
    _ number: UInt128, of order: OrderID, _ quantity: Quantity, at price: Price,
    conversion: Conversion = .none
  ) -> VenueEvent.Kind {
    .filled(
      Fill(
        FillID(number), of: order, .buy, quantity, of: .eurUSD, at: price, conversion: conversion))
  }

  /// Places one order of 0.1 lots and tells what `events` says of it.
  private func hear(
    _ events: (OrderID) -> [VenueEvent.Kind], _ body: (Floor, OrderID) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      let told = events(id).enumerated().map { index, kind in
        VenueEvent(sequence: Int64(index) + 1, order: id, kind)
      }
      let desk = try floor.desk(on: Teller(events: told))
      try await desk.deliver(limit: 9)
      #expect(try await desk.listen(limit: 99) == told.count)
      try await body(floor, id)
    }
  }

  private func divergences(_ floor: Floor) async throws -> [String] {
    try await floor.desk.openDivergences(limit: 9).map(\.detail)
  }

  @Test func `the same fill twice is one`() async throws {
    let part = Quantity(4, .two)
    try await hear { id in
      [
        Self.fill(1, of: id, part, at: Price(11, .one)),
        Self.fill(1, of: id, part, at: Price(11, .one)),
        Self.fill(2, of: id, part, at: Price(11, .one)),
      ]
    } _: { floor, id in
      let record = try await floor.order(id)
      #expect(record?.order.filled == Quantity(8, .two))
      #expect(record?.order.state == .partiallyFilled)
      #expect(try await divergences(floor) == [])
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `a fill of more than was ordered is for people`() async throws {
    try await hear { id in
      [
        Self.fill(1, of: id, Quantity(11, .two), at: Price(11, .one)),
        Self.fill(2, of: id, Quantity(10, .two), at: Price(11, .one)),
      ]
    } _: { floor, id in
      let record = try await floor.order(id)
      #expect(record?.order.state == .filled)
      #expect(
        try await divergences(floor) == [
          "fill \(FillID(1)) of 0.11 lots does not fit order \(id), which is 'working'"
        ])
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `what cannot be computed is set aside, and the next event is heard`() async throws {
    try await hear { id in
      [
        Self.fill(1, of: id, Quantity(10, .two), at: .largest),
        Self.fill(2, of: id, Quantity(10, .two), at: Price(11, .one)),
      ]
    } _: { floor, id in
      let record = try await floor.order(id)
      #expect(record?.order.state == .filled)
      #expect(
        try await divergences(floor) == [
          "event 1 of order \(id) cannot be booked: the result is beyond 92233720368.54775807"
        ])
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `two events of one order that cannot be booked are two divergences`() async throws {
    try await hear { id in
      [
        Self.fill(1, of: id, Quantity(5, .two), at: .largest),
        Self.fill(2, of: id, Quantity(5, .two), at: .largest),
      ]
    } _: { floor, id in
      let found = try await divergences(floor)
      #expect(
        found == [
          "event 1 of order \(id) cannot be booked: the result is beyond 92233720368.54775807",
          "event 2 of order \(id) cannot be booked: the result is beyond 92233720368.54775807",
        ])
    }
  }

  @Test func `an event about an order that was never sent keeps it from nothing`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      let desk = try floor.desk(
        on: Teller(events: [VenueEvent(sequence: 1, order: id, .acknowledged)]))
      #expect(try await desk.listen(limit: 9) == 1)
      #expect(
        try await divergences(floor) == [
          "order \(id) is 'accepted' here and 'working' there"
        ])
      try await floor.settle()
      #expect(floor.line.said == ["submit"])
      #expect(try await floor.order(id)?.order.state == .filled)
    }
  }

  @Test func `the same name with other contents is another fill's, and for people`()
    async throws
  {
    let part = Quantity(4, .two)
    try await hear { id in
      [
        Self.fill(1, of: id, part, at: Price(11, .one)),
        Self.fill(1, of: id, part, at: Price(12, .one)),
      ]
    } _: { floor, id in
      let record = try await floor.order(id)
      #expect(record?.order.filled == part)
      #expect(
        try await divergences(floor) == [
          "fill \(FillID(1)) of order \(id) was booked with other contents"
        ])
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `a rejection of what was traded changes nothing`() async throws {
    try await hear { id in
      [Self.fill(1, of: id, Quantity(4, .two), at: Price(11, .one)), .rejected, .cancelled]
    } _: { floor, id in
      let record = try await floor.order(id)
      #expect(record?.order.state == .cancelled)
      #expect(record?.order.filled == Quantity(4, .two))
      #expect(
        try await divergences(floor) == [
          "order \(id) is 'partially_filled' here and 'rejected' there"
        ])
      // Its room is held while a late fill may still be told.
      let reservations = try #require(try await floor.account()).stored.reservations
      #expect(reservations.map { $0.lingersUntil != nil } == [true])
    }
  }
}
