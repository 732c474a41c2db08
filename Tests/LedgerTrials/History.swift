import FlowrexContract
package import Ledger

/// One account's random life, told to the ledger and to the oracle.
package struct History {
  private var random: Generator
  package private(set) var journal = Journal()
  private var oracle = Oracle()
  private var lastID = UInt128(0)
  private var sums = [Fraction](repeating: Fraction(0), count: Instrument.allCases.count)
  package private(set) var fills = 0
  /// How often a position turned round.
  package private(set) var flips = 0
  private var differences: [String] = []
  /// Few instruments, so that positions meet themselves again.
  private let instruments: [Instrument]

  package init(seed: UInt64) {
    random = Generator(seed: seed)
    instruments = [random.pick(Instrument.allCases), random.pick(Instrument.allCases)]
  }

  package mutating func step() throws {
    if journal.entries.isEmpty || random.chance(8) {
      try money()
    } else {
      try order()
    }
  }

  /// From here on the oracle knows of a hundred-millionth of a dollar that nobody paid in.
  package mutating func mishear() {
    if let least = try? Amount(units: 1) { oracle.deposit(least) }
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
  ///
  /// - Returns: what is not.
  package mutating func judge() throws -> [String] {
    differences = []
    let book = journal.book
    same("cash", book.cash, oracle.cash)
    same("fees", book.fees, oracle.fees)
    same("realised", book.realised, oracle.realised)
    // Cash is conserved: what came in, and was earned, less what was paid for it.
    same("cash that is conserved", book.cash, oracle.deposits + oracle.realised - oracle.fees)
    var venue: [Currency: Fraction] = [:]
    for (instrument, holding) in zip(Instrument.allCases, oracle.holdings) {
      let (position, name) = (book.positions[instrument], instrument.rawValue)
      same("\(name) lots", position.quantity, holding.lots)
      same("\(name) sum of fills", position.quantity, sums[instrument.ordinal])
      same("\(name) cost", position.cost, holding.cost)
      // Whatever was rounded on the way: cost and profit give back everything that was paid.
      same("\(name) cost that is conserved", position.cost, holding.paid + holding.earned)
      if position.isFlat { same("\(name) cost of nothing", position.cost, Fraction(0)) }
      let quote = InstrumentTerms.of(instrument).quote
      same("\(name) balance", book.balances[.positions(instrument), quote], holding.cost)
      venue[quote] = (venue[quote] ?? Fraction(0)) + holding.cost
    }
    for currency in Currency.allCases {
      same("\(currency) in all", try book.balances.total(in: currency), Fraction(0))
      same(
        "\(currency) of the venue", book.balances[.venue, currency],
        -(venue[currency] ?? Fraction(0)))
    }
    try judgeWorth(book)
    return differences
  }

  /// To the last digit.
  private mutating func same(
    _ what: String, _ number: some CustomStringConvertible, _ fraction: Fraction
  ) {
    guard !(Fraction(number.description) == fraction) else { return }
    differences.append("\(what) is \(number), and the oracle says otherwise")
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
    same("equity", value.equity, worth.equity)
    same("exposure", value.exposure, worth.exposure)
    same("margin used", value.marginUsed, worth.margin)
    same("margin free", value.marginFree, worth.equity - worth.margin)
  }
}
