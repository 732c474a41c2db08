import FlowrexContract
import Ledger
import Risk
import Testing

/// Room is reserved, used and given back to the last digit.
struct AccountTests {
  private func fill(
    _ id: UInt128, of order: UInt128, _ side: Side, _ lots: String, at price: String = "1.25",
    fee: Amount = .zero
  ) throws -> Fill {
    Fill(
      FillID(id), of: OrderID(order), side, try Quantity(text: lots), of: .eurUSD,
      at: try Price(text: price), fee: fee)
  }

  @Test func `a reservation becomes position and turnover, part by part`() throws {
    var desk = try Desk()
    try desk.quote(.eurUSD, "1.25", "1.25001")
    try desk.admit(try buy("0.3"))
    #expect(desk.account.turnoverReserved.description == "37500.3")
    #expect(desk.account.standings[.eurUSD].buys.description == "0.3")
    try desk.account.receive(fill(1, of: 1, .buy, "0.1", fee: 2), at: noon)
    #expect(desk.account.turnover.description == "12500.1")
    #expect(desk.account.turnoverReserved.description == "25000.2")
    #expect(desk.account.standings[.eurUSD].buys.description == "0.2")
    #expect(desk.account.standings[.eurUSD].position.quantity.description == "0.1")
    #expect(desk.account.cash == 999_998)
    try desk.account.receive(fill(2, of: 1, .buy, "0.2"), at: noon)
    #expect(desk.account.turnover.description == "37500.3")
    #expect(desk.account.turnoverReserved == .zero)
    #expect(desk.account.reservations.isEmpty)
  }

  @Test func `what is cancelled is given back once`() throws {
    var desk = try Desk()
    let before = desk.account
    try desk.admit(try sell("0.3"))
    #expect(desk.account.release(OrderID(1))?.quantity.description == "0.3")
    let after = desk.account
    #expect(desk.account.release(OrderID(1)) == nil)
    #expect(desk.account == after)
    #expect(after.standings == before.standings)
    #expect(after.turnoverReserved == .zero)
    // The order was accepted all the same: it stays in the rate.
    #expect(after.rate.accepted == [noon])
  }

  @Test func `a fill after the end is booked without room`() throws {
    var desk = try Desk()
    try desk.admit(try buy("0.3"))
    desk.account.release(OrderID(1))
    try desk.account.receive(fill(1, of: 1, .buy, "0.1"), unreserved: 12_500, at: noon)
    #expect(desk.account.standings[.eurUSD].position.quantity.description == "0.1")
    #expect(desk.account.turnover == 12_500)
  }

