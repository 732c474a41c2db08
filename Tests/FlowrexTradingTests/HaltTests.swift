import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// An account that is halted sends nothing, and nothing keeps it from being halted.
/// (S18-HS-10, S18-EMG-03, C-66)
@Suite(.covers("S18-HS-10"))
struct HaltTests {
  private func withFloor(_ body: (Floor, Snare) async throws -> Void) async throws {
    let snare = Snare()
    let store = try SQLiteStore(path: nil) { SnaredConnection(inner: $0, snare: snare) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    try await body(try await Floor(store), snare)
  }

  @Test func `an accepted order of a halted account is refused and not sent`() async throws {
    try await withFloor { floor, _ in
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      try await floor.desk.set(.halted, of: Floor.account)
      try await floor.settle()
      #expect(floor.line.said == [])
      #expect(try await floor.order(id)?.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test func `an accepted order of an account that may only reduce goes if it reduces`()
    async throws
  {
    try await withFloor { floor, _ in
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      try await floor.settle()
      let more = try #require(try await floor.desk.place(floor.request("more", .buy, 1)).order)
      let less = try #require(try await floor.desk.place(floor.request("less", .sell, 1)).order)
      try await floor.desk.set(.reducing, of: Floor.account)
      try await floor.settle()
      #expect(try await floor.order(more)?.order.state == .rejected)
      #expect(try await floor.order(less)?.order.state == .filled)
    }
  }

  @Test func `an order that cannot be read keeps no account from being halted`() async throws {
    try await withFloor { floor, snare in
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      var resting: [OrderID] = []
      for key in ["rests", "rests-too"] {
        let request = try floor.request(
          key, .buy, 1, of: .eurUSD, .limit(Price(109_900, .five)))
        resting.append(try #require(try await floor.desk.place(request).order))
      }
      try await floor.settle()
      floor.market.set(.eurUSD, bid: Price(104_010, .five), ask: Price(104_020, .five))
      let broken = resting[0].description
      snare.fault = { sql, values in
        guard sql.contains("FROM orders"), values.first == .text(broken) else { return nil }
        return .unreadable(column: "orders 1", value: "nonsense")
      }
      #expect(try await floor.desk.guardAccounts().map(\.account) == [Floor.account])
      snare.fault = { _, _ in nil }
      #expect(try await floor.account()?.stored.state == .halted)
      #expect(try await floor.order(resting[1])?.order.cancelRequested == true)
      #expect(try await floor.order(resting[0])?.order.cancelRequested == false)
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "order \(resting[0]) cannot be worked on: the column 'orders 1' holds 'nonsense'"
        ])
      // The next look reaches it.
      #expect(try await floor.desk.guardAccounts() == [])
      #expect(try await floor.order(resting[0])?.order.cancelRequested == true)
    }
  }

  @Test(.covers("S18-EMG-03")) func `a client does not cancel what closes in an emergency`()
    async throws
  {
    try await withFloor { floor, _ in
      _ = try await floor.desk.place(floor.request("long", .buy, 1))
      try await floor.settle()
      let key = try #require(ClientKey("close"))
      let sweep = try await floor.desk.closeAll(key, by: Floor.owner)
      let id = try #require(sweep.answers.first?.order)
      let fault = await #expect(throws: TradingFault.self) {
        try await floor.desk.cancel(id, of: Floor.account)
      }
      #expect(fault?.description == "order \(id) closes in an emergency and is not cancelled")
      #expect(try await floor.order(id)?.order.state == .accepted)
      try await floor.settle()
      #expect(try await floor.account()?.stored.positions[.eurUSD].isFlat == true)
    }
  }

  @Test(.covers("S18-EMG-03")) func `what is not closed is named, with the reason`()
    async throws
  {
    try await withFloor { floor, _ in
      _ = try await floor.desk.place(floor.request("long", .buy, 2))
      _ = try await floor.desk.place(floor.request("yen", .buy, 1, of: .usdJPY))
      try await floor.settle()
      let resting = try #require(
        try await floor.desk.place(
          floor.request("rest", .sell, 2, of: .eurUSD, .limit(Price(111_000, .five)))
        ).order)
      try await floor.settle()
      floor.market.close(.usdJPY)
      let key = try #require(ClientKey("close"))
      let sweep = try await floor.desk.closeAll(key, by: Floor.owner)
      #expect(sweep.answers.map(\.denial) == [.marketClosed])
      let sentence = try #require(sweep.answers.first?.sentence)
      #expect(
        sweep.left == [
          StillOpen(2, of: .eurUSD, in: Floor.account, .awaits([resting])),
          StillOpen(
            1, of: .usdJPY, in: Floor.account, .denied(Refusal(.marketClosed, sentence))),
        ])
    }
  }

  @Test func `a person settles an emergency close that the venue lost`() async throws {
    try await withFloor { floor, _ in
      _ = try await floor.desk.place(floor.request("long", .buy, 1))
      try await floor.settle()
      let key = try #require(ClientKey("close"))
      let id = try #require(
        try await floor.desk.closeAll(key, by: Floor.owner).answers.first?.order)
      floor.line.suffer(.questionLost)
      try await floor.desk.deliver(limit: 9)
      floor.clock.advance(.minute)
      let record = try await floor.desk.settleAsAbsent(id, of: Floor.account)
      #expect(record.order.state == .cancelled)
      #expect(try await floor.desk.closeAll(key, by: Floor.owner).answers.count == 1)
    }
  }

  @Test func `who takes all money out after a loss is not halted for ever`()
    async throws
  {
    try await withFloor { floor, _ in
      _ = try await floor.desk.place(floor.request("long", .buy, 1))
      try await floor.settle()
      floor.market.set(.eurUSD, bid: Price(103_010, .five), ask: Price(103_020, .five))
      _ = try await floor.desk.place(floor.request("flat", .sell, 1))
      try await floor.settle()
      let cash = try #require(try await floor.account()).stored.cash
      #expect(cash < 95_000)
      #expect(try await floor.desk.move(-cash, of: Floor.account, named: 2))
      #expect(try await floor.desk.guardAccounts() == [])
      #expect(try await floor.desk.move(50_000, of: Floor.account, named: 3))
      #expect(try await floor.desk.guardAccounts() == [])
      #expect(try await floor.account()?.stored.peak == 50_000)
    }
  }
}

extension OrderAnswer {
  fileprivate var sentence: String? {
    if case .denied(_, let sentence) = outcome { sentence } else { nil }
  }
}
