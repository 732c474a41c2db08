import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// Orders that wait for a person, and the emergency stop. (C-65, S18-EMG-02, 03, 06)
struct GuideTests {
  private static let trader = PersonID(0x2)
  private static let (first, second) = (PersonID(0x10), PersonID(0x11))

  private func withFloor(
    on backend: Backend = .sqliteInMemory, _ body: (Floor) async throws -> Void
  ) async throws {
    try await backend.withStore { try await body(try await Floor($0)) }
  }

  private func waiting(_ floor: Floor) async throws -> OrderID {
    let answer = try await floor.desk.place(floor.request("asked", mode: .guide))
    return try #require(answer.order)
  }

  @Test(.covers("C-65", "S17-INT-04"), arguments: Backend.allCases)
  func `an order waits, is approved by a person and goes`(backend: Backend) async throws {
    try await withFloor(on: backend) { floor in
      let id = try await waiting(floor)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .awaitingApproval)
      #expect(floor.line.said == [])
      let denial = try await floor.desk.approve(id, of: Floor.account, by: Self.trader).denial
      #expect(denial == nil)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .filled)
      // Somebody else comes too late.
      await #expect(throws: TradingFault.self) {
        try await floor.desk.approve(id, of: Floor.account, by: Self.first)
      }
    }
  }

  @Test(.covers("C-65", "S04-RES-07"), arguments: Backend.allCases)
  func `the same decision of the same person gets the same answer`(
    backend: Backend
  ) async throws {
    try await withFloor(on: backend) { floor in
      let id = try await waiting(floor)
      let first = try await floor.desk.approve(id, of: Floor.account, by: Self.trader)
      let again = try await floor.desk.approve(id, of: Floor.account, by: Self.trader)
      #expect(again == first)
      await #expect(throws: TradingFault.self) {
        try await floor.desk.reject(id, of: Floor.account, by: Self.trader)
      }
      let second = try await floor.desk.place(floor.request("second", mode: .guide))
      let other = try #require(second.order)
      let rejected = try await floor.desk.reject(other, of: Floor.account, by: Self.trader)
      #expect(
        try await floor.desk.reject(other, of: Floor.account, by: Self.trader) == rejected)
    }
  }

  @Test(.covers("C-65", "S04-RES-07"), arguments: Backend.allCases)
  func `a denial at the second look is told again in the same words`(
    backend: Backend
  ) async throws {
    try await withFloor(on: backend) { floor in
      let id = try await waiting(floor)
      _ = try await floor.desk.command(.halt, by: .person(Self.first))
      let first = try await floor.desk.approve(id, of: Floor.account, by: Self.trader)
      _ = try await floor.desk.command(.activate, by: .person(Self.first))
      let again = try await floor.desk.approve(id, of: Floor.account, by: Self.trader)
      #expect(again == first)
      #expect(again.denial?.code == .tradingHalted)
    }
  }

  @Test(.covers("C-65"), arguments: Backend.allCases)
  func `an order that nobody decides about expires and gives its room back`(
    backend: Backend
  ) async throws {
    try await withFloor(on: backend) { floor in
      let id = try await waiting(floor)
      floor.clock.advance(.seconds(299))
      #expect(try await floor.desk.expireApprovals(batch: 9) == 0)
      floor.clock.advance(.seconds(1))
      // Nobody can approve any more, whether or not a worker has noted the end.
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.approve(id, of: Floor.account, by: Self.trader)
      }
      #expect(fault?.description == "the approval of order \(id) expired 0 s ago")
      #expect(try await floor.account()?.stored.reservations.count == 1)
      #expect(try await floor.desk.expireApprovals(batch: 9) == 1)
      #expect(try await floor.desk.expireApprovals(batch: 9) == 0)
      #expect(try await floor.order(id)?.order.state == .expired)
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test(.covers("C-65")) func `a person ends an order that waits`() async throws {
    try await withFloor { floor in
      let id = try await waiting(floor)
      let record = try await floor.desk.reject(id, of: Floor.account, by: Self.trader)
      #expect(record.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])
      let other = try await floor.desk.place(floor.request("second", mode: .guide)).order
      let cancelled = try #require(other)
      _ = try await floor.desk.cancel(cancelled, of: Floor.account)
      #expect(try await floor.order(cancelled)?.order.state == .cancelled)
      floor.clock.advance(.day)
      #expect(try await floor.desk.expireApprovals(batch: 9) == 0)
    }
  }

  @Test(.covers("C-65", "S18-HS-10")) func `risk looks again when a person approves`() async throws
  {
    try await withFloor { floor in
      let id = try await waiting(floor)
      _ = try await floor.desk.command(.halt, by: .person(Self.first))
      let answer = try await floor.desk.approve(id, of: Floor.account, by: Self.trader)
      #expect(answer.denial?.code == .tradingHalted)
      #expect(answer.order.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test(.covers("S18-EMG-02"), arguments: Backend.allCases)
  func `after the stop nothing is accepted, and what was accepted is not sent`(
    backend: Backend
  ) async throws {
    try await withFloor(on: backend) { floor in
      let id = try #require(try await floor.desk.place(floor.request("before")).order)
      _ = try await floor.desk.command(.engage, by: .person(Self.first))
      let denied = try await floor.desk.place(floor.request("after"))
      #expect(
        denied.outcome
          == .denied(
            .killSwitch, sentence: "the emergency stop is on: only an emergency close is accepted"))
      try await floor.settle()
      #expect(floor.line.said == [])
      #expect(try await floor.order(id)?.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])

      _ = try await floor.desk.command(.proposeRelease, by: .person(Self.first))
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.command(.confirmRelease, by: .person(Self.first))
      }
      #expect(
        fault?.description
          == "person \(Self.first) proposed the release; another person has to confirm it")
      _ = try await floor.desk.command(.confirmRelease, by: .person(Self.second))
      #expect(try await floor.desk.control() == TradingControl(state: .halted))
    }
  }

  @Test(.covers("S18-EMG-03"))
  func `while only reductions are allowed, nothing else that was accepted is sent`() async throws {
    try await withFloor(on: .sqliteInMemory) { floor in
      _ = try await floor.desk.place(floor.request("long", .buy, 1))
      try await floor.settle()
      let more = try #require(try await floor.desk.place(floor.request("more", .buy, 1)).order)
      let less = try #require(try await floor.desk.place(floor.request("less", .sell, 1)).order)
      _ = try await floor.desk.command(.reduce, by: .person(Self.first))
      try await floor.settle()
      #expect(try await floor.order(more)?.order.state == .rejected)
      #expect(try await floor.order(less)?.order.state == .filled)
      #expect(try await floor.account()?.stored.positions[.eurUSD].isFlat == true)
    }
  }

  @Test(.covers("S18-EMG-02", "S18-EMG-03"), arguments: Backend.allCases)
  func `all is closed while all is stopped, and once for one command`(
    backend: Backend
  ) async throws {
    try await withFloor(on: backend) { floor in
      for number in 1...3 {
        _ = try await floor.desk.place(floor.request("long\(number)", .buy, 2))
      }
      let resting = try #require(
        try await floor.desk.place(
          floor.request("rest", .sell, 1, of: .eurUSD, .limit(Price(111_000, .five)))
        ).order)
      try await floor.settle()
      _ = try await floor.desk.command(.engage, by: .person(Self.first))
      #expect(try await floor.desk.cancelOpenOrders() == CancelSweep(asked: 1))
      try await floor.settle()
      #expect(try await floor.order(resting)?.order.state == .cancelled)
      // Six lots are worth 660,060 dollars: three orders, none above its cap.
      let key = try #require(ClientKey("close-1"))
      let answers = try await floor.desk.closeAll(key, by: Self.first).answers
      #expect(answers.count == 3)
      #expect(answers.allSatisfy { $0.order != nil })
      // Everything is being closed already.
      let again = try await floor.desk.closeAll(key, by: Self.first)
      #expect(again.answers == [] && again.failed == [])
      #expect(again.left.map(\.quantity) == [6])
      let closing: [OrderID] = answers.compactMap(\.order)
      #expect(again.left.map(\.reason) == [.awaits([resting] + closing)])
      try await floor.settle()
      // A late fill of the cancelled sale would have made the account short.
      #expect(try await floor.account()?.stored.positions[.eurUSD].quantity == 1)
      floor.clock.advance(.seconds(4))
      try await floor.settle()
      #expect(try await floor.desk.closeAll(key, by: Self.first).answers.count == 1)
      try await floor.settle()
      let stored = try #require(try await floor.account()).stored
      #expect(stored.positions[.eurUSD].isFlat)
      try await expectBooksAgree(floor.store, Floor.account)
    }
  }

  @Test(.covers("S18-EMG-03"), arguments: Backend.allCases)
  func `an emergency close finds no client's key in its way, and is denied for this moment only`(
    backend: Backend
  ) async throws {
    try await withFloor(on: backend) { floor in
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      try await floor.settle()
      // A client's own names, chosen to stand in the way.
      for number in 0...3 {
        _ = try await floor.desk.place(
          floor.request("close-1:EURUSD:\(number)", .buy, 1))
      }
      let resting = try #require(
        try await floor.desk.place(
          floor.request("rest", .sell, 1, of: .eurUSD, .limit(Price(111_000, .five)))
        ).order)
      try await floor.settle()
      _ = try await floor.desk.command(.engage, by: .person(Self.first))
      let key = try #require(ClientKey("close-1"))
      _ = try await floor.desk.closeAll(key, by: Self.first)
      try await floor.settle()
      // The resting sale held the room to close its part.
      #expect(try await floor.account()?.stored.positions[.eurUSD].quantity == 1)
      _ = try await floor.desk.cancel(resting, of: Floor.account)
      try await floor.settle()
      floor.clock.advance(.seconds(30))
      try await floor.settle()
      _ = try await floor.desk.closeAll(key, by: Self.first)
      try await floor.settle()
      #expect(try await floor.account()?.stored.positions[.eurUSD].isFlat == true)
    }
  }

  @Test func `money that goes out is there, and moves once`() async throws {
    try await withFloor { floor in
      let isBookedAgain = try await floor.desk.move(100_000, of: Floor.account, named: 1)
      #expect(!isBookedAgain)
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.move(-Amount(100_001), of: Floor.account, named: 2)
      }
      #expect(
        fault?.description
          == "100001.00 USD cannot be withdrawn: there are 100000.00 USD")
      #expect(try await floor.desk.move(-Amount(40_000), of: Floor.account, named: 2))
      #expect(try await floor.account()?.stored.cash == Amount(60_000))
      let unknown = AccountID(0xB)
      await #expect(throws: TradingFault.accountUnknown(unknown)) {
        try await floor.desk.move(1, of: unknown, named: 3)
      }
    }
  }
}
