import Synchronization

/// Ends waiting for work that takes too long. (C-35, S17-VAR-16)
package enum Deadline {
  /// Answers at the end whatever the work does: what ignores its cancellation, as a call into a
  /// library does that waits, goes on alone and is heard by nobody.
  ///
  /// - Parameter late: What is thrown when the work has not ended by then.
  package static func run<Value: Sendable>(
    until end: ContinuousClock.Instant, orThrow late: any Error,
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    let first = First<Value>()
    let working = Task {
      do { first.give(.success(try await work())) } catch { first.give(.failure(error)) }
    }
    let waiting = Task {
      try await Task.sleep(until: end, clock: .continuous)
      first.give(.failure(late))
      working.cancel()
    }
    defer { waiting.cancel() }
    return try await withTaskCancellationHandler {
      try await first.value()
    } onCancel: {
      working.cancel()
      first.give(.failure(CancellationError()))
    }
  }

  /// Cancels work at the end and waits until it has stopped: for what heeds cancellation, and must
  /// not go on alone.
  package static func cancelling<Value: Sendable>(
    until end: ContinuousClock.Instant, orThrow late: any Error,
    _ work: @escaping @Sendable () async throws -> Value
  ) async throws -> Value {
    try await withThrowingTaskGroup(of: Value.self) { group in
      group.addTask { try await work() }
      group.addTask {
        try await Task.sleep(until: end, clock: .continuous)
        throw late
      }
      defer { group.cancelAll() }
      guard let value = try await group.next() else { throw late }
      return value
    }
  }
}

/// The first of several results.
private final class First<Value: Sendable>: Sendable {
  private enum State {
    case open
    case awaited(CheckedContinuation<Value, any Error>)
    case given(Result<Value, any Error>)
    case over
  }

  private let state = Mutex(State.open)

  func give(_ result: Result<Value, any Error>) {
    let waiter = state.withLock { state -> CheckedContinuation<Value, any Error>? in
      switch state {
      case .open: state = .given(result)
      case .awaited(let continuation):
        state = .over
        return continuation
      case .given, .over: break
      }
      return nil
    }
    waiter?.resume(with: result)
  }

  func value() async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      let result = state.withLock { state -> Result<Value, any Error>? in
        guard case .given(let result) = state else {
          state = .awaited(continuation)
          return nil
        }
        state = .over
        return result
      }
      if let result { continuation.resume(with: result) }
    }
  }
}
