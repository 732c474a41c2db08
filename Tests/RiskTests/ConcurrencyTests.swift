import FlowrexContract
import Ledger
import Risk
import Testing

/// However many orders come at once, no cap is exceeded at any instant. (S18-HS-10, goal R-8)
///
/// A release build sends the 1,000,000 orders of the page; a debug build, which is thirty times
/// slower, sends 40,000.
struct ConcurrencyTests {
  private static let total = budget(debug: 40_000, release: 1_000_000)
  private static let clients = 8

  @Test func `orders of many clients at once exceed no cap at any instant`() async throws {
    let floor = try Floor()
    try await withThrowingTaskGroup { group in
      for client in 0..<Self.clients {
        group.addTask { try await Self.trade(on: floor, client) }
      }
      try await group.waitForAll()
    }
    let result = await floor.result()
    #expect(result.excesses == [:])
    #expect(result.orders == Self.total)
    #expect(result.differences == [])
    // The caps were really reached, each of them, and orders really went through.
    let reached: [DenialCode] = [
      .orderTooLarge, .symbolExposure, .openExposure, .dailyTurnover, .leverage, .orderRate,
      .openOrders, .killSwitch,
    ]
    for code in reached { #expect(result.denials[code, default: 0] > 10, "\(code)") }
    #expect(result.accepted > Self.total / 50)
  }

  private static func trade(on floor: Floor, _ client: Int) async throws {
    var random = Generator(seed: UInt64(client) + 1)
    var open: [(account: Int, id: OrderID, lots: Int)] = []
    for number in 0..<total / clients {
      let account = random.chance(2) ? Floor.busy : random.number(0...Floor.count - 1)
      let id = OrderID(UInt128(client) << 64 | UInt128(number))
      let order = random.order(for: account)
      if try await floor.place(id, order, account, wait: random.wait()) {
        open.append((account, id, Int(order.quantity.units / 1_000_000)))
      }
      // Fills and ends come later, in any order, and between the orders of the others.
      while open.count > 150 || random.chance(3), !open.isEmpty {
        let place = random.number(0...open.count - 1)
        if open[place].account == Floor.patient, open.count <= 150 { break }
        let part = random.number(0...open[place].lots)
        let isOver = try await floor.answer(
          open[place].account, open[place].id, part, ends: part == 0 || random.chance(2))
        open[place].lots -= part
        if isOver { open.swapAt(place, open.count - 1) }
        if isOver { open.removeLast() }
      }
      if random.chance(5_000) { try await floor.stop(forOrders: 20) }
    }
  }

  /// The auditor itself can say no: the same engine, asked sixteen times before anything is
  /// reserved, lets far too much through.
  @Test func `checking and reserving apart would exceed the caps, and it would be seen`() throws {
    var desk = try Desk()
    var auditor = Auditor(equity: 1_000_000)
    var random = Generator(seed: 3)
    for round in 0..<40 {
      desk.now = noon.adding(.seconds(Int32(round * 90)))
      for instrument in Instrument.allCases {
        try desk.quote(instrument, Desk.price(of: instrument))
      }
      for _ in 0..<16 {
        let (order, id) = (random.order(), desk.newID())
        if desk.ask(order).denial == nil { auditor.accept(id, order, at: desk.now) }
      }
    }
    #expect(auditor.excesses["symbol_exposure", default: 0] > 0)
    #expect(auditor.excesses["open_exposure", default: 0] > 0)
  }
}

/// A trading floor in memory: one owner of the accounts, as a transaction is in the service.
private actor Floor {
  static let count = 6
  /// Buys, in every instrument.
  static let wide = 0
  /// Buys, in one instrument.
  static let narrow = 2
  /// Gets half of all orders, small ones.
  static let busy = 3
  /// Has small orders that stay open for long.
  static let patient = 4
  private var accounts: [RiskAccount] = []
  private var auditors: [Auditor] = []
  private let market: Market
  private let policy: RiskPolicy
  private var control = TradingControl()
  private var now = noon
  private var stoppedOrders = 0
  private var lastFill = UInt128(0)
  private var counts = (orders: 0, accepted: 0)
  private var denials: [DenialCode: Int] = [:]
  private var differences: [String] = []

  init() throws {
    market = try Desk().market
    policy = RiskPolicy(
      caps: .hard, traded: Set(Instrument.allCases), quoteLife: Span(microseconds: .max))
    for place in 0..<Self.count {
      // Every second account is so small that its leverage is the first limit.
      let equity = place.isMultiple(of: 2) ? 1_000_000 : 60_000
      accounts.append(try Desk(cash: Amount(Int32(equity))).account)
      auditors.append(Auditor(equity: equity))
    }
  }

  func place(_ id: OrderID, _ order: OrderTerms, _ place: Int, wait: Span) throws -> Bool {
    now = now.adding(wait)
    counts.orders += 1
    let decision = try accounts[place].admit(id, order, in: market, policy, control, at: now)
    if control.isStopped { try countStopped(decision) }
    if let denial = decision.denial {
      denials[denial.code, default: 0] += 1
      return false
    }
    counts.accepted += 1
    auditors[place].accept(id, order, at: now)
    return true
  }

  /// The venue's answer: a fill, the end, or both.
  func answer(_ place: Int, _ id: OrderID, _ lots: Int, ends: Bool) throws -> Bool {
    guard let reservation = accounts[place].reservations[id] else { return true }
    if lots > 0 {
      lastFill += 1
      let terms = InstrumentTerms.of(reservation.instrument)
      let price = try Price(text: Desk.price(of: reservation.instrument))
      let fill = Fill(
        FillID(lastFill), of: id, reservation.side, Quantity(Int32(lots), .two),
        of: reservation.instrument, at: price,
        conversion: try market.conversion(of: terms.quote, .more))
      try accounts[place].receive(fill, at: now)
      auditors[place].fill(id, lots, at: now)
    }
    if ends {
      accounts[place].release(id)
      auditors[place].end(id)
    }
    return accounts[place].reservations[id] == nil
  }

  func stop(forOrders count: Int) throws {
    try control.receive(.engage, from: .riskGuard, at: now)
    stoppedOrders = count
  }

  private func countStopped(_ decision: Decision) throws {
    if decision.denial?.code != .killSwitch { differences.append("accepted while stopped") }
    stoppedOrders -= 1
    guard stoppedOrders == 0 else { return }
    try control.receive(.proposeRelease, from: .person(PersonID(1)), at: now)
    try control.receive(.confirmRelease, from: .person(PersonID(2)), at: now)
    try control.receive(.activate, from: .person(PersonID(1)), at: now)
  }

  struct Result: Sendable {
    let orders: Int
    let accepted: Int
    let denials: [DenialCode: Int]
    let excesses: [String: Int]
    let differences: [String]
  }

  func result() -> Result {
    var excesses: [String: Int] = [:]
    for (account, auditor) in zip(accounts, auditors) {
      excesses.merge(auditor.excesses) { $0 + $1 }
      for (instrument, held) in zip(Instrument.allCases, auditor.positions)
      where account.standings[instrument].position.quantity != Quantity(Int32(held), .two) {
        differences.append("\(instrument) is not the sum of its fills")
      }
    }
    return Result(
      orders: counts.orders, accepted: counts.accepted, denials: denials, excesses: excesses,
      differences: differences)
  }
}

extension Generator {
  /// Mostly small orders, now and then one that is too large; more purchases than sales, so that
  /// positions grow to their caps. Two accounts hardly ever sell: whatever the order in which the
  /// clients come, one of them stands at the cap of an instrument and the other at that of all.
  fileprivate mutating func order(for account: Int = 0) -> OrderTerms {
    let isSmall = account == Floor.busy || account == Floor.patient
    let lots =
      isSmall ? 1 : chance(40) ? number(150...400) : chance(3) ? number(50...160) : number(1...60)
    let isBuyer = account == Floor.narrow || account == Floor.wide
    return OrderTerms(
      number(1...20) <= (isBuyer ? 19 : 12) ? .buy : .sell, Quantity(Int32(lots), .two),
      of: account == Floor.narrow ? .eurUSD : pick(Instrument.allCases), .market)
  }

  /// Bursts and calm.
  fileprivate mutating func wait() -> Span {
    let longest = chance(2) ? 20 : 900
    return Span(microseconds: Int64(number(0...longest * 1_000)))
  }
}