  @Test func `what cannot be is refused and changes nothing`() throws {
    var desk = try Desk()
    try desk.admit(try buy("0.3"))
    let before = desk.account
    let one = "00000000-0000-0000-0000-000000000001"
    #expect(
      sentence { try desk.account.receive(fill(1, of: 1, .buy, "0.31"), at: noon) }
        == "order \(one) has 0.3 reserved and cannot take a fill of 0.31")
    #expect(
      sentence {
        _ = try desk.account.admit(
          OrderID(1), buy("0.01"), in: desk.market, desk.policy, desk.control, at: noon)
      } == "order \(one) holds a reservation already")
    #expect(
      sentence {
        _ = try desk.account.readmit(
          OrderID(2), buy("0.01"), in: desk.market, desk.policy, desk.control, at: noon)
      } == "order 00000000-0000-0000-0000-000000000002 holds no reservation")
    #expect(
      sentence {
        try desk.account.receive(
          fill(1, of: 1, .buy, "0.01", at: "92233720368.54775807"), at: noon)
      } == "the result is beyond 92233720368.54775807")
    #expect(desk.account == before)
  }

  @Test func `an approved order is looked at again, and does not stand in its own way`() throws {
    var desk = try Desk()
    for _ in 0..<3 { try desk.trade(.buy, "2", of: .eurUSD) }
    let order = try buy("2")
    let id = desk.newID()
    #expect(
      try desk.account.admit(id, order, in: desk.market, desk.policy, desk.control, at: noon)
        .denial == nil)
    var again = desk.account
    #expect(
      try again.readmit(id, order, in: desk.market, desk.policy, desk.control, at: noon)
        .denial == nil)
    #expect(again == desk.account)
    // The price has moved while it waited: it is denied now and holds nothing.
    try desk.quote(.eurUSD, "1.26")
    let decision = try desk.account.readmit(
      id, order, in: desk.market, desk.policy, desk.control, at: noon)
    #expect(decision.denial?.code == .orderTooLarge)
    #expect(desk.account.reservations.isEmpty)
    #expect(desk.account.turnoverReserved == .zero)
  }

  @Test func `approvals do not count in the rate a second time`() throws {
    var desk = try Desk()
    for _ in 0..<60 { try desk.admit(try buy("0.01")) }
    #expect(
      try desk.account.readmit(
        OrderID(60), buy("0.01"), in: desk.market, desk.policy, desk.control, at: noon
      ).denial == nil)
    #expect(desk.account.rate.accepted.count == 60)
  }

  @Test func `a clock that goes back makes no room`() throws {
    var desk = try Desk()
    for _ in 0..<60 { try desk.admit(try buy("0.01")) }
    desk.now = noon.adding(.seconds(-600))
    // Prices of that clock: those of before would lie ahead of it.
    let quote = try #require(desk.market.quotes[.eurUSD])
    desk.market.quotes[.eurUSD] = Quote(bid: quote.bid, ask: quote.ask, asOf: desk.now)
    #expect(desk.ask(try buy("0.01")).denial?.code == .orderRate)
    // Nor does the day before give back the turnover of today.
    #expect(
      try desk.account.turnoverUsed(at: noon.adding(.seconds(-86_400)))
        == desk.account.turnoverUsed(at: noon))
  }

  @Test func `deposits are neither profit nor loss`() throws {
    var desk = try Desk(cash: 100_000)
    try desk.account.deposit(-90_000)
    desk.account.observe(equity: 10_000, at: noon)
    #expect(desk.account.peak == 10_000)
    #expect(desk.account.dayStart == 10_000)
    #expect(try desk.account.guarded(in: desk.market, .hard, at: noon) == [])
    #expect(throws: ArithmeticFault.overflow) { try desk.account.deposit(.largest) }
    #expect(desk.account.cash == 10_000)
  }

  @Test func `the part that is lost stays the same when money comes and goes`() throws {
    var stored = RiskAccount().stored
    (stored.cash, stored.peak, stored.dayStart) = (100, 100, 100)
    // A tenth is lost, with something open: what it is worth is said.
    stored.positions[.eurUSD] = Position(quantity: 1, cost: 1)
    var account = try RiskAccount(stored)
    try account.deposit(810, worth: 90)
    #expect(account.peak == 1_000)
    try account.deposit(-810, worth: 900)
    #expect(account.peak == 100)
    try account.deposit(-60, worth: 90)
    #expect(try account.peak == Amount(units: 3_333_333_334))
    // Nobody can say: a loss is not made larger than it is.
    try account.deposit(10)
    #expect(try account.peak == Amount(units: 4_333_333_334))
    #expect(account.dayStart == 50)
    // A new highest value that nobody has looked at yet counts.
    try account.deposit(50, worth: 50)
    #expect(account.peak == 100)
    // More than everything is gone: new money is no profit.
    try account.deposit(20, worth: -5)
    #expect(account.peak == 120)
  }

  @Test func `the guard halts an account that lost too much, at the limit and not before`() throws {
    var desk = try Desk(cash: 300_000)
    for _ in 0..<4 { try desk.trade(.buy, "2", of: .eurUSD) }
    try desk.quote(.eurUSD, "1.21251")
    #expect(try desk.account.guarded(in: desk.market, .hard, at: noon) == [])
    try desk.quote(.eurUSD, "1.2125")
    let fall = try desk.account.guarded(in: desk.market, .hard, at: noon)
    #expect(
      fall.map(\.description) == [
        "the account is 30000.00 USD below its highest value; trading halts at 30000.00 USD"
      ])
    #expect(desk.account.state == .halted)
    try desk.quote(.eurUSD, "1.18")
    let both = try desk.account.guarded(in: desk.market, .hard, at: noon)
    #expect(
      both.map(\.description) == [
        "the loss since midnight UTC is 56000.00 USD; trading halts at 50000.00 USD",
        "the account is 56000.00 USD below its highest value; trading halts at 30000.00 USD",
      ])
    // A new day forgets the loss and not the fall; the halt stays until a person lifts it.
    let morning = noon.adding(.seconds(43_200))
    #expect(
      try desk.account.guarded(in: desk.market, .hard, at: morning).map(\.cap) == [.drawdown])
    try desk.quote(.eurUSD, "1.25")
    #expect(try desk.account.guarded(in: desk.market, .hard, at: morning) == [])
    #expect(desk.account.state == .halted)
  }

  @Test func `the first order of a day is where its loss starts, without any guard`() throws {
    var desk = try Desk()
    for _ in 0..<4 { try desk.trade(.buy, "2", of: .eurUSD) }
    desk.now = noon.adding(.seconds(43_200))
    try desk.quote(.eurUSD, "1.22")
    #expect(try desk.admit(buy("0.01")).denial == nil)
    #expect(desk.account.dayStart == 976_000)
    try desk.quote(.eurUSD, "1.1576")
    #expect(desk.ask(try buy("0.01")).denial == nil)
    try desk.quote(.eurUSD, "1.1575")
    #expect(
      desk.ask(try buy("0.01")).denial?.description
        == "the loss since midnight UTC is 50000.00 USD; "
        + "at 50000.00 USD only reductions are accepted")
  }

  @Test func `the use of every cap is told as a part of it`() throws {
    var desk = try Desk(cash: 200_000)
    #expect(try usage(desk) == Self.uses("0", "0", "0", "0", "0", "0", "0", "0"))
    for _ in 0..<2 { try desk.trade(.buy, "2", of: .eurUSD) }
    try desk.admit(try sell("1", of: .usdJPY))
    try desk.quote(.eurUSD, "1.225")
    // 490,000 and 100,000 open, 600,000 turned over, 10,000 of 200,000 lost.
    #expect(
      try usage(desk)
        == Self.uses("0.49", "0.295", "0.12", "0.2", "0.5", "0.31052632", "0.05", "0.005"))
    try desk.tighten { $0.dailyLoss = 0 }
    #expect(try usage(desk)[3] == "daily_loss 1")
  }

  private func usage(_ desk: Desk) throws -> [String] {
    try desk.account.usage(in: desk.market, desk.caps, at: desk.now)
      .map { "\($0.cap.rawValue) \($0.part)" }
  }

  private static func uses(_ parts: String...) -> [String] {
    zip(RiskCapName.allCases.filter { $0 != .orderValue && $0 != .priceDeviation }, parts)
      .map { "\($0.rawValue) \($1)" }
  }

  @Test func `a guard without prices says so and halts nothing`() throws {
    var desk = try Desk()
    try desk.trade(.buy, "1", of: .eurUSD)
    desk.market.quotes[.eurUSD] = nil
    #expect(
      sentence { _ = try desk.account.guarded(in: desk.market, .hard, at: noon) }
        == "EURUSD has no quote yet")
    #expect(desk.account.state == .active)
  }

  @Test func `a stored account comes back as it was`() throws {
    var desk = try Desk()
    for count in 0..<70 {
      desk.now = noon.adding(.seconds(Int32(count * 2)))
      try desk.quote(.eurUSD, "1.25")
      try desk.admit(try count.isMultiple(of: 3) ? sell("0.02") : buy("0.01"))
    }
    try desk.account.receive(fill(1, of: 2, .buy, "0.01"), at: desk.now)
    desk.account.state = .reducing
    let again = try RiskAccount(desk.account.stored)
    #expect(again.stored == desk.account.stored)
    #expect(again.standings == desk.account.standings)
    #expect(again.turnoverReserved == desk.account.turnoverReserved)
    #expect(again.rate.accepted.count == 60)
    for seconds in [Int32(139), 140, 160, 198] {
      let now = noon.adding(.seconds(seconds))
      for limit in [1, 10, 30, 60] {
        #expect(again.rate.isFull(limit, at: now) == desk.account.rate.isFull(limit, at: now))
      }
    }
  }
}
