package import FlowrexContract
package import FlowrexStore
package import Ledger

/// Where streams read what happened. (S17-VAR-39)
package protocol StreamSource: Sendable {
  /// The accounts of the person of a token.
  func accounts(of subject: String) async throws -> [AccountID]
  /// What happened after a number, the oldest first; `nil` when not all of it is kept any more.
  func items(
    of account: AccountID, after number: Int64, limit: Int
  ) async throws -> [StreamItem]?
  func snapshot(of account: AccountID) async throws -> StreamSnapshot
  func look(sessions: [String], accounts: [AccountID]) async throws -> StreamLook
}

/// A change with what it is about, as it is now.
package struct StreamItem: Sendable {
  package let change: AccountChange
  /// `nil` when its row cannot be read.
  package let order: OrderRecord?
  package let event: OrderEventRecord?
  package let fill: FillRecord?
  /// What the account has of the fill's instrument.
  package let position: Position?

  package init(
    _ change: AccountChange, _ order: OrderRecord?, event: OrderEventRecord? = nil,
    fill: FillRecord? = nil, position: Position? = nil
  ) {
    self.change = change
    self.order = order
    self.event = event
    self.fill = fill
    self.position = position
  }
}

/// Where an account stands. It holds at least what happened up to its number, perhaps more.
package struct StreamSnapshot: Sendable {
  package let account: AccountID
  package let number: Int64
  package let orders: [OrderRecord]
  package let areOrdersCut: Bool
  package let positions: [(Instrument, Position)]

  package init(
    _ account: AccountID, number: Int64, orders: [OrderRecord], areOrdersCut: Bool,
    positions: [(Instrument, Position)]
  ) {
    self.account = account
    self.number = number
    self.orders = orders
    self.areOrdersCut = areOrdersCut
    self.positions = positions
  }
}

/// What all open streams together ask now and then.
package struct StreamLook: Sendable {
  /// Sessions whose tokens are still believed.
  package let live: Set<String>
  /// The last change of each account that has one.
  package let last: [AccountID: Int64]

  package init(live: Set<String>, last: [AccountID: Int64]) {
    self.live = live
    self.last = last
  }
}

/// A price as streams tell it.
package struct StreamQuote: Sendable, Hashable {
  package let instrument: Instrument
  package let bid: Price
  package let ask: Price
  package let at: Timestamp

  package init(_ instrument: Instrument, bid: Price, ask: Price, at: Timestamp) {
    self.instrument = instrument
    self.bid = bid
    self.ask = ask
    self.at = at
  }
}
