import FlowrexStore
import Ledger
import Synchronization

/// A bounded number of connections. Who finds none free waits in line, and not for ever.
/// (C-27, C-35)
final class ConnectionPool: Sendable {
  private struct Waiter {
    let number: UInt64
    let continuation: CheckedContinuation<PostgresConnection?, any Error>
  }

  private struct State {
    var idle: [PostgresConnection] = []
    /// Idle, lent, and being opened.
    var open = 0
    var waiters: [Waiter] = []
    var nextWaiter: UInt64 = 0
    var isClosed = false
  }

  private let settings: PostgresSettings
  private let state = Mutex(State())

  init(_ settings: PostgresSettings) { self.settings = settings }

  /// Runs `body` with a connection that nobody else has.
  func withConnection<Value: Sendable>(
    _ body: @escaping @Sendable (PostgresConnection) throws -> Value
  ) async throws -> Value {
    let connection = try await lend()
    do {
      let value = try await connection.perform(body)
      take(back: connection)
      return value
    } catch {
      take(back: connection)
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

  private func lend() async throws -> PostgresConnection {
    let loan = state.withLock { state -> Loan in
      if state.isClosed { return .closed }
      if let connection = state.idle.popLast() { return .idle(connection) }
      guard state.open < settings.poolSize + settings.overflow else { return .mustWait }
      state.open += 1
      return .mayOpen
    }
    switch loan {
    case .closed: throw StoreFault.unreachable("the pool is closed")
    case .mayOpen: return try await connect()
    case .mustWait:
      // A place without a connection: whoever had it closed its own.
      if let connection = try await wait(), isYoung(connection) { return connection }
      return try await connect()
    case .idle(let connection):
      return isYoung(connection) ? connection : try await connect()
    }
  }

  private func isYoung(_ connection: PostgresConnection) -> Bool {
    ContinuousClock.now - connection.openedAt < .microseconds(settings.recycleAfter.microseconds)
  }

  /// The place is counted already; it is given back when nothing can be opened.
  private func connect() async throws -> PostgresConnection {
    // A statement that waits for a row is ended with its own time: no other limit is needed.
    let parameters = settings.parameters(
      statementTimeout: settings.statementTimeout, lockTimeout: Span(microseconds: 0))
    do {
      return try await Self.offThePool { try PostgresConnection(parameters) }
    } catch {
      giveUpPlace()
      throw error
    }
  }

  private func wait() async throws -> PostgresConnection? {
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
      let waiter = Waiter(number: number, continuation: continuation)
      // Between the look and now one may have come back.
      let loan = state.withLock { state -> Loan in
        if state.isClosed { return .closed }
        if let connection = state.idle.popLast() { return .idle(connection) }
        if state.open < settings.poolSize + settings.overflow {
          state.open += 1
          return .mayOpen
        }
        state.waiters.append(waiter)
        return .mustWait
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

  private func take(back connection: PostgresConnection) {
    if connection.isBroken || !connection.isIdle {
      giveUpPlace()
      return
    }
    let waiter = state.withLock { state -> Waiter? in
      if !state.waiters.isEmpty { return state.waiters.removeFirst() }
      if state.isClosed || state.open > settings.poolSize {
        state.open -= 1
      } else {
        state.idle.append(connection)
      }
      return nil
    }
    waiter?.continuation.resume(returning: connection)
  }

  /// The first in line gets the place, and opens its own connection.
  private func giveUpPlace() {
    let waiter = state.withLock { state -> Waiter? in
      if !state.waiters.isEmpty { return state.waiters.removeFirst() }
      state.open -= 1
      return nil
    }
    waiter?.continuation.resume(returning: nil)
  }
}
