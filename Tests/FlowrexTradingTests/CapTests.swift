import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// Caps hold whichever way an account is changed. (S18-HS-10, C-66)
@Suite(.covers("S18-HS-10"))
struct CapTests {
  private func withFloor(
    temper: VenueTemper = .calm, _ body: (Floor) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      try await body(try await Floor(store, temper: temper))
    }
  }

  @Test(.covers("S04-TRD-07"))
  func `money does not leave that carries what is open`() async throws {
    try await withFloor { floor in
      for number in 1...4 {
        _ = try await floor.desk.place(floor.request("long\(number)", .buy, 2))
      }
      try await floor.settle()
      // Eight lots at 1.1001 are 880,080 dollars, ten times 88,008.
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.move(-Amount(20_000), of: Floor.account, named: 2)
      }
      #expect(
        fault?.description
          == "20000.00 USD cannot be withdrawn: open exposure is 880080.00 USD; the equity left "
          + "carries 798920.00 USD")
      #expect(try await floor.account()?.stored.cash == Amount(99_972))
      #expect(try await floor.desk.move(-Amount(5_000), of: Floor.account, named: 2))
    }
  }

  @Test func `an open order is carried, too`() async throws {
    try await withFloor { floor in
      _ = try await floor.desk.place(floor.request("asked", .buy, 2))
      await #expect(throws: TradingFault.self) {
        try await floor.desk.move(-Amount(80_000), of: Floor.account, named: 2)
      }
      #expect(try await floor.desk.move(-Amount(70_000), of: Floor.account, named: 3))
    }
  }

  @Test func `a withdrawal that would halt the account is refused, and all goes when flat`()
    async throws
  {
    try await withFloor { floor in
      _ = try await floor.desk.place(floor.request("long", .buy, 1))
      try await floor.settle()
      floor.market.set(.eurUSD, bid: Price(103_010, .five), ask: Price(103_020, .five))
      // Seven hundredths are lost, and of what is left as well.
      #expect(try await floor.desk.move(-Amount(10_000), of: Floor.account, named: 4))
      #expect(try await floor.desk.guardAccounts() == [])
      floor.market.set(.eurUSD, bid: Price(99_010, .five), ask: Price(99_020, .five))
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.move(-Amount(40_000), of: Floor.account, named: 2)
      }
      #expect(
        fault?.description
          == "40000.00 USD cannot be withdrawn: the account is 5060.09762585 USD below its highest "
          + "value; trading would halt at 4405.65976258 USD")
      floor.market.set(.eurUSD, bid: Price(103_010, .five), ask: Price(103_020, .five))
      _ = try await floor.desk.place(floor.request("flat", .sell, 1))
      try await floor.settle()
      let cash = try #require(try await floor.account()).stored.cash
      #expect(try await floor.desk.move(-cash, of: Floor.account, named: 3))
    }
  }

  @Test func `a guard halts who lost too much, and asks for the end of what is open`() async throws
  {
    try await withFloor { floor in
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      let resting = try floor.request(
        "rests", .buy, 1, of: .eurUSD, .limit(Price(109_900, .five)))
      let id = try #require(try await floor.desk.place(resting).order)
      try await floor.settle()
      #expect(try await floor.desk.guardAccounts() == [])
      floor.market.set(.eurUSD, bid: Price(104_010, .five), ask: Price(104_020, .five))
      let halted = try await floor.desk.guardAccounts()
      #expect(halted.map(\.account) == [Floor.account])
      #expect(
        halted.first?.breaches.map(\.description) == [
          "the account is 12007.00 USD below its highest value; trading halts at 10000.00 USD"
        ])
      #expect(try await floor.account()?.stored.state == .halted)
      #expect(try await floor.desk.guardAccounts() == [])
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .cancelled)
      #expect(
        try await floor.desk.place(floor.request("more")).denial == .tradingHalted)
      try await floor.desk.set(.active, of: Floor.account)
      #expect(try await floor.account()?.stored.state == .active)
    }
  }

  @Test func `a guard asks for the end of what is open, whoever halted the account`()
    async throws
  {
    try await withFloor { floor in
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      let resting = try floor.request(
        "rests", .buy, 1, of: .eurUSD, .limit(Price(109_900, .five)))
      let id = try #require(try await floor.desk.place(resting).order)
      try await floor.settle()
      try await floor.desk.set(.halted, of: Floor.account)
      #expect(try await floor.desk.guardAccounts() == [])
      #expect(try await floor.order(id)?.order.cancelRequested == false)
      floor.market.set(.eurUSD, bid: Price(104_010, .five), ask: Price(104_020, .five))
      #expect(try await floor.desk.guardAccounts() == [])
      #expect(try await floor.order(id)?.order.cancelRequested == true)
    }
  }

  @Test func `an old price is nothing that a day starts at`() async throws {
    try await withFloor { floor in
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      try await floor.settle()
      floor.clock.advance(.day)
      let before = try #require(try await floor.account()).stored
      floor.market.age(.seconds(2))
      #expect(try await floor.desk.guardAccounts() == [])
      #expect(try await floor.account()?.stored == before)
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "account \(Floor.account) cannot be guarded: the last quote of "
            + "\(Instrument.eurUSD.rawValue) is \(Span.seconds(2)) old; "
            + "\(Span.milliseconds(1_500)) is the limit"
        ])
      floor.market.age(.seconds(0))
      #expect(try await floor.desk.guardAccounts() == [])
      let after = try #require(try await floor.account()).stored
      #expect(after.equityDay.number == before.equityDay.number + 1)
      // It can be guarded again.
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
      // While a market is closed nobody has to know that its prices are old.
      floor.market.age(.day)
      floor.market.close()
      #expect(try await floor.desk.guardAccounts() == [])
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
    }
  }

  @Test func `a closed market hides no loss in the others`() async throws {
    try await withFloor { floor in
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      _ = try await floor.desk.place(floor.request("yen", .buy, 1, of: .usdJPY))
      try await floor.settle()
      floor.market.close(.usdJPY)
      floor.clock.advance(.minute)
      #expect(try await floor.desk.guardAccounts() == [])
      floor.market.set(.eurUSD, bid: Price(104_010, .five), ask: Price(104_020, .five))
      #expect(try await floor.desk.guardAccounts().map(\.account) == [Floor.account])
      #expect(try await floor.account()?.stored.state == .halted)
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
    }
  }

  @Test func `an account is opened once, for one person`() async throws {
    try await withFloor { floor in
      try await floor.desk.openAccount(Floor.account, of: Floor.owner)
      #expect(try await floor.account()?.stored.cash == Amount(100_000))
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.openAccount(Floor.account, of: PersonID(0x2))
      }
      #expect(fault?.description == "the account \(Floor.account) is another person's")
    }
  }

  @Test func `one name is one movement of money`() async throws {
    try await withFloor { floor in
      let isNew = try await floor.desk.move(5, of: Floor.account, named: 7)
      #expect(isNew)
      #expect(try await !floor.desk.move(5, of: Floor.account, named: 7))
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.move(6, of: Floor.account, named: 7)
      }
      #expect(fault?.description == "the name was used for another movement of money")
      #expect(try await floor.account()?.stored.cash == Amount(100_005))
    }
  }

  @Test func `a late fill finds its room still reserved`() async throws {
    try await withFloor(temper: VenueTemper(lateFills: 1_000)) { floor in
      let lots: [Quantity] = [2, 2, 2]
      for (number, quantity) in lots.enumerated() {
        _ = try await floor.desk.place(floor.request("long\(number)", .buy, quantity))
      }
      let limit = try floor.request(
        "rests", .buy, 2, of: .eurUSD, .limit(Price(109_900, .five)))
      let id = try #require(try await floor.desk.place(limit).order)
      try await floor.settle()
      floor.market.set(.eurUSD, bid: Price(109_880, .five), ask: Price(109_890, .five))
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .cancelled)
      // Six lots are held and two may still come: two more would be ten, above a million dollars.
      let denied = try await floor.desk.place(floor.request("too-much", .buy, 2))
      #expect(denied.denial == .symbolExposure || denied.denial == .leverage)
      floor.venue.turn()
      try await floor.settle()
      #expect(try await floor.account()?.stored.positions[.eurUSD].quantity == 7)
      #expect(try await floor.account()?.stored.reservations.count == 1)
      // No other is told any more: what is left is given back.
      floor.clock.advance(.seconds(4))
      try await floor.settle()
      #expect(try await floor.account()?.stored.reservations == [])
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test func `an order's room is not given back before the venue was heard to the end`()
    async throws
  {
    try await withFloor { floor in
      let limit = try floor.request(
        "rests", .buy, 2, of: .eurUSD, .limit(Price(109_900, .five)))
      let id = try #require(try await floor.desk.place(limit).order)
      try await floor.settle()
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.settle()
      #expect(try await floor.account()?.stored.reservations.map(\.order) == [id])
      for number in 1...3 { _ = try await floor.desk.place(floor.request("more\(number)")) }
      floor.clock.advance(.seconds(4))
      try await floor.desk.deliver(limit: 9)
      // Six events wait, and one at a time is heard: there may be more.
      _ = try await floor.desk.listen(limit: 1)
      #expect(try await floor.account()?.stored.reservations.contains { $0.order == id } == true)
      try await floor.settle()
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test(.covers("C-65", "S18-EMG-03"))
  func `a client's order is a trade in the desk's mode`() async throws {
    try await withFloor { floor in
      let key = try #require(ClientKey("mine"))
      let answer = try await floor.desk.place(
        ClientOrder(.buy, Quantity(10, .two), of: .eurUSD, .market), of: Floor.account,
        by: Floor.owner, key: key)
      let id = try #require(answer.order)
      let order = try #require(try await floor.order(id)).order
      #expect(order.mode == .guide)
      #expect(order.terms.purpose == .trade)
      // The desk's own names are none that a client can write.
      #expect(ClientKey("!close-1") == nil)
    }
  }

  @Test func `a desk whose times would send orders twice is not made`() async throws {
    try await withFloor { floor in
      var times = DeskTimes()
      times.sendLife = .seconds(3)
      let short = #expect(throws: DeskFault.self) {
        _ = try floor.desk(on: floor.line, times: times)
      }
      #expect(
        short?.description
          == "the venue 'simulated' is waited for 4 s, and what was sent is held for lost after "
          + "4 s: patience must be shorter")
      times = DeskTimes()
      times.lease = .seconds(4)
      let leased = #expect(throws: DeskFault.self) {
        _ = try floor.desk(on: floor.line, times: times)
      }
      #expect(
        leased?.description
          == "the venue 'simulated' is waited for 4 s, and a message is leased for 4 s: "
          + "patience must be shorter")
    }
  }
}
