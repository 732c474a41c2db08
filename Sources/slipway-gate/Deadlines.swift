import Synchronization

/// How long the engine may take for one service.
final class Deadlines: Sendable {
  private let limit: Duration
  private let poll: Duration
  private let end: Mutex<ContinuousClock.Instant>

  init(seconds: Int, poll: String?) {
    limit = .seconds(seconds)
    self.poll = .milliseconds(Int((poll.flatMap { Double($0) } ?? 2) * 1000))
    end = Mutex(.now + .seconds(seconds))
  }

  /// Something was done: what comes next has its own time.
  func restart() { end.withLock { $0 = .now + limit } }

  func pause() async -> Bool {
    guard end.withLock({ ContinuousClock.now < $0 }) else {
      restart()
      return false
    }
    try? await Task.sleep(for: poll)
    return true
  }
}
