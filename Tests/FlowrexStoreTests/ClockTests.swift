import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// A process whose clock is wrong refuses no order as too old, and proves none lost.
/// (S04-RES-07)
@Suite(.covers("S04-RES-07"))
struct ClockTests {
  /// A desk whose clock differs from the database's by so much.
  private func withDesk(
    ahead span: Span, _ body: (Desk, SimulatedVenue, OrderID) async throws -> Void
  ) async throws {
    try await Backend.postgresql.withStore { store in
      let now = try #require(try await store.transact { try $0.clock() })
      let clock = HandClock(at: now.adding(span))
      let market = HandMarket(clock)
      let venue = SimulatedVenue(.lookUpAble, market: market, clock: clock, seed: 7)
      var times = DeskTimes()
      times.longestSkew = .minute
      let desk = try Desk(
        store: store, broker: venue, market: market, clock: clock, ids: CountingIDs(),
        policy: Floor.policy, mode: .autonomous, times: times)
      try await desk.openAccount(Floor.account, of: Floor.owner)
      _ = try await desk.move(100_000, of: Floor.account, named: 1)
      let key = try #require(ClientKey("one"))
      let order = ClientOrder(.buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109, .two)))
      let id = try #require(
        try await desk.place(order, of: Floor.account, by: Floor.owner, key: key).order)
      try await body(desk, venue, id)
    }
  }

  @Test(arguments: [Int32(120), -120])
  func `a clock that is far away sends nothing and compares nothing`(seconds: Int32) async throws {
    try await withDesk(ahead: .seconds(seconds)) { desk, venue, id in
      for work in ["deliver", "reconcile", "listen"] {
        let fault = await #expect(throws: TradingFault.self, "\(work)") {
          switch work {
          case "deliver": try await desk.deliver(limit: 9)
          case "listen": try await desk.listen(limit: 9)
          default: _ = try await desk.reconcile(batch: 9)
          }
        }
        guard case .clockDiffers(let span, let limit) = fault else {
          Issue.record("\(work): \(String(describing: fault))")
          continue
        }
        #expect(limit == .minute)
        #expect((span > limit) == (seconds > 0))
        #expect(
          fault?.description
            == "our clock differs from the database's by \(span); 60 s is the limit")
      }
      #expect(venue.journal == [])
      let view = try await desk.order(id, of: Floor.account)
      #expect(view.record.order.state == .accepted)
    }
  }

  @Test func `a clock that is near is believed`() async throws {
    try await withDesk(ahead: .seconds(1)) { desk, _, id in
      #expect(try await desk.deliver(limit: 9) == 1)
      _ = try await desk.listen(limit: 9)
      _ = try await desk.reconcile(batch: 9)
      #expect(try await desk.order(id, of: Floor.account).record.order.state == .working)
    }
  }
}
