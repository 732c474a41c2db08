package import FlowrexContract
package import Ledger

/// What an account holds of one instrument and what its open orders may still change.
package struct Standing: Hashable, Sendable {
  package internal(set) var position = Position.flat
  /// Lots of open orders to buy.
  package internal(set) var buys = Quantity.zero
  /// Lots of open orders to sell.
  package internal(set) var sells = Quantity.zero

  /// The largest position, without its sign, that the open orders can lead to: whichever of them
  /// are filled, the position stays between all sales and all purchases. A fill only moves within
  /// these ends and a cancellation narrows them, so a cap that holds for this holds at every
  /// instant until the next order.
  package func worst() throws(ArithmeticFault) -> Quantity {
    try Swift.max(position.quantity.adding(buys), sells.subtracting(position.quantity))
  }

  /// The same with one more order.
  package func worst(
    with side: Side, _ quantity: Quantity
  ) throws(ArithmeticFault) -> Quantity {
    var next = self
    try next.open(side, quantity)
    return try next.worst()
  }

  /// Lots that an order on this side may have and only close: what is held on the other side, and
  /// is not about to be closed already.
  package func closable(by side: Side) -> Quantity {
    let held = side == .sell ? position.quantity : -position.quantity
    let open = side == .sell ? sells : buys
    guard held.isPositive, let left = try? held.subtracting(open) else { return .zero }
    return max(left, .zero)
  }

  mutating func open(_ side: Side, _ quantity: Quantity) throws(ArithmeticFault) {
    switch side {
    case .buy: buys = try buys.adding(quantity)
    case .sell: sells = try sells.adding(quantity)
    }
  }
}
