package import FlowrexTrading
package import Ledger
import Synchronization

/// Ends a pause early: there is something to do, or nothing any more.
package final class Bell: Sendable {
  private struct State {
    var isRung = false
    var isOver = false
    var waiting: CheckedContinuation<Void, Never>?
  }

  private let state = Mutex(State())

  package init() {}

  package var isOver: Bool { state.withLock { $0.isOver } }

  /// Ends the pause of now, or the next one.
  package func ring() { wake { $0.isRung = true } }

  /// Ends this pause and all others.
  package func end() { wake { $0.isOver = true } }

  private func wake(_ change: (inout State) -> Void) {
    let waiting = state.withLock { state in
      change(&state)
      defer { state.waiting = nil }
      if state.waiting != nil { state.isRung = false }
      return state.waiting
    }
    waiting?.resume()
  }

  /// Comes back after a time, or earlier. One task waits at a time.
  package func pause(_ span: Span, _ clock: any DeskClock) async {
    let timer = Task {
      await clock.sleep(span)
      guard !Task.isCancelled else { return }
      ring()
    }
    defer { timer.cancel() }
    await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        let isNow = state.withLock { state in
          guard !state.isRung, !state.isOver, !Task.isCancelled else {
            state.isRung = false
            return true
          }
          state.waiting = continuation
          return false
        }
        if isNow { continuation.resume() }
      }
    } onCancel: {
      ring()
    }
  }
}
