import Ledger
import Synchronization

/// The bell of a store that one process has to itself.
package final class LocalBell: ChangeBell {
  private struct State {
    var next = 0
    var listeners: [Int: @Sendable (ChangeHint) -> Void] = [:]
  }

  private let state = Mutex(State())

  package init() {}

  /// Tells everybody who listens, if there is something to tell.
  package func ring(_ announced: Announced) {
    let hints = announced.hints
    guard !hints.isEmpty else { return }
    for heard in state.withLock({ Array($0.listeners.values) }) {
      for hint in hints { heard(hint) }
    }
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

/// What a transaction announced.
package final class Announced: Sendable {
  private let news = Mutex(Set<Announcement>())

  package init() {}

  package func note(_ news: Announcement) { self.news.withLock { _ = $0.insert(news) } }

  /// What listeners are told of it.
  package var hints: [ChangeHint] {
    let news = news.withLock { $0 }
    let accounts = news.compactMap { news -> AccountID? in
      if case .account(let account) = news { account } else { nil }
    }
    return (accounts.isEmpty ? [] : [.accounts(accounts)])
      + (news.contains(.message) ? [.messages] : [])
  }
}
