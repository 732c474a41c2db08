package import FlowrexContract

/// Keeps calls from something that does not answer, as a value: events go in, what to do comes
/// out. (S04-RES-01 … 03)
///
/// Closed, it counts failures in a row; so many open it. Open, nobody calls for a while; then one
/// may try, and what becomes of that call closes it or opens it again.
package struct CircuitBreaker: Hashable, Sendable {
  private enum Phase: Hashable {
    case closed(failures: Int)
    case open(until: Int64)
    /// - Parameter giveUp: a trial that says nothing by then is held for lost.
    case halfOpen(giveUp: Int64)
  }

  /// What a caller is told.
  package enum Leave: Hashable, Sendable {
    case granted
    /// Try again after so many nanoseconds.
    case refused(after: Int64)
  }

  private let failures: Int
  private let rest: Int64
  private var phase = Phase.closed(failures: 0)

  /// - Parameters:
  ///   - failures: in a row, then it opens: the key `BREAKER_FAILURES`.
  ///   - rest: nanoseconds until one may try.
  package init(failures: Int, rest: Int64) {
    self.failures = max(1, failures)
    self.rest = max(1, rest)
  }

  package var state: BreakerState {
    switch phase {
    case .closed: .closed
    case .open: .open
    case .halfOpen: .halfOpen
    }
  }

  /// Whether a call may be made; who gets leave says what became of it.
  ///
  /// - Parameter now: nanoseconds of a clock that never goes back.
  package mutating func ask(at now: Int64) -> Leave {
    switch phase {
    case .closed: return .granted
    case .open(let until) where now < until: return .refused(after: until - now)
    case .halfOpen(let giveUp) where now < giveUp: return .refused(after: giveUp - now)
    case .open, .halfOpen:
      phase = .halfOpen(giveUp: now + rest)
      return .granted
    }
  }

  package mutating func succeeded() { phase = .closed(failures: 0) }

  package mutating func failed(at now: Int64) {
    switch phase {
    case .closed(let count) where count + 1 < failures: phase = .closed(failures: count + 1)
    // A call from before that ends late says nothing new.
    case .open: break
    case .closed, .halfOpen: phase = .open(until: now + rest)
    }
  }
}
