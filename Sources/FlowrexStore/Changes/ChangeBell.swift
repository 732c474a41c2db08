package import Ledger

/// What a transaction says that it changed.
package enum Announcement: Hashable, Sendable {
  case account(AccountID)
  /// A session has ended.
  case session(String)
  /// It leaves something to be said to a venue. (C-39)
  case message
  /// Too much to be named.
  case everything
}

/// Says that something changed. A hint and no more: it may be late, come twice, or not at all, and
/// what happened is read from the store.
package enum ChangeHint: Hashable, Sendable {
  case accounts([AccountID])
  /// Sessions that have ended.
  case sessions([String])
  /// There is something new to say to a venue.
  case messages
  /// Hints may have been lost; from now on they are heard.
  case everything
  /// From now on nothing is heard, until ``everything``.
  case deaf
}

extension ChangeHint {
  /// What listeners are told of a transaction.
  package static func hints(of changes: some Sequence<Announcement>) -> [ChangeHint] {
    var (accounts, sessions): ([AccountID], [String]) = ([], [])
    var isMessage = false
    for change in changes {
      switch change {
      case .account(let account): accounts.append(account)
      case .session(let session): sessions.append(session)
      case .message: isMessage = true
      case .everything: return [.everything]
      }
    }
    return (sessions.isEmpty ? [] : [.sessions(sessions)])
      + (accounts.isEmpty ? [] : [.accounts(accounts)]) + (isMessage ? [.messages] : [])
  }
}

/// Where a store tells what its transactions changed, those of other processes too where there are
/// any. (PostgreSQL: `LISTEN`.)
package protocol ChangeBell: Sendable {
  /// Calls `heard` until the task is cancelled. It begins with ``ChangeHint/everything`` and ends
  /// with ``ChangeHint/deaf``.
  func listen(_ heard: @escaping @Sendable (ChangeHint) -> Void) async
}
