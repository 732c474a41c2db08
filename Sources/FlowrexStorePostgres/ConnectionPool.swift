import Dispatch
import FlowrexStore
import Ledger
import Synchronization

/// A bounded number of connections. Who finds none free waits in line, and not for ever.
/// (C-27, C-35)
final class ConnectionPool: Sendable {
  private struct Waiter {
    let number: UInt64
    let urgency: Urgency
    let continuation: CheckedContinuation<PostgresConnection?, any Error>
  }

  private struct Idle {
    let connection: PostgresConnection
    let since: ContinuousClock.Instant
  }

  private struct State {
    /// The last one used is used next, so that what is not needed grows old.
    var idle: [Idle] = []
    /// Idle, lent, and being opened.
    var open = 0
    var waiters: [Waiter] = []
    var nextWaiter: UInt64 = 0
    var isClosed = false
  }

  private let settings: PostgresSettings
  private let state = Mutex(State())

  init(_ settings: PostgresSettings) { self.settings = settings }

  /// Idle, lent, and being opened.
  var count: Int { state.withLock { $0.open } }

  /// Runs `body` with a connection that nobody else has.
  func withConnection<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (PostgresConnection) throws -> Value
  ) async throws -> Value {
    let connection = try await lend(urgency)
    do {
      let value = try await connection.perform(body)
      take(back: connection, from: urgency)
      return value
    } catch {
      // Whatever is idle leads to the same server. One that cannot be opened says nothing of those
      // that are open.
      if case StoreFault.unreachable = error { forgetIdle() }
      take(back: connection, from: urgency)
      throw error
    }
  }

  /// Closes idle connections now and lent ones when they come back.
  func close() {
    let waiters = state.withLock { state in
      state.isClosed = true
      state.open -= state.idle.count
      state.idle = []
      defer { state.waiters = [] }
      return state.waiters
    }
    for waiter in waiters {
      waiter.continuation.resume(throwing: StoreFault.unreachable("the pool is closed"))
    }
  }

  /// Forgets idle connections: the server that they led to is gone.
  func forgetIdle() {
    state.withLock { state in
      state.open -= state.idle.count
      state.idle = []
    }
  }

  private enum Loan {
    case idle(PostgresConnection)
    case mayOpen
    case mustWait
    case closed
  }

  /// So many are for everybody; the stop has one more.
  private var limit: Int { settings.poolSize + settings.overflow }

  private func loan(_ state: inout State, _ urgency: Urgency) -> Loan {
    if state.isClosed { return .closed }
    if let last = state.idle.popLast() { return .idle(last.connection) }
    let kept = urgency == .urgent ? 1 : 0
    guard state.open < limit + kept else { return .mustWait }
    state.open += 1
    return .mayOpen
  }

  private func lend(_ urgency: Urgency) async throws -> PostgresConnection {
    switch state.withLock({ loan(&$0, urgency) }) {
    case .closed: throw StoreFault.unreachable("the pool is closed")
    case .mayOpen: return try await connect(urgency)
    case .mustWait:
      // A place without a connection: whoever had it closed its own.
      if let connection = try await wait(urgency), isYoung(connection) { return connection }
      return try await connect(urgency)
    case .idle(let connection):
      return isYoung(connection) ? connection : try await connect(urgency)
    }
  }

  private func isYoung(_ connection: PostgresConnection) -> Bool {
    ContinuousClock.now - connection.openedAt < .microseconds(settings.recycleAfter.microseconds)
  }

  /// The place is counted already; it is given back when nothing can be opened.
  private func connect(_ urgency: Urgency) async throws -> PostgresConnection {
    do {
      // A statement that waits for a row is ended with its own time: no other limit is needed.
      return try await settings.connect(
        statementTimeout: settings.statementTimeout, lockTimeout: Span(microseconds: 0))
    } catch {
      giveUpPlace(of: urgency)
      throw error
    }
  }

  private func wait(_ urgency: Urgency) async throws -> PostgresConnection? {
    let span = settings.poolWait
    let number = state.withLock { state in
      state.nextWaiter += 1
      return state.nextWaiter
    }
    let end = Task {
      try await Task.sleep(for: .microseconds(span.microseconds))
      let waiter = state.withLock { state -> Waiter? in
        guard let place = state.waiters.firstIndex(where: { $0.number == number }) else {
          return nil
        }
        return state.waiters.remove(at: place)
      }
      waiter?.continuation.resume(throwing: StoreFault.poolExhausted(span))
    }
    defer { end.cancel() }
    return try await withCheckedThrowingContinuation { continuation in
      let waiter = Waiter(number: number, urgency: urgency, continuation: continuation)
      // Between the look and now one may have come back.
      let loan = state.withLock { state -> Loan in
        let loan = self.loan(&state, urgency)
        if case .mustWait = loan { state.waiters.append(waiter) }
        return loan
      }
      switch loan {
      case .closed:
        continuation.resume(throwing: StoreFault.unreachable("the pool is closed"))
      case .idle(let connection): continuation.resume(returning: connection)
      case .mayOpen: continuation.resume(returning: nil)
      case .mustWait: break
      }
    }
  }

  /// Who gets the place that comes back: a stop before all others. The place above the limit is
  /// the stop's own, and goes to nobody else.
  private func nextWaiter(_ state: inout State, after urgency: Urgency) -> Waiter? {
    if let place = state.waiters.firstIndex(where: { $0.urgency == .urgent }) {
      return state.waiters.remove(at: place)
    }
    guard !state.waiters.isEmpty, !isTheStopsOwn(state, urgency) else { return nil }
    return state.waiters.removeFirst()
  }

  private func isTheStopsOwn(_ state: State, _ urgency: Urgency) -> Bool {
    urgency == .urgent && state.open > limit
  }

  private func take(back connection: PostgresConnection, from urgency: Urgency) {
    if connection.isBroken || !connection.isIdle {
      giveUpPlace(of: urgency)
      return
    }
    let (waiter, isMany) = state.withLock { state -> (Waiter?, Bool) in
      if let waiter = nextWaiter(&state, after: urgency) { return (waiter, false) }
      if state.isClosed || isTheStopsOwn(state, urgency) {
        state.open -= 1
      } else {
        state.idle.append(Idle(connection: connection, since: .now))
      }
      return (nil, state.open > settings.poolSize)
    }
    waiter?.continuation.resume(returning: connection)
    if isMany { closeSurplusLater() }
  }

  /// Connections above the pool's size stay while there is use for them: a burst does not open and
  /// close one for every transaction.
  private func closeSurplusLater() {
    let life = settings.overflowLife
    DispatchQueue.global().asyncAfter(
      deadline: .now() + .milliseconds(Int(life.milliseconds))
    ) { [weak self] in
      self?.closeSurplus(idleFor: life)
    }
  }

  private func closeSurplus(idleFor life: Span) {
    let now = ContinuousClock.now
    let surplus = state.withLock { state -> ArraySlice<Idle> in
      let count = max(0, min(state.open - settings.poolSize, state.idle.count))
      let old = state.idle.prefix(count).prefix {
        now - $0.since >= .microseconds(life.microseconds)
      }
      state.idle.removeFirst(old.count)
      state.open -= old.count
      return old
    }
    // They are closed here, and not where everybody waits.
    _ = consume surplus
  }

  /// The first in line gets the place, and opens its own connection.
  private func giveUpPlace(of urgency: Urgency) {
    let waiter = state.withLock { state -> Waiter? in
      if let waiter = nextWaiter(&state, after: urgency) { return waiter }
      state.open -= 1
      return nil
    }
    waiter?.continuation.resume(returning: nil)
  }
}

