package import FlowrexContract
package import Ledger

/// Room that an accepted order holds under the caps until it is filled or over.
package struct Reservation: Hashable, Sendable {
  package let order: OrderID
  package let instrument: Instrument
  package let side: Side
  /// What may still be filled, in lots.
  package internal(set) var quantity: Quantity
  /// What that is worth in dollars, at the prices of the decision.
  package internal(set) var value: Amount
  /// Its order is over, and a trade that was made before may be told until then.
  package internal(set) var lingersUntil: Timestamp?
}

/// What the risk engine says: a value, with nothing done yet.
package enum Decision: Hashable, Sendable {
  case accept(Reservation)
  case deny(Denial)

  package var denial: Denial? {
    if case .deny(let denial) = self { denial } else { nil }
  }
}
