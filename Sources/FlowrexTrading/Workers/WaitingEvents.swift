import FlowrexStore
import Ledger

/// Events of an account that somebody held when they were told: they wait, and keep none behind
/// them from being heard. (S04-TRD-10)
extension Desk {
  /// Books what waits for accounts that are free by now.
  ///
  /// - Parameter limit: so many of each account.
  /// - Returns: how many events wait no more.
  func bookWaiting(for accounts: [AccountID], limit: Int) async throws -> Int {
    var count = 0
    for account in accounts {
      do {
        count += try await bookWaiting(for: account, limit: limit)
      } catch let error where Self.isOwn(error) {
        // Somebody still holds it: it waits on.
        guard Self.isLasting(error) else { continue }
        count += try await bookAlone(waitingFor: account, limit: limit)
      }
    }
    return count
  }

  private func bookWaiting(for account: AccountID, limit: Int) async throws -> Int {
    let (name, desk) = (broker.name, self)
    return try await store.transact { rows in
      try rows.limitWaits(to: desk.times.longestWait)
      return try desk.withAccounts([account], rows) { accounts in
        // Read under the account's lock: another desk may have booked it.
        let events = try rows.waiting(for: account, of: name, limit: limit)
        for event in events {
          let kind = try event.readKind()
          let isBooked = try accounts.with(account) { try $0.hear(kind, of: event.order) }
          if isBooked {
            try rows.removeUnbooked(event.place, of: name)
          } else {
            try rows.stopWaiting(event.place, of: name)
          }
        }
        return events.count
      }
    }
  }

  /// One of them cannot be booked, for a reason of its own: it is people's, and what comes after it
  /// is booked by the next round.
  private func bookAlone(waitingFor account: AccountID, limit: Int) async throws -> Int {
    let name = broker.name
    let events: [UnbookedEvent]
    do {
      events = try await store.transact { try $0.waiting(for: account, of: name, limit: limit) }
    } catch let error where Self.isOwn(error) {
      let now = clock.now()
      try await store.transact { try $0.note(.unheard(account, error, at: now)) }
      return 0
    }
    for (index, event) in events.enumerated() {
      do {
        guard try await bookWaiting(for: account, limit: 1) == 1 else { return index }
      } catch let error where Self.isOwn(error) {
        guard Self.isLasting(error) else { return index }
        let now = clock.now()
        try await store.transact { rows in
          try rows.stopWaiting(event.place, of: name)
          try rows.note(.unbookable(event, error, at: now))
        }
      }
    }
    return events.count
  }
}
