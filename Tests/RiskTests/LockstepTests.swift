import FlowrexContract
import Ledger
import Risk
import Testing

/// The two pure modules say the same of the same account, under prices that move.
struct LockstepTests {
  @Test func `risk and ledger agree on cash and positions after every fill`() throws {
    for seed in 1...budget(debug: 8, release: 1_000) {
      var pair = try Pair(seed: UInt64(seed))
      for _ in 0..<60 { try pair.step() }
      #expect(pair.accepted > 5)
    }
  }

  @Test func `what is accepted keeps the caps at the prices of the decision`() throws {
    for seed in 1...budget(debug: 8, release: 1_000) {
      var pair = try Pair(seed: UInt64(seed))
      for _ in 0..<60 {
        try pair.step()
        guard let last = pair.lastAccepted, !last.reduces else { continue }
        let caps = Caps.hard
        #expect(last.symbol <= caps.symbolExposure)
        #expect(last.open <= caps.openExposure)
        #expect(try last.open <= last.equity.times(caps.leverage))
      }
    }
  }

  @Test func `the same question has the same answer`() throws {
    var pair = try Pair(seed: 11)
    for _ in 0..<60 {
      try pair.step()
      let order = try buy("0.5")
      let before = pair.desk.account
      #expect(pair.desk.ask(order) == pair.desk.ask(order))
      #expect(pair.desk.account == before)
    }
  }
}

/// One account in both modules.
private struct Pair {
  struct Accepted {
    let reduces: Bool
    let symbol: Amount
    let open: Amount
    let equity: Amount
  }

  private var random: Generator
  private(set) var desk: Desk
  private(set) var book = AccountBook()
  private(set) var accepted = 0
  private(set) var lastAccepted: Accepted?
  private var prices = PerInstrument { Desk.price(of: $0) }

  init(seed: UInt64) throws {
    random = Generator(seed: seed)
    desk = try Desk(cash: 200_000)
    try book.receive(.deposited(200_000))
  }

  mutating func step() throws {
    lastAccepted = nil
    desk.now = desk.now.adding(.seconds(5))
    for instrument in Instrument.allCases { try move(instrument) }
    let order = OrderTerms(
      random.chance(2) ? .buy : .sell, Quantity(Int32(random.number(1...150)), .two),
      of: random.pick([Instrument.eurUSD, .usdJPY, .eurGBP, .xauUSD]), .market)
    let reduces =
      order.quantity <= desk.account.standings[order.instrument].closable(by: order.side)
    let id = desk.newID()
    let decision = try desk.account.admit(
      id, order, in: desk.market, desk.policy, desk.control, at: desk.now)
    guard decision.denial == nil else { return }
    accepted += 1
    lastAccepted = try measured(order.instrument, reduces: reduces)
    try settle(id, order)
    #expect(desk.account.cash == book.cash)
    #expect(desk.account.positions == book.positions)
  }

  /// Up to half a percent, on the tick.
  private mutating func move(_ instrument: Instrument) throws {
    let tick = InstrumentTerms.of(instrument).tick
    let old = try Price(text: prices[instrument])
    let change = Int64(random.number(-5...5)) * (old.units / 1_000)
    let new = try Price(units: old.units + change).rounded(to: tick, .down)
    prices[instrument] = new.description
    let ask = try new.adding(tick)
    try desk.quote(instrument, new.description, ask.description)
  }

  /// The account's exposure with everything open filled on the worse side, from its parts.
  private func measured(_ instrument: Instrument, reduces: Bool) throws -> Accepted {
    var open = Amount.zero
    var symbol = Amount.zero
    for each in Instrument.allCases {
      let standing = desk.account.standings[each]
      let long = try standing.position.quantity.adding(standing.buys)
      let short = try standing.position.quantity.subtracting(standing.sells)
      let worst = max(long.magnitude, short.magnitude)
      let value = try desk.market.exposure(of: worst, .of(each))
      open = try open.adding(value)
      if each == instrument { symbol = value }
    }
    let valuation = try Valuation(
      cash: desk.account.cash, positions: desk.account.positions, in: desk.market)
    return Accepted(reduces: reduces, symbol: symbol, open: open, equity: valuation.equity)
  }

  /// The order in the ledger, filled in one or two parts and given up.
  private mutating func settle(_ id: OrderID, _ order: OrderTerms) throws {
    try book.receive(
      .placed(Order(id, order, mode: .autonomous, placedAt: desk.now)))
    try book.receive(.moved(id, .submitted))
    let quote = try #require(desk.market.quotes[order.instrument])
    let terms = InstrumentTerms.of(order.instrument)
    for part in 1...2 where random.number(1...3) > 1 {
      let rest = book.orders[id]?.remaining ?? .zero
      guard rest.isPositive else { break }
      let lots = random.chance(2) ? rest : terms.lotStep
      let fill = Fill(
        FillID(id.bits << 2 | UInt128(part)), of: id, order.side, lots, of: order.instrument,
        at: order.side == .buy ? quote.ask : quote.bid, fee: Amount(3, .two),
        conversion: try desk.market.conversion(of: terms.quote, .more))
      try book.receive(.filled(fill))
      try desk.account.receive(fill, at: desk.now)
    }
    if book.orders[id]?.state.isFinal == false { try book.receive(.moved(id, .cancelled)) }
    desk.account.release(id)
  }
}
