/// What is held of one instrument: one number, long above zero and short below. (S04-TRD-10)
///
/// The cost is kept, not an average price: it is the exact sum of what was paid for the open
/// part, so that profit and cost together always give back every amount that was traded. Only
/// closing a part divides; that one quotient is rounded to the nearest hundred-millionth, halves
/// to even, and what was rounded stays in the cost of the rest. (S04-TRD-11, goal R-12)
package struct Position: Hashable, Sendable {
  /// In lots.
  package let quantity: Quantity
  /// In the quote currency, with the sign of the quantity.
  package let cost: Amount

  package static let flat = Position(quantity: .zero, cost: .zero)

  package init(quantity: Quantity, cost: Amount) {
    self.quantity = quantity
    self.cost = cost
  }

  package var isFlat: Bool { quantity.isZero }

  /// What a fill makes of it.
  package func receiving(
    _ change: Quantity, at price: Price, _ terms: InstrumentTerms
  ) throws(ArithmeticFault) -> Outcome {
    let value = try terms.value(of: change, at: price)
    let next = try quantity.adding(change)
    if quantity.sign * change.sign >= 0 {
      let cost = try cost.adding(value)
      return Outcome(position: Position(quantity: next, cost: cost), realised: .zero, value: value)
    }
    if next.sign == -quantity.sign {
      // Through zero: all of the old is closed, the rest is opened at this price.
      let opened = try terms.value(of: next, at: price)
      let closed = try value.subtracting(opened)
      return try Outcome(
        position: Position(quantity: next, cost: opened), realised: -closed.adding(cost),
        value: value)
    }
    let released = next.isZero ? cost : try cost.share(-change, of: quantity, .halfEven)
    return try Outcome(
      position: Position(quantity: next, cost: cost.subtracting(released)),
      realised: -value.adding(released), value: value)
  }

  /// A position after a fill, and what the fill earned.
  package struct Outcome: Hashable, Sendable {
    package let position: Position
    /// Profit of the closed part in the quote currency, before fees.
    package let realised: Amount
    /// What was paid, in the quote currency; below zero for a sale.
    package let value: Amount
  }

  /// Profit of the open part at `price`, in the quote currency.
  package func unrealised(
    at price: Price, _ terms: InstrumentTerms
  ) throws(ArithmeticFault) -> Amount {
    try terms.value(of: quantity, at: price).subtracting(cost)
  }

  /// The price at which the open part was bought or sold on average, for display: the cost is
  /// what calculations use. `nil` for a flat position.
  package func averagePrice(
    _ terms: InstrumentTerms, _ rounding: Rounding
  ) throws(ArithmeticFault) -> Price? {
    guard !isFlat else { return nil }
    let units = Int128(quantity.units) * Int128(terms.contractSize)
    return try Price(
      wide: divide(Int128(cost.units) * Int128(Price.one), by: units, rounding))
  }
}
