package import FlowrexContract

/// What a signal asks for; none of it changes after it was posted. (S17-MET-04)
package struct SignalTerms: Hashable, Sendable {
  package let type: SignalType
  package let instrument: Instrument
  /// In lots. An entry has one. An exit without one asks for the whole position's end.
  package let quantity: Quantity?
  package let pricing: Pricing

  /// - Throws: ``SignalTermsFault`` when the parts do not belong together. Whether risk would let
  ///   the order go is asked when it is executed.
  package init(
    _ type: SignalType, of instrument: Instrument, _ quantity: Quantity?, _ pricing: Pricing
  ) throws(SignalTermsFault) {
    self.type = type
    self.instrument = instrument
    self.quantity = quantity
    self.pricing = pricing
    switch type {
    case .enterLong, .enterShort:
      guard quantity != nil else { throw .quantityMissing(type) }
    case .exit: break
    case .hold:
      guard quantity == nil else { throw .quantityWithoutOrder }
      guard pricing == .market else { throw .priceWithoutOrder }
    }
    // Of an exit only the side is not known yet, and no fault is about the side.
    guard let quantity = quantity ?? (pricing == .market ? nil : smallest) else { return }
    let terms = OrderTerms(.buy, quantity, of: instrument, pricing)
    if let fault = terms.faults(against: .of(instrument)).first { throw .order(fault) }
  }

  private var smallest: Quantity { InstrumentTerms.of(instrument).smallest }
}

/// Signals that ask for nothing that can be done.
package enum SignalTermsFault: Error, Hashable, Sendable {
  case quantityMissing(SignalType)
  case quantityWithoutOrder
  case priceWithoutOrder
  case order(OrderTermsFault)

  package var isAboutQuantity: Bool {
    switch self {
    case .quantityMissing, .quantityWithoutOrder: true
    case .priceWithoutOrder: false
    case .order(let fault): fault.isAboutQuantity
    }
  }
}

extension SignalTermsFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .quantityMissing(let type): "a signal to \(type.rawValue) says how many lots"
    case .quantityWithoutOrder: "a signal to hold asks for no lots"
    case .priceWithoutOrder: "a signal to hold has no limit price"
    case .order(let fault): fault.description
    }
  }
}
