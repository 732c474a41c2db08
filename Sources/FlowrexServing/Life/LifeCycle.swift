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
  }

  private let state = Mutex(State())

  package init() {}

  package var phase: Phase { state.withLock { $0.phase } }
  package var isClosing: Bool { phase == .closing }

  /// Goes on, never back.
  package func enter(_ phase: Phase) {
    state.withLock { $0.phase = max($0.phase, phase) }
  }

  /// Whether this process has ever been ready: the latch of the engine's health check.
  package var wasReady: Bool { state.withLock { $0.wasReady } }

  package func markReady() { state.withLock { $0.wasReady = true } }
}
