package import FlowrexContract
package import Ledger
package import Risk

/// An account with everything that decides about its orders.
package struct AccountRecord: Hashable, Sendable {
  package let id: AccountID
  package let owner: PersonID
  package var stored: StoredAccount

  package init(_ id: AccountID, of owner: PersonID, _ stored: StoredAccount) {
    self.id = id
    self.owner = owner
    self.stored = stored
  }
}

/// Dollars that came in or went out.
package struct CashMovement: Hashable, Sendable {
  /// The same name is the same movement.
  package let id: UInt128
  package let account: AccountID
  /// Below zero for a withdrawal.
  package let amount: Amount
  package let at: Timestamp

  package init(_ id: UInt128, of account: AccountID, _ amount: Amount, at: Timestamp) {
    self.id = id
    self.account = account
    self.amount = amount
    self.at = at
  }
}

/// What an account's fills of a day came to, in dollars. (S04-TRD-11)
package struct DailyResult: Hashable, Sendable {
  package let day: TradingDay
  /// Profit of what was closed, before fees.
  package let realised: Amount
  /// What was paid for it; below zero for rebates.
  package let fees: Amount
  /// How many.
  package let fills: Int

  package init(_ day: TradingDay, realised: Amount, fees: Amount, fills: Int) {
    self.day = day
    self.realised = realised
    self.fees = fees
    self.fills = fills
  }
}

/// How far a venue was heard.
package struct VenueCursor: Hashable, Sendable {
  /// Names the venue's journal; 0 before anything was heard.
  package var epoch: Int64
  /// The last event of that journal that is booked here.
  package var sequence: Int64

  package init(epoch: Int64, sequence: Int64) {
    self.epoch = epoch
    self.sequence = sequence
  }

  package static let beginning = VenueCursor(epoch: 0, sequence: 0)
}

/// Something that a venue told and that is not booked: whole, so that it can be booked later.
package struct UnbookedEvent: Hashable, Sendable {
  package let broker: String
  /// Its place in the venue's journal.
  package let place: VenueCursor
  package let order: OrderID
  package let kind: OrderEventKind
  /// What was traded, if something was.
  package let fill: Fill?
  package let at: Timestamp
  /// An account that somebody held: it is booked as soon as that is over. `nil` when a person has
  /// to see why it is not booked.
  package let waitsFor: AccountID?

  package init(
    from broker: String, at place: VenueCursor, of order: OrderID, _ kind: OrderEventKind,
    _ fill: Fill?, heardAt at: Timestamp, waitsFor: AccountID? = nil
  ) {
    self.waitsFor = waitsFor
    self.broker = broker
    self.place = place
    self.order = order
    self.kind = kind
    self.fill = fill
    self.at = at
  }
}

/// A trade that a look-up found and that does not fit: whole, so that it can be booked later.
package struct FoundFill: Hashable, Sendable {
  package let broker: String
  /// The order that was looked up.
  package let order: OrderID
  package let fill: Fill
  package let at: Timestamp

  package init(from broker: String, of order: OrderID, _ fill: Fill, foundAt at: Timestamp) {
    self.broker = broker
    self.order = order
    self.fill = fill
    self.at = at
  }
}

/// Events that a venue left out, and that were waited for long enough: it is asked for them again.
package struct EventGap: Hashable, Sendable {
  package let broker: String
  package let epoch: Int64
  /// The first place and the last one.
  package let first: Int64
  package let last: Int64
  /// The event after which they were missing when it was noticed. What came of a gap since may
  /// have left several.
  package let noted: Int64
  /// When the venue is asked again.
  package let dueAt: Timestamp
  /// When what comes after it was heard: no order that was placed later is part of it. `nil` when
  /// nobody knows.
  package let foundAt: Timestamp?

  /// `nil` when there is no place between the two.
  package init?(
    of broker: String, _ epoch: Int64, from first: Int64, to last: Int64, noted: Int64,
    dueAt: Timestamp, foundAt: Timestamp? = nil
  ) {
    guard first <= last else { return nil }
    self.foundAt = foundAt
    self.broker = broker
    self.epoch = epoch
    self.first = first
    self.last = last
    self.noted = noted
    self.dueAt = dueAt
  }
}

/// Where our books and the venue's differ. (S03-ARCH-05)
package struct Divergence: Hashable, Sendable {
  package let kind: DivergenceKind
  /// What it is about: an order's id, or an account and an instrument.
  package let subject: String
  package let detail: String
  package let foundAt: Timestamp

  package init(
    _ kind: DivergenceKind, of subject: String, _ detail: String, foundAt: Timestamp
  ) {
    self.kind = kind
    self.subject = subject
    self.detail = detail
    self.foundAt = foundAt
  }
}

/// One comparison of our books with the venue's. (S03-ARCH-05)
package struct ReconciliationRun: Hashable, Sendable {
  package let id: UInt128
  package let at: Timestamp
  package let checked: Int
  /// Orders about which the run decided.
  package let settled: Int
  /// Differences that stay.
  package let open: Int

  package init(id: UInt128, at: Timestamp, checked: Int, settled: Int, open: Int) {
    self.id = id
    self.at = at
    self.checked = checked
    self.settled = settled
    self.open = open
  }
}