extension PostgresSettings {
  /// Opens a connection on a thread that may wait. Whoever asked waits no longer than allowed, even
  /// where a look-up of the host's name, which has no end of its own, does.
  func connect(statementTimeout: Span, lockTimeout: Span) async throws -> PostgresConnection {
    let parameters = parameters(statementTimeout: statementTimeout, lockTimeout: lockTimeout)
    let limit = connectTimeout
    // What the server ends by itself it has time to tell of.
    let patience = Span(microseconds: statementTimeout.microseconds + 1_000_000)
    let late = limit.milliseconds + 500
    return try await withCheckedThrowingContinuation { continuation in
      let answer = Answer(continuation)
      DispatchQueue.global().async {
        answer.give(
          Result { () throws(StoreFault) in
            try PostgresConnection(parameters, within: limit, patience: patience)
          })
      }
      DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(Int(late))) {
        answer.give(.failure(.unreachable("no connection was opened within \(limit)")))
      }
    }
  }
}

/// Given once, by whoever is first.
private final class Answer: Sendable {
  private let continuation: Mutex<CheckedContinuation<PostgresConnection, any Error>?>

  init(_ continuation: CheckedContinuation<PostgresConnection, any Error>) {
    self.continuation = Mutex(continuation)
  }

  func give(_ result: Result<PostgresConnection, StoreFault>) {
    let first = continuation.withLock { continuation in
      defer { continuation = nil }
      return continuation
    }
    first?.resume(with: result.mapError { $0 as any Error })
  }
}
