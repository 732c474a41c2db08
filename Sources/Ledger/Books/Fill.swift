package import FlowrexContract

/// A trade that the venue made for an order. (S17-MET-03)
package struct Fill: Hashable, Sendable {
  package let id: FillID
  package let order: OrderID
  package let instrument: Instrument
  package let side: Side
  /// In lots, above zero.
  package let quantity: Quantity
  package let price: Price
  /// In dollars; below zero is a rebate.
  package let fee: Amount
  /// How the profit of this fill became dollars.
  package let conversion: Conversion

  package init(
    _ id: FillID, of order: OrderID, _ side: Side, _ quantity: Quantity,
    of instrument: Instrument, at price: Price, fee: Amount = .zero,
    conversion: Conversion = .none
  ) {
    self.id = id
    self.order = order
    self.side = side
    self.quantity = quantity
    self.instrument = instrument
    self.price = price
    self.fee = fee
    self.conversion = conversion
  }

  package var signedQuantity: Quantity { side.signed(quantity) }
}
