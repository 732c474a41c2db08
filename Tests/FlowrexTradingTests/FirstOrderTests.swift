import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// An order from the client to the position, on every database.
struct FirstOrderTests {
  @Test(
    .covers("S04-TRD-10"), arguments: Backend.allCases)
  func `an order goes to the venue and becomes a position and cash`(backend: Backend) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      let answer = try await floor.desk.place(floor.request("first"))
      let id = try #require(answer.order)
      #expect(!answer.isReplay)
      #expect(try await floor.order(id)?.order.state == .accepted)

      try await floor.settle()
      let record = try #require(try await floor.order(id))
      #expect(record.order.state == .filled)
      #expect(record.order.filled == Quantity(10, .two))
      let account = try #require(try await floor.account()).stored
      #expect(account.positions[.eurUSD].quantity == Quantity(10, .two))
      // 0.1 lots of 100,000 at 1.10010, and 3.50 dollars a lot.
      #expect(account.positions[.eurUSD].cost == Amount(11_001))
      #expect(account.cash == Amount(9_999_965, .two))
      #expect(account.reservations == [])

      _ = try await floor.desk.place(floor.request("second", .sell))
      try await floor.settle()
      let after = try #require(try await floor.account()).stored
      #expect(after.positions[.eurUSD].isFlat)
      // Bought at 1.10010, sold at 1.10000: 1 dollar, and two fees.
      #expect(after.cash == Amount(9_999_830, .two))
    }
  }

  @Test(arguments: Backend.allCases)
  func `positions are the sum of the fills, by an oracle that folds them`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      for number in 1...6 {
        _ = try await floor.desk.place(
          floor.request("k\(number)", number % 3 == 0 ? .sell : .buy, of: .usdJPY))
      }
      try await floor.settle()
      try await expectBooksAgree(store, Floor.account)
      let stored = try #require(try await floor.account()).stored
      #expect(stored.positions[.usdJPY].quantity == Quantity(20, .two))
    }
  }

  @Test(arguments: Backend.allCases)
  func `everything that happened to an order stands in its history`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      let id = try #require(try await floor.desk.place(floor.request("first")).order)
      floor.clock.advance(.seconds(1))
      try await floor.settle()
      let events = try await store.transact { try $0.events(of: id) }
      #expect(events.map(\.number) == [1, 2, 3])
      #expect(
        events.map(\.event) == [.submitted, .acknowledged, .filled(Quantity(10, .two))])
      #expect(events.allSatisfy { $0.at == HandClock.start.adding(.seconds(1)) })
    }
  }
}
