import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// What people look at is what was decided by. (S04-TRD-09, 11, 12, S03-ARCH-05 … 07)
struct ReadTests {
  @Test func `a portfolio has its positions, what they earned, and what the day came to`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      for (key, side) in [("one", Side.buy), ("two", .buy), ("three", .sell)] {
        _ = try await floor.desk.place(floor.request(key, side))
        try await floor.settle()
      }
      // Bought 0.2 lots at 1.10010, sold 0.1 at 1.10000: 1 dollar lost, and 1.05 paid.
      let desk = floor.desk
      let portfolio = try await desk.portfolio(of: Floor.account)
      #expect(portfolio.owner == Floor.owner)
      #expect(portfolio.cash == Amount(9_999_795, .two))
      let held = try #require(portfolio.positions.first)
      #expect(portfolio.positions.count == 1 && held.instrument == .eurUSD)
      #expect(held.position.quantity == Quantity(10, .two))
      #expect(held.averagePrice == Price(110_010, .five))
      #expect(held.profit == .success(-1))
      #expect(try portfolio.valuation.get().equity == Amount(9_999_695, .two))
      #expect(
        try await desk.dailyResults(of: Floor.account, limit: 9) == [
          DailyResult(HandClock.start.day, realised: -1, fees: Amount(105, .two), fills: 3)
        ])
      try await expectBooksAgree(store, Floor.account)

      floor.clock.advance(.day)
      _ = try await desk.place(floor.request("four", .sell))
      try await floor.settle()
      let days = try await desk.dailyResults(of: Floor.account, limit: 9)
      #expect(days.map(\.fills) == [1, 3])
      let first = try await desk.fills(of: Floor.account, PageRequest(limit: 3))
      #expect(first.items.count == 3 && first.next != nil)
      try await expectBooksAgree(store, Floor.account)
    }
  }

  @Test func `what has no fresh price is not valued, and all else is told`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      _ = try await floor.desk.place(floor.request("one"))
      try await floor.settle()
      floor.market.age(.minute)
      let portfolio = try await floor.desk.portfolio(of: Floor.account)
      let fault = ValuationFault.staleQuote(.eurUSD, .minute, limit: .milliseconds(1_500))
      #expect(portfolio.valuation == .failure(fault))
      #expect(portfolio.positions.map(\.profit) == [.failure(fault)])
      let risk = try await floor.desk.risk(of: Floor.account)
      #expect(risk.usage == .failure(fault) && risk.equity == .failure(fault))
      #expect(risk.effectiveState == .active)
    }
  }

  @Test func `risk is told with the desk's state, and nobody waits for who looks`() async throws {
    var settings = try await PostgresServer.emptyDatabase()
    // The server does not end who holds the account.
    settings.statementTimeout = .seconds(600)
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    do {
      let floor = try await Floor(store)
      _ = try await floor.desk.place(floor.request("one"))
      let (begun, end) = (Gate(), Gate())
      let holder = Task {
        try await store.transact { rows in
          _ = try rows.control(.exclusive)
          _ = try rows.account(Floor.account)
          begun.open()
          end.wait()
        }
      }
      await begun.opened()
      let risk = try await floor.desk.risk(of: Floor.account)
      #expect(!end.isOpen)
      end.open()
      try await holder.value
      let usage = try risk.usage.get()
      #expect(usage.first { $0.cap == .openOrders }?.part == Proportion(5, .three))
      #expect(risk.peak == 100_000)
      _ = try await floor.desk.command(.halt, by: .riskGuard)
      #expect(try await floor.desk.risk(of: Floor.account).effectiveState == .halted)
      await #expect(throws: TradingFault.accountUnknown(AccountID(9))) {
        try await floor.desk.risk(of: AccountID(9))
      }
    }
  }

  @Test func `another account's order is no order`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let desk = floor.desk
      let id = try #require(try await desk.place(floor.request("one", mode: .guide)).order)
      let view = try await desk.order(id, of: Floor.account)
      #expect(view.record.order.state == .awaitingApproval)
      #expect(view.approval?.approval.isPending == true)
      #expect(
        try await desk.waitingOrders(of: Floor.account, PageRequest(limit: 9)) == ListPage([view]))
      await #expect(throws: TradingFault.orderUnknown(id)) {
        try await desk.order(id, of: AccountID(9))
      }
      await #expect(throws: TradingFault.orderUnknown(id)) {
        try await desk.events(of: id, of: AccountID(9), limit: 9)
      }
      _ = try await desk.approve(id, of: Floor.account, by: Floor.owner)
      try await floor.settle()
      let events = try await desk.events(of: id, of: Floor.account, limit: 2)
      #expect(events.map(\.event.kind) == [.approved, .submitted])
      let rest = try await desk.events(of: id, of: Floor.account, after: 2, limit: 9)
      #expect(rest.map(\.event.kind) == [.acknowledged, .filled])
      #expect(
        try await desk.waitingOrders(of: Floor.account, PageRequest(limit: 9)) == ListPage([]))
      #expect(try await desk.accounts(of: Floor.owner, limit: 9) == [Floor.account])
    }
  }

  @Test func `an order that cannot be read hides no other from a page`() async throws {
    let snare = Snare()
    let store = try SQLiteStore(path: nil) { SnaredConnection(inner: $0, snare: snare) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    var ids: [OrderID] = []
    for key in ["one", "two", "three"] {
      ids.append(try #require(try await floor.desk.place(floor.request(key)).order))
      floor.clock.advance(.milliseconds(1))
    }
    snare.rewrite = { sql, row in
      // The life of the second order.
      guard sql.contains("FROM orders"), row.values.first == .text(ids[1].description) else {
        return row
      }
      var values = row.values
      values[8] = .text("for_ever")
      return SQLRow(values)
    }
    let first = try await floor.desk.orders(of: Floor.account, PageRequest(limit: 2))
    #expect(first.items.map(\.order.id) == [ids[2]])
    #expect(first.unreadable == ["\(ids[1]): the column 'orders 9' holds 'for_ever'"])
    let rest = PageRequest(after: first.next, limit: 2)
    let second = try await floor.desk.orders(of: Floor.account, rest)
    #expect(second.items.map(\.order.id) == [ids[0]])
    #expect(second.next == nil)
  }

  @Test func `an approval that cannot be read hides no other`() async throws {
    let snare = Snare()
    let store = try SQLiteStore(path: nil) { SnaredConnection(inner: $0, snare: snare) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    var ids: [OrderID] = []
    for key in ["one", "two"] {
      ids.append(
        try #require(try await floor.desk.place(floor.request(key, mode: .guide)).order))
    }
    snare.fault = { sql, values in
      guard sql.contains("FROM approvals"), values.first == .text(ids[1].description) else {
        return nil
      }
      return .unreadable(column: "approvals 1", value: "nonsense")
    }
    let page = try await floor.desk.waitingOrders(of: Floor.account, PageRequest(limit: 9))
    #expect(page.items.map(\.record.order.id) == [ids[0]])
    #expect(page.unreadable == ["\(ids[1]): the column 'approvals 1' holds 'nonsense'"])
  }

  @Test func `the last comparison is told with what is open`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      #expect(try await floor.desk.reconciliationStatus().last == nil)
      var runs: [ReconciliationRun] = []
      for _ in 1...3 {
        floor.clock.advance(.seconds(1))
        runs.append(try await floor.desk.reconcile(batch: 9))
      }
      #expect(try await floor.desk.reconciliationStatus().last == runs[2])
      let page = try await floor.desk.reconciliations(PageRequest(limit: 2))
      #expect(page.items == [runs[2], runs[1]])
      #expect(try await floor.desk.divergences(PageRequest(limit: 2)) == ListPage([]))
    }
  }
}
