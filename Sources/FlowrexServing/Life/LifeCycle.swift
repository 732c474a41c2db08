import Synchronization

/// Where a process stands between start and end. (C-33, engine facts F9, F11)
package final class LifeCycle: Sendable {
  package enum Phase: Int, Sendable, Comparable {
    case serving
    /// The signal came: the edge may still send requests, and they are taken.
    case draining
    /// Answers say `Connection: close`, so that nobody sends another one here.
    case closing

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  private struct State {
    var phase = Phase.serving
    var wasReady = false
    var whenClosing: [@Sendable () -> Void] = []
  }

  private let state = Mutex(State())

  package init() {}

  package var phase: Phase { state.withLock { $0.phase } }
  package var isClosing: Bool { phase == .closing }

  /// Goes on, never back.
  package func enter(_ phase: Phase) {
    let due = state.withLock { state in
      state.phase = max(state.phase, phase)
      guard state.phase == .closing else { return [@Sendable () -> Void]() }
      defer { state.whenClosing = [] }
      return state.whenClosing
    }
    for work in due { work() }
  }

  /// Does something once when connections are closed, or now if that is past.
  package func whenClosing(_ work: @escaping @Sendable () -> Void) {
    let isPast = state.withLock { state in
      if state.phase != .closing { state.whenClosing.append(work) }
      return state.phase == .closing
    }
    if isPast { work() }
  }

  /// Whether this process has ever been ready: the latch of the engine's health check.
  package var wasReady: Bool { state.withLock { $0.wasReady } }

  package func markReady() { state.withLock { $0.wasReady = true } }
}
