import FlowrexContract
import Ledger
import Testing

/// An account takes what can be and refuses the rest, unchanged. (S04-TRD-09 … 11)
struct BookTests {
  private static let one = "00000000-0000-0000-0000-000000000001"

  /// An account with 1000 dollars and one submitted order to buy a lot of EURUSD.
  private func account() throws -> AccountBook {
    var book = AccountBook()
    try book.receive(.deposited(1_000))
    try book.receive(.placed(Self.order(1)))
    try book.receive(.moved(OrderID(1), .submitted))
    return book
  }

  private static func order(_ id: UInt128, _ quantity: Quantity = 1) -> Order {
    Order(
      OrderID(id), OrderTerms(.buy, quantity, of: .eurUSD, .market), mode: .autonomous,
      placedAt: Timestamp(microseconds: 0))
  }

  private static func fill(
    _ id: UInt128, _ quantity: Quantity = 1, _ side: Side = .buy, of order: UInt128 = 1,
    at price: Price = Price(11, .one), conversion: Conversion = .none
  ) -> Fill {
    Fill(
      FillID(id), of: OrderID(order), side, quantity, of: .eurUSD, at: price,
      fee: Amount(35, .one), conversion: conversion)
  }

  @Test func `a fill moves order, position and cash together`() throws {
    var book = try account()
    try book.receive(.filled(Self.fill(1, Quantity(4, .one))))
    #expect(book.orders[OrderID(1)]?.state == .partiallyFilled)
    #expect(
      book.positions[.eurUSD] == Position(quantity: Quantity(4, .one), cost: 44_000))
    #expect(book.cash == Amount(9_965, .one))
    #expect(book.fees == Amount(35, .one))
    #expect(book.balances[.positions(.eurUSD), .usd] == 44_000)
    #expect(book.balances[.venue, .usd] == -44_000)
    #expect(book.balances[.outside, .usd] == -1_000)
  }

  @Test func `a foreign profit becomes dollars with a leg in each currency`() throws {
    var book = AccountBook()
    try book.receive(.deposited(1_000))
    for (id, side) in [(UInt128(1), Side.buy), (2, .sell)] {
      let terms = OrderTerms(side, 1, of: .usdJPY, .market)
      try book.receive(
        .placed(
          Order(OrderID(id), terms, mode: .autonomous, placedAt: Timestamp(microseconds: 0))))
      try book.receive(.moved(OrderID(id), .submitted))
      let price: Price = side == .buy ? 150 : Price(150_100, .three)
      try book.receive(
        .filled(
          Fill(
            FillID(id), of: OrderID(id), side, 1, of: .usdJPY, at: price,
            conversion: .over(150))))
    }
    // 10,000 yen at 150 for a dollar.
    #expect(book.realised.description == "66.66666667")
    #expect(book.cash.description == "1066.66666667")
    #expect(book.balances[.exchange, .jpy] == 10_000)
    #expect(book.balances[.exchange, .usd].description == "-66.66666667")
    #expect(book.balances[.profit, .jpy] == -10_000)
    #expect(book.balances[.venue, .jpy] == .zero)
  }

  /// Every fault with its sentence; none of them changes anything.
  @Test(arguments: [
    (LedgerEvent.deposited(0), "0.00 USD is not above zero"),
    (.withdrawn(-5), "-5.00 USD is not above zero"),
    (.withdrawn(1_001), "1001.00 USD cannot be withdrawn: there are 1000.00 USD"),
    (.placed(order(1)), "order \(one) was placed already"),
    (
      .placed(order(9, 0)),
      "order 00000000-0000-0000-0000-000000000009 cannot be placed: "
        + "the quantity 0 is not above zero"
    ),
    (
      .moved(OrderID(7), .submitted),
      "order 00000000-0000-0000-0000-000000000007 was never placed"
    ),
    (.moved(OrderID(1), .submitted), "order \(one) is 'submitted' and cannot take 'submitted'"),
    (.moved(OrderID(1), .filled(1)), "order \(one) can be filled only by a fill with its price"),
    (
      .filled(fill(1, of: 7)),
      "order 00000000-0000-0000-0000-000000000007 was never placed"
    ),
    (.filled(fill(1, 2)), "order \(one) has 1 left to fill and cannot take a fill of 2"),
    (
      .filled(fill(1, 1, .sell)),
      "fill \(one) has not the instrument and side of order \(one)"
    ),
    (
      .filled(fill(1, at: 0)),
      "fill \(one) has no price or conversion above zero that fits"
    ),
    (
      .filled(fill(1, conversion: .times(2))),
      "fill \(one) has no price or conversion above zero that fits"
    ),
    (
      .filled(fill(1, at: .largest)),
      "the result is beyond 92233720368.54775807"
    ),
  ])
  func `what cannot be is refused and changes nothing`(
    event: LedgerEvent, words: String
  ) throws {
    let before = try account()
    var after = before
    #expect(sentence { try after.receive(event) } == words)
    #expect(after == before)
  }

  @Test func `a fill that is told twice is booked once`() throws {
    var book = try account()
    try book.receive(.filled(Self.fill(1, Quantity(4, .one))))
    let before = book
    #expect(
      sentence { try book.receive(.filled(Self.fill(1, Quantity(4, .one)))) }
        == "fill \(Self.one) was booked already")
    #expect(book == before)
  }

  @Test func `a fill after the cancellation is booked`() throws {
    var book = try account()
    try book.receive(.moved(OrderID(1), .cancelled))
    try book.receive(.filled(Self.fill(1, Quantity(1, .two))))
    #expect(book.positions[.eurUSD].quantity == Quantity(1, .two))
    #expect(book.orders[OrderID(1)]?.state == .cancelled)
  }

  @Test func `an order begins at its beginning`() throws {
    var book = AccountBook()
    var order = Self.order(1)
    try order.receive(.submitted)
    #expect(
      sentence { try book.receive(.placed(order)) }
        == "order \(Self.one) was placed as 'submitted', which is not where an order begins")
  }

  @Test func `a gap and a doublet of the journal are seen`() throws {
    var journal = Journal()
    try journal.append(.deposited(5), at: Timestamp(microseconds: 1))
    let entry = try journal.append(.deposited(6), at: Timestamp(microseconds: 2))
    #expect(
      sentence { _ = try Journal.replay([entry]) }
        == "entry 2 of the journal stands where 1 should")
    #expect(
      sentence { _ = try Journal.replay(journal.entries + [entry]) }
        == "entry 2 of the journal stands where 3 should")
    #expect(
      sentence { try journal.append(.withdrawn(12), at: entry.at) }
        == "12.00 USD cannot be withdrawn: there are 11.00 USD")
    #expect(journal.entries.count == 2)
  }

  @Test func `a booking that does not add up has a sentence`() {
    #expect(
      BookFault.unbalanced(.jpy, 3).description
        == "a booking does not add up: 3 JPY are left over")
  }
}
