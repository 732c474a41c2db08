/// What can happen to an account. The journal keeps these and nothing else.
package enum LedgerEvent: Hashable, Sendable {
  /// In dollars, above zero.
  case deposited(Amount)
  case withdrawn(Amount)
  case placed(Order)
  /// Everything that happens to an order but fills.
  case moved(OrderID, OrderEvent)
  case filled(Fill)
}

/// The state of one account: what folding its events gives. (S04-TRD-09 … 11)
///
/// An event that cannot be is refused and changes nothing.
package struct AccountBook: Hashable, Sendable {
  package private(set) var orders: [OrderID: Order] = [:]
  package private(set) var positions = PerInstrument { _ in Position.flat }
  /// In dollars.
  package private(set) var realised = Amount.zero
  package private(set) var balances = Balances()
  private var fills: Set<FillID> = []

  package init() {}

  /// In dollars, with realised profits and without open ones.
  package var cash: Amount { balances[.cash, .account] }
  /// Paid so far, in dollars.
  package var fees: Amount { balances[.fees, .account] }

  package mutating func receive(_ event: LedgerEvent) throws(BookFault) {
    switch event {
    case .deposited(let amount): try deposit(amount)
    case .withdrawn(let amount): try withdraw(amount)
    case .placed(let order): try place(order)
    case .moved(let id, let event): try move(id, event)
    case .filled(let fill): try book(fill)
    }
  }

  private mutating func deposit(_ amount: Amount) throws(BookFault) {
    guard amount.isPositive else { throw .amountNotPositive(amount) }
    try balances.book([
      Posting(.cash, .account, amount), Posting(.outside, .account, -amount),
    ])
  }

  private mutating func withdraw(_ amount: Amount) throws(BookFault) {
    guard amount.isPositive else { throw .amountNotPositive(amount) }
    guard amount <= cash else { throw .cashInsufficient(amount, cash) }
    try balances.book([
      Posting(.cash, .account, -amount), Posting(.outside, .account, amount),
    ])
  }

  private mutating func place(_ order: Order) throws(BookFault) {
    guard orders[order.id] == nil else { throw .orderKnown(order.id) }
    let fresh = Order(order.id, order.terms, mode: order.mode, placedAt: order.placedAt)
    guard order == fresh else { throw .orderNotFresh(order.id, order.state) }
    if let fault = order.terms.faults(against: .of(order.terms.instrument)).first {
      throw .terms(order.id, fault)
    }
    orders[order.id] = order
  }

  private mutating func move(_ id: OrderID, _ event: OrderEvent) throws(BookFault) {
    // A fill without price and conversion would move an order and no position.
    guard event.kind != .filled else { throw .fillWithoutPrice(id) }
    guard var order = orders[id] else { throw .orderUnknown(id) }
    do { try order.receive(event) } catch { throw .order(error) }
    orders[id] = order
  }

  private mutating func book(_ fill: Fill) throws(BookFault) {
    guard !fills.contains(fill.id) else { throw .fillKnown(fill.id) }
    guard var order = orders[fill.order] else { throw .orderUnknown(fill.order) }
    try check(fill, against: order)
    do { try order.receive(.filled(fill.quantity)) } catch { throw .order(error) }

    let terms = InstrumentTerms.of(fill.instrument)
    let before = positions[fill.instrument]
    let (outcome, profit, total) = try BookFault.catching { () throws(ArithmeticFault) in
      let outcome = try before.receiving(fill.signedQuantity, at: fill.price, terms)
      let profit = try fill.conversion.dollars(of: outcome.realised, .halfEven)
      return try (outcome, profit, realised.adding(profit))
    }
    let postings = try BookFault.catching { () throws(ArithmeticFault) in
      try Self.postings(fill, terms.quote, before, outcome, profit)
    }
    try balances.book(postings)
    positions[fill.instrument] = outcome.position
    realised = total
    orders[fill.order] = order
    fills.insert(fill.id)
  }

  private func check(_ fill: Fill, against order: Order) throws(BookFault) {
    let terms = InstrumentTerms.of(order.terms.instrument)
    guard fill.instrument == order.terms.instrument, fill.side == order.terms.side else {
      throw .fillOfAnother(fill.id, order.id)
    }
    guard fill.price.isPositive, fill.conversion.fits(terms.quote) else {
      throw .fillUnpriced(fill.id)
    }
  }

  /// The lines of a fill: the trade in the quote currency, its profit settled into dollars, and
  /// the fee. Lines of nothing are left out.
  private static func postings(
    _ fill: Fill, _ quote: Currency, _ before: Position, _ outcome: Position.Outcome,
    _ profit: Amount
  ) throws(ArithmeticFault) -> [Posting] {
    let cost = try outcome.position.cost.subtracting(before.cost)
    let lines = [
      Posting(.positions(fill.instrument), quote, cost),
      Posting(.venue, quote, -outcome.value),
      Posting(.profit, quote, -outcome.realised),
      Posting(.venue, quote, -outcome.realised),
      Posting(.exchange, quote, outcome.realised),
      Posting(.exchange, .account, -profit),
      Posting(.cash, .account, profit),
      Posting(.fees, .account, fill.fee),
      Posting(.cash, .account, -fill.fee),
    ]
    return lines.filter { !$0.amount.isZero }
  }
}
