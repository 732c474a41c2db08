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
    for heard in state.withLock({ Array($0.listeners.values) }) { hints.forEach(heard) }
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
    heard(.deaf)
  }
}

/// What a transaction announced.
package final class Announced: Sendable {
  private let all = Mutex(Set<Announcement>())

  package init() {}

  package func note(_ change: Announcement) { all.withLock { _ = $0.insert(change) } }

  package var changes: Set<Announcement> { all.withLock { $0 } }

  /// What listeners are told of it.
  package var hints: [ChangeHint] { ChangeHint.hints(of: changes) }
}
