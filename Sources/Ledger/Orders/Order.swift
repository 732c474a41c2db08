package import FlowrexContract

/// An order and where it stands. (S04-TRD-05)
package struct Order: Hashable, Sendable {
  package let id: OrderID
  package let terms: OrderTerms
  package let mode: ExecutionMode
  package let placedAt: Timestamp
  package private(set) var state: OrderState
  /// In lots; it never falls, and only fills raise it.
  package private(set) var filled = Quantity.zero
  /// Somebody asked for its end; a fill may come first.
  package private(set) var cancelRequested = false

  /// A new order: it waits for approval in ``ExecutionMode/guide`` unless it closes in an
  /// emergency, and is accepted otherwise. (C-65, S17-INT-04)
  package init(_ id: OrderID, _ terms: OrderTerms, mode: ExecutionMode, placedAt: Timestamp) {
    self.id = id
    self.terms = terms
    self.mode = mode
    self.placedAt = placedAt
    state =
      mode == .guide && terms.purpose == .trade ? .awaitingApproval : .accepted
  }

  /// An order as it was stored: what ``receive(_:)`` made of it, and nothing else.
  package init(
    stored id: OrderID, _ terms: OrderTerms, mode: ExecutionMode, placedAt: Timestamp,
    state: OrderState, filled: Quantity, cancelRequested: Bool
  ) {
    self.id = id
    self.terms = terms
    self.mode = mode
    self.placedAt = placedAt
    self.state = state
    self.filled = filled
    self.cancelRequested = cancelRequested
  }

  /// What may still be filled, in lots.
  package var remaining: Quantity {
    // Both are above zero and `filled` is the smaller: `receive` sees to it.
    Quantity(unchecked: terms.quantity.units - filled.units)
  }

  /// What the venue may still fill of it: nothing once it is over.
  package var open: Quantity { state.isFinal ? .zero : remaining }

  /// Takes an event in, or refuses it and stays as it was.
  package mutating func receive(_ event: OrderEvent) throws(OrderFault) {
    // What was filled in part is known at the venue, and was not rejected.
    let contradictsFills = event == .rejected || event == .provedAbsent
    guard let next = OrderTransitions.next(from: state, on: event.kind),
      filled.isZero || !contradictsFills
    else { throw .illegal(id: id, state: state, event: event.kind) }
    switch (next, event) {
    case (.filling, .filled(let quantity)):
      try fill(quantity)
    case (.state(.accepted), .provedAbsent) where cancelRequested:
      state = .cancelled
    case (.state(let next), _):
      state = next == .working && !filled.isZero ? .partiallyFilled : next
      cancelRequested = cancelRequested || event == .cancelRequested
    case (.wish, _):
      cancelRequested = true
    case (.same, _), (.filling, _):
      break
    }
  }

  private mutating func fill(_ quantity: Quantity) throws(OrderFault) {
    guard quantity.isPositive else { throw .fillNotPositive(id: id, quantity: quantity) }
    guard quantity <= remaining else {
      throw .overfilled(id: id, quantity: quantity, remaining: remaining)
    }
    filled = Quantity(unchecked: filled.units + quantity.units)
    if remaining.isZero {
      state = .filled
    } else if !state.isFinal {
      state = .partiallyFilled
    }
  }
}

/// Why an event was refused.
package enum OrderFault: Error, Hashable, Sendable {
  case illegal(id: OrderID, state: OrderState, event: OrderEventKind)
  case overfilled(id: OrderID, quantity: Quantity, remaining: Quantity)
  case fillNotPositive(id: OrderID, quantity: Quantity)
}

extension OrderFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .illegal(let id, let state, let event):
      "order \(id) is '\(state.rawValue)' and cannot take '\(event.rawValue)'"
    case .overfilled(let id, let quantity, let remaining):
      "order \(id) has \(remaining) left to fill and cannot take a fill of \(quantity)"
    case .fillNotPositive(let id, let quantity):
      "order \(id) cannot take a fill of \(quantity)"
    }
  }
}
