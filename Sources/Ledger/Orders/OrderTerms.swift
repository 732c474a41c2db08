package import FlowrexContract

/// What an order asks for; none of it changes after it was placed. (S04-TRD-05)
package struct OrderTerms: Hashable, Sendable {
  package let instrument: Instrument
  package let side: Side
  /// In lots, above zero.
  package let quantity: Quantity
  package let pricing: Pricing
  package let life: OrderLife
  package let purpose: OrderPurpose

  package init(
    _ side: Side, _ quantity: Quantity, of instrument: Instrument, _ pricing: Pricing,
    life: OrderLife = .untilCancelled, purpose: OrderPurpose = .trade
  ) {
    self.instrument = instrument
    self.side = side
    self.quantity = quantity
    self.pricing = pricing
    self.life = life
    self.purpose = purpose
  }

  /// The quantity with the sign it gives a position.
  package var signedQuantity: Quantity { side.signed(quantity) }
}

/// At which price an order may be filled.
package enum Pricing: Hashable, Sendable {
  /// At whatever the venue offers.
  case market
  /// At this price or a better one.
  case limit(Price)
}

/// When the venue gives an order up.
package enum OrderLife: String, Hashable, Sendable, CaseIterable {
  case untilCancelled = "until_cancelled"
  /// What cannot be filled at once is cancelled.
  case immediate
}

/// Why an order is placed.
package enum OrderPurpose: String, Hashable, Sendable, CaseIterable {
  case trade
  /// Closes a position in an emergency: it can only reduce, and goes when nothing else may.
  /// (S18-EMG-03)
  case emergencyClose = "emergency_close"
}

extension Side {
  package var opposite: Self { self == .buy ? .sell : .buy }

  /// Above zero for a purchase, below for a sale.
  package func signed<Kind>(_ value: Fixed<Kind>) -> Fixed<Kind> { self == .buy ? value : -value }
}

extension OrderTerms {
  /// What is wrong with the numbers themselves, all of it; empty when they fit `terms`.
  /// Whether the order is wise is not asked here. (S04-TRD-05)
  package func faults(against terms: InstrumentTerms) -> [OrderTermsFault] {
    var faults: [OrderTermsFault] = []
    if !quantity.isPositive {
      faults.append(.quantityNotPositive(quantity))
    } else if quantity < terms.smallest {
      faults.append(.quantityBelow(terms.smallest, quantity))
    } else if quantity > terms.largest {
      faults.append(.quantityAbove(terms.largest, quantity))
    } else if !quantity.isMultiple(of: terms.lotStep) {
      faults.append(.quantityOffStep(terms.lotStep, quantity))
    }
    if case .limit(let price) = pricing {
      if !price.isPositive {
        faults.append(.priceNotPositive(price))
      } else if !price.isMultiple(of: terms.tick) {
        faults.append(.priceOffTick(terms.tick, price))
      }
    }
    return faults
  }
}

/// Numbers that no order may have.
package enum OrderTermsFault: Error, Hashable, Sendable {
  case quantityNotPositive(Quantity)
  case quantityBelow(Quantity, Quantity)
  case quantityAbove(Quantity, Quantity)
  case quantityOffStep(Quantity, Quantity)
  case priceNotPositive(Price)
  case priceOffTick(Price, Price)

  package var isAboutQuantity: Bool {
    switch self {
    case .quantityNotPositive, .quantityBelow, .quantityAbove, .quantityOffStep: true
    case .priceNotPositive, .priceOffTick: false
    }
  }
}

extension OrderTermsFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .quantityNotPositive(let quantity): "the quantity \(quantity) is not above zero"
    case .quantityBelow(let smallest, let quantity):
      "the quantity \(quantity) is below the smallest of \(smallest) lots"
    case .quantityAbove(let largest, let quantity):
      "the quantity \(quantity) is above the largest of \(largest) lots"
    case .quantityOffStep(let step, let quantity):
      "the quantity \(quantity) is no multiple of the lot step \(step)"
    case .priceNotPositive(let price): "the limit price \(price) is not above zero"
    case .priceOffTick(let tick, let price):
      "the limit price \(price) is no multiple of the tick \(tick)"
    }
  }
}
