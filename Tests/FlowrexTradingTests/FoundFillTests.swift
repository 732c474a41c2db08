import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// A trade that a look-up finds and that does not fit is kept whole, and booked when it fits.
/// (S04-TRD-10)
@Suite(.covers("S04-TRD-10"))
struct FoundFillTests {
  /// A venue that finds what a test has it find.
  private struct Finder: Broker {
    let found: @Sendable (OrderID) -> VenueOrder
    var name: String { "finder" }
    var guarantee: SubmitGuarantee { .lookUpAble }
    var clockTolerance: Span { .seconds(1) }
    var patience: Span { .seconds(4) }
    var lateFills: Span { .seconds(2) }

    func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
      .acknowledged
    }
    func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt { .taken }
    func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
      LookUp(of: 1, found(order))
    }
    func events(
      after sequence: Int64, of epoch: Int64, limit: Int
    ) async throws(BrokerFault) -> VenueNews { VenueNews(of: 1, []) }
  }

  @Test func `what does not fit its order is kept, and booked when another trade made room`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let wrong = FillID(1)
      let desk = try floor.desk(
        on: Finder { order in
          // A sale, for an order to buy.
          let fill = Fill(wrong, of: order, .sell, 1, of: .eurUSD, at: Price(11, .one))
          return VenueOrder(order, .working, filled: 1, fills: [fill])
        })
      let id = try #require(try await desk.place(floor.request("one", .buy, 1)).order)
      try await desk.deliver(limit: 9)
      for _ in 1...2 { _ = try await desk.reconcile(batch: 9) }
      let left = try await desk.foundFills(limit: 9)
      #expect(left.map(\.fill.id) == [wrong] && left.map(\.order) == [id])
      #expect(left.first?.fill.side == .sell)
      #expect(try await desk.openDivergences(limit: 9).map(\.kind) == [.fillMissingHere])
      await #expect(throws: TradingFault.misfit(id)) { try await desk.bookAgain(wrong, of: id) }
      #expect(try await desk.foundFills(limit: 9) == left)
      #expect(try await !desk.bookAgain(FillID(2), of: id))
      try await expectBooksAgree(store, Floor.account)
    }
  }

  @Test func `a fill that was found before its order was known to be sent is booked later`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let desk = try floor.desk(
        on: Finder { order in
          let fill = Fill(FillID(1), of: order, .buy, 1, of: .eurUSD, at: Price(11, .one))
          return VenueOrder(order, .working, filled: 1, fills: [fill])
        })
      let id = try #require(try await desk.place(floor.request("one", .buy, 1)).order)
      try await desk.deliver(limit: 9)
      // Kept by an earlier release, before it fitted.
      let fill = Fill(FillID(1), of: id, .buy, 1, of: .eurUSD, at: Price(11, .one))
      let now = floor.clock.now()
      try await store.transact {
        try $0.keep(FoundFill(from: "finder", of: id, fill, foundAt: now))
      }
      #expect(try await desk.bookAgain(FillID(1), of: id))
      #expect(try await floor.order(id)?.order.state == .filled)
      #expect(try await desk.foundFills(limit: 9) == [])
      // Once more from the venue is no second trade.
      _ = try await desk.reconcile(batch: 9)
      try await expectBooksAgree(store, Floor.account)
    }
  }
}
