package import FlowrexContract
package import Ledger

/// Something that happened to an account's orders, by its names: what it is about is read where it
/// stands.
package struct AccountChange: Hashable, Sendable {
  package enum Subject: Hashable, Sendable {
    /// An order as it was placed, or after its event of that number; 0 is its beginning.
    case order(event: Int)
    /// A trade of the order, as a venue named it.
    case fill(FillID, broker: String)
  }

  package let account: AccountID
  /// 1, 2, 3 …, in the order in which the changes were committed: whoever changes an account or
  /// its orders holds the account.
  package let number: Int64
  package let at: Timestamp
  package let order: OrderID
  package let subject: Subject

  package init(
    _ subject: Subject, of order: OrderID, _ account: AccountID, number: Int64, at: Timestamp
  ) {
    self.account = account
    self.number = number
    self.at = at
    self.order = order
    self.subject = subject
  }
}

/// The changes of an account that are kept.
package struct ChangeSpan: Hashable, Sendable {
  package let first: Int64
  package let last: Int64

  package init(first: Int64, last: Int64) {
    self.first = first
    self.last = last
  }

  /// Whether all that came after a number is still there.
  package func reaches(back number: Int64) -> Bool { (first - 1...last).contains(number) }
}

/// What streams read of an account.
package protocol ChangeRows {
  /// Those after a number, the oldest first.
  func changes(
    of account: AccountID, after number: Int64, limit: Int
  ) throws(StoreFault) -> [AccountChange]
  /// `nil` for an account without any.
  func changeSpan(of account: AccountID) throws(StoreFault) -> ChangeSpan?
  /// The last change of each account that has one.
  func lastChanges(of accounts: [AccountID]) throws(StoreFault) -> [AccountID: Int64]
  /// Accounts of a person, in the order of their ids.
  func accounts(of owner: PersonID) throws(StoreFault) -> [AccountID]
  /// What an account has now, held by nobody; instruments without a position are left out.
  func openPositions(of account: AccountID) throws(StoreFault) -> [(Instrument, Position)]
  /// The orders of an account in these states, the oldest first.
  func orders(
    of account: AccountID, in states: [OrderState], limit: Int
  ) throws(StoreFault) -> [OrderRecord]
  func event(_ number: Int, of order: OrderID) throws(StoreFault) -> OrderEventRecord?
  /// Those among the sessions whose tokens are still believed. (S04-AUTH-10)
  ///
  /// - Parameter now: Seconds since 1970.
  func liveSessions(among sessions: [String], now: Int64) throws(StoreFault) -> Set<String>
  /// Removes old changes, but never the last one of an account: numbers go on.
  ///
  /// - Returns: how many were removed; as many as the limit when there may be more.
  func removeChanges(before moment: Timestamp, limit: Int) throws(StoreFault) -> Int
}
