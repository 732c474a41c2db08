import FlowrexContract
import Ledger
import Testing

/// Random histories give, to the last digit, what fractions of whole numbers give.
/// (S04-TRD-09 … 11, goal R-12)
///
/// A release build judges 10,000 histories of the page; a debug build, which is thirty times
/// slower, judges 100.
struct HistoryTests {
  private static let count = budget(debug: 100, release: 10_000)

  @Test func `random histories are those of an oracle of fractions`() throws {
    var fills = 0
    var flips = 0
    for seed in 1...Self.count {
      var history = History(seed: UInt64(seed))
      for _ in 0..<12 { try history.step() }
      try history.judge()
      fills += history.fills
      flips += history.flips
    }
    // The histories are of the kind that was meant: they trade, close in parts and turn round.
    #expect(fills > Self.count * 8)
    #expect(flips > Self.count / 10)
  }

  @Test func `the state is the fold of the events, and a lost event is seen`() throws {
    for seed in 1...20 {
      var history = History(seed: UInt64(seed))
      for _ in 0..<20 { try history.step() }
      let replayed = try Journal.replay(history.journal.entries)
      #expect(replayed == history.journal)
      #expect(replayed.book == history.journal.book)
      var entries = history.journal.entries
      entries.remove(at: entries.count / 2)
      let gap = Int64(history.journal.entries.count / 2) + 1
      #expect(throws: BookFault.sequence(expected: gap, found: gap + 1)) {
        try Journal.replay(entries)
      }
    }
  }
}

/// One account's random life, told to the ledger and to the oracle.
private struct History {
  private var random: Generator
  private(set) var journal = Journal()
  private var oracle = Oracle()
  private var lastID = UInt128(0)
  private var sums = [Fraction](repeating: Fraction(0), count: Instrument.allCases.count)
  private(set) var fills = 0
  private(set) var flips = 0
  /// Few instruments, so that positions meet themselves again.
  private let instruments: [Instrument]

  init(seed: UInt64) {
    random = Generator(seed: seed)
    instruments = [random.pick(Instrument.allCases), random.pick(Instrument.allCases)]
  }

  mutating func step() throws {
    if journal.entries.isEmpty || random.chance(8) {
      try money()
    } else {
      try order()
    }
  }

  private mutating func money() throws {
    let amount = try Amount(units: Int64(random.number(1...10_000_000)) * 1_000_003)
    if random.chance(3), amount <= journal.book.cash {
      try append(.withdrawn(amount))
      oracle.withdraw(amount)
    } else {
      try append(.deposited(amount))
      oracle.deposit(amount)
    }
  }

  private mutating func order() throws {
    let instrument = random.pick(instruments)
    let lots = Quantity(Int32(random.number(1...300)), .two)
    let id = OrderID(newID())
    let terms = OrderTerms(random.chance(2) ? .buy : .sell, lots, of: instrument, .market)
    try append(
      .placed(Order(id, terms, mode: .autonomous, placedAt: Timestamp(microseconds: 0))))
    try append(.moved(id, .submitted))
    var left = random.number(0...3)
    while left > 0, let order = journal.book.orders[id], !order.remaining.isZero {
      left -= 1
      let rest = Int(order.remaining.units / Quantity(1, .two).units)
      let part = left == 0 ? rest : random.number(1...rest)
      try fill(order, Quantity(Int32(part), .two))
    }
    if random.chance(3), journal.book.orders[id]?.state.isFinal == false {
      try append(.moved(id, .cancelled))
    }
  }

  private mutating func fill(_ order: Order, _ quantity: Quantity) throws {
    let terms = InstrumentTerms.of(order.terms.instrument)
    let fee = try Amount(units: Int64(random.number(-100_000_000...900_000_000)))
    let fill = Fill(
      FillID(newID()), of: order.id, order.terms.side, quantity, of: terms.instrument,
      at: try price(of: terms), fee: fee, conversion: try conversion(of: terms.quote))
    let before = journal.book.positions[terms.instrument].quantity
    try append(.filled(fill))
    let after = journal.book.positions[terms.instrument].quantity
    oracle.fill(fill)
    fills += 1
    flips += before.sign * after.sign < 0 ? 1 : 0
    let place = terms.instrument.ordinal
    sums[place] = sums[place] + Fraction(fill.signedQuantity.description)
  }

  /// Around 1 to 200, on the tick.
  private mutating func price(of terms: InstrumentTerms) throws -> Price {
    let ticks = Int64(random.number(90_000...160_000))
    return try Price(units: ticks * terms.tick.units)
  }

  private mutating func conversion(of currency: Currency) throws -> Conversion {
    guard let quoted = currency.intoAccount?.quoted else { return .none }
    let price = try Price(units: Int64(random.number(50_000_001...16_000_000_007)))
    return quoted == .asBase ? .times(price) : .over(price)
  }

  private mutating func newID() -> UInt128 {
    lastID += 1
    return lastID
  }

  private mutating func append(_ event: LedgerEvent) throws {
    let time = Timestamp(microseconds: Int64(journal.entries.count) * 1_000)
    try journal.append(event, at: time)
  }

  /// Everything the ledger says is what the oracle says.
  mutating func judge() throws {
    let book = journal.book
    #expect(Fraction(book.cash.description) == oracle.cash)
    #expect(Fraction(book.fees.description) == oracle.fees)
    #expect(Fraction(book.realised.description) == oracle.realised)
    // Cash is conserved: what came in, and was earned, less what was paid for it.
    #expect(
      Fraction(book.cash.description) == oracle.deposits + oracle.realised - oracle.fees)
    var venue: [Currency: Fraction] = [:]
    for (instrument, holding) in zip(Instrument.allCases, oracle.holdings) {
      let position = book.positions[instrument]
      #expect(Fraction(position.quantity.description) == holding.lots)
      #expect(Fraction(position.quantity.description) == sums[instrument.ordinal])
      #expect(Fraction(position.cost.description) == holding.cost)
      // Whatever was rounded on the way: cost and profit give back everything that was paid.
      #expect(holding.cost == holding.paid + holding.earned)
      if position.isFlat { #expect(position.cost == .zero) }
      let quote = InstrumentTerms.of(instrument).quote
      #expect(Fraction(book.balances[.positions(instrument), quote].description) == holding.cost)
      venue[quote] = (venue[quote] ?? Fraction(0)) + holding.cost
    }
    for currency in Currency.allCases {
      #expect(try book.balances.total(in: currency) == .zero)
      let owed = Fraction(book.balances[.venue, currency].description)
      #expect(owed == -(venue[currency] ?? Fraction(0)))
    }
    try judgeWorth(book)
  }

  private mutating func judgeWorth(_ book: AccountBook) throws {
    var quotes: [Instrument: (bid: Price, ask: Price)] = [:]
    var market = Market()
    for instrument in Instrument.allCases {
      let terms = InstrumentTerms.of(instrument)
      let bid = try price(of: terms)
      let ask = try Price(units: bid.units + Int64(random.number(0...20)) * terms.tick.units)
      quotes[instrument] = (bid, ask)
      market.quotes[instrument] = Quote(bid: bid, ask: ask, asOf: Timestamp(microseconds: 0))
    }
    let value = try Valuation(cash: book.cash, positions: book.positions, in: market)
    let worth = oracle.worth(quotes)
    #expect(Fraction(value.equity.description) == worth.equity)
    #expect(Fraction(value.exposure.description) == worth.exposure)
    #expect(Fraction(value.marginUsed.description) == worth.margin)
    #expect(Fraction(value.marginFree.description) == worth.equity - worth.margin)
  }
}
