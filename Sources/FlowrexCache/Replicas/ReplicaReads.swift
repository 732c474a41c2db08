package import FlowrexContract
import FlowrexResilience
package import FlowrexStore
package import Ledger
import Synchronization

/// Somebody who hears where views are read. (S18-ARCH-05)
package protocol ReplicaObserver: Sendable {
  /// How far the copy that is least behind may be behind.
  func stands(behind lag: Span)
  /// A read went to the primary.
  func fellBack(_ reason: ReplicaFallback)
  /// Whether any copy answers.
  func reached(_ isReachable: Bool)
  /// The breaker before a copy entered a state.
  func entered(_ state: BreakerState)
}

/// A database that is only read: from a copy that is not further behind than a bound, and else from
/// the primary. (S18-ARCH-05, engine fact F17)
///
/// Whatever goes wrong at a copy is asked of the primary, also when the copy does not know yet what
/// is asked for. Who writes gets no such store: a copy refuses that.
package final class ReplicaReads: Store {
  private struct Copy: Sendable {
    let store: any Store
    var breaker: CircuitBreaker
    /// It has everything that was committed before.
    var completeUpTo: Timestamp?
  }

  private struct State: Sendable {
    var copies: [Copy]
    var lag = ReplicaLag()
    /// Whose turn it is.
    var turn = 0
  }

  /// When copies are read.
  package struct Rules: Sendable {
    /// The key `DATABASE_REPLICA_MAX_LAG_SECONDS`.
    package var maxLag: Span
    /// The keys `BREAKER_FAILURES` and `BREAKER_OPEN_SECONDS`, of each copy.
    package var failures: Int
    package var rest: Span

    package init(maxLag: Span, failures: Int, rest: Span) {
      self.maxLag = maxLag
      self.failures = failures
      self.rest = rest
    }
  }

  private let primary: any Store
  private let rules: Rules
  private let now: @Sendable () -> Timestamp
  private let start: Timestamp
  private let observer: any ReplicaObserver
  private let state: Mutex<State>

  /// - Parameter now: by a clock that nobody sets.
  package init(
    _ primary: any Store, _ replicas: [any Store], _ rules: Rules,
    now: @escaping @Sendable () -> Timestamp, observer: any ReplicaObserver
  ) {
    self.primary = primary
    self.rules = rules
    self.now = now
    self.observer = observer
    start = now()
    let breaker = CircuitBreaker(failures: rules.failures, rest: rules.rest.microseconds * 1_000)
    state = Mutex(State(copies: replicas.map { Copy(store: $0, breaker: breaker) }))
  }

  package func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    switch choice() {
    case .primary(let reason): observer.fellBack(reason)
    case .copy(let number, let store):
      do {
        let value = try await store.transact(urgency, body)
        ended(number, well: true)
        return value
      } catch StoreFault.poolExhausted {
        observer.fellBack(.exhausted)
      } catch let fault as StoreFault {
        ended(number, well: !fault.isOfTheCopy)
        observer.fellBack(fault.isOfTheCopy ? .unreachable : .lagging)
      } catch {
        // It may not be there yet.
        ended(number, well: true)
        observer.fellBack(.lagging)
      }
    }
    return try await primary.transact(urgency, body)
  }

  private enum Choice {
    case copy(Int, any Store)
    case primary(ReplicaFallback)
  }

  /// The next copy that is near enough and answers.
  private func choice() -> Choice {
    let now = now()
    return change { state in
      state.turn = (state.turn + 1) % max(1, state.copies.count)
      var isNear = false
      for step in state.copies.indices {
        let number = (state.turn + step) % state.copies.count
        guard let moment = state.copies[number].completeUpTo, now.since(moment) <= rules.maxLag
        else { continue }
        isNear = true
        guard case .granted = state.copies[number].breaker.ask(at: now.microseconds * 1_000) else {
          continue
        }
        return .copy(number, state.copies[number].store)
      }
      return .primary(isNear ? .unreachable : .lagging)
    }
  }

  private func ended(_ number: Int, well: Bool) {
    let now = now()
    change { state in
      if well {
        state.copies[number].breaker.succeeded()
      } else {
        state.copies[number].breaker.failed(at: now.microseconds * 1_000)
      }
    }
  }

  @discardableResult
  private func change<Value>(_ body: (inout State) -> Value) -> Value {
    let (value, entered) = state.withLock { state in
      let before = state.copies.map(\.breaker.state)
      let value = body(&state)
      let after = state.copies.map(\.breaker.state)
      return (value, zip(before, after).filter { $0 != $1 }.map(\.1))
    }
    for state in entered { observer.entered(state) }
    return value
  }
}

/// How far copies are behind is looked at beside the reads, so that none waits for it.
extension ReplicaReads {
  /// Five times in the bound, and once a second at least.
  private var pause: Duration {
    .microseconds(min(1_000_000, max(50_000, rules.maxLag.microseconds / 5)))
  }

  /// Looks until the task is cancelled.
  package func watch() async {
    while !Task.isCancelled {
      await look()
      try? await Task.sleep(for: pause)
    }
  }

  /// Asks the primary how far its log goes, and then each copy how far it has come.
  package func look() async {
    let asked = now()
    if let place = try? await primary.transact({ try $0.logPlace() }) ?? nil {
      state.withLock { $0.lag.wrote(upTo: place, at: asked) }
    }
    let stores = state.withLock { $0.copies.map(\.store) }
    let reached = await withTaskGroup(of: Bool.self) { group in
      for (number, store) in stores.enumerated() {
        group.addTask { await self.look(at: number, store) }
      }
      return await group.reduce(false) { $0 || $1 }
    }
    observer.reached(reached)
    let now = now()
    let newest = state.withLock { $0.copies.compactMap(\.completeUpTo).max() }
    observer.stands(behind: now.since(newest ?? start))
  }

  /// - Returns: whether it answered.
  private func look(at number: Int, _ store: any Store) async -> Bool {
    guard let place = try? await store.transact({ try $0.logPlace() }) ?? nil else { return false }
    state.withLock { state in
      guard let moment = state.lag.complete(upTo: place) else { return }
      let before = state.copies[number].completeUpTo
      state.copies[number].completeUpTo = before.map { max($0, moment) } ?? moment
    }
    return true
  }
}

extension StoreFault {
  /// Whether a copy fails, and not what was asked of it.
  fileprivate var isOfTheCopy: Bool {
    switch self {
    case .unreachable, .statementTimeout, .outcomeUnknown, .unable, .poolExhausted: true
    case .conflict, .duplicate, .refused, .unreadable: false
    }
  }
}
