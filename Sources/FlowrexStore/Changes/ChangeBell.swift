package import Ledger

/// Says that something changed. A hint and no more: it may be late, come twice, or not at all, and
/// what happened is read from the store.
package enum ChangeHint: Hashable, Sendable {
  case accounts([AccountID])
  /// There is something new to say to a venue.
  case messages
  /// Hints may have been lost.
  case everything
}

/// What a transaction says of itself, for those who listen.
package enum Announcement: Hashable, Sendable {
  /// It changes an account.
  case account(AccountID)
  /// It leaves something to be said to a venue. (C-39)
  case message
}

/// Where a store tells what its transactions changed, those of other processes too where there are
/// any. (PostgreSQL: `LISTEN`.)
package protocol ChangeBell: Sendable {
  /// Calls `heard` until the task is cancelled. It begins with ``ChangeHint/everything``.
  func listen(_ heard: @escaping @Sendable (ChangeHint) -> Void) async
}
