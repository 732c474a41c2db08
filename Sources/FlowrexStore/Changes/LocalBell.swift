package import Ledger
import Synchronization

/// The bell of a store that one process has to itself.
package final class LocalBell: ChangeBell {
  private struct State {
    var next = 0
    var listeners: [Int: @Sendable (ChangeHint) -> Void] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// Tells everybody who listens; nobody, of no accounts.
  package func ring(_ accounts: [AccountID]) {
    guard !accounts.isEmpty else { return }
    for heard in state.withLock({ Array($0.listeners.values) }) { heard(.accounts(accounts)) }
  }

  package func listen(_ heard: @escaping @Sendable (ChangeHint) -> Void) async {
    let number = state.withLock { state in
      state.next += 1
      state.listeners[state.next] = heard
      return state.next
    }
    heard(.everything)
    // Nothing ever comes of it but its end: the task's.
    for await _ in AsyncStream<Never>.makeStream().stream {}
    _ = state.withLock { $0.listeners.removeValue(forKey: number) }
  }
}

/// The accounts that a transaction changed.
package final class Announced: Sendable {
  private let names = Mutex(Set<AccountID>())

  package init() {}

  package func note(_ account: AccountID) { names.withLock { _ = $0.insert(account) } }
  package var accounts: [AccountID] { names.withLock { Array($0) } }
}
