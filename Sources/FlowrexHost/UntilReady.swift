import FlowrexContract
package import FlowrexServing
import ServiceContract
import ServiceLifecycle

/// Asks for readiness from the start, so that the latch closes without anybody's asking and the
/// gauges are never old. (engine fact F11)
///
/// A process that was not ready once in the time of a start ends and says what it missed, before
/// the engine ends it without a word. Afterwards it waits for as long as it takes. (engine fact F4)
package struct UntilReady: Service {
  private let limit: Duration
  private let life: LifeCycle
  /// What does not answer; empty when it is ready.
  private let missing: @Sendable () async -> [String]

  package init(
    within limit: Duration, _ life: LifeCycle, missing: @escaping @Sendable () async -> [String]
  ) {
    self.limit = limit
    self.life = life
    self.missing = missing
  }

  package func run() async throws {
    let end = ContinuousClock.now + limit
    do {
      try await cancelWhenGracefulShutdown {
        while !Task.isCancelled {
          let missing = await missing()
          guard life.wasReady || life.phase != .serving || ContinuousClock.now < end else {
            throw refusal(missing)
          }
          try await Task.sleep(for: missing.isEmpty ? .seconds(5) : .milliseconds(500))
        }
      }
    } catch is CancellationError {
      // The end of the process.
    }
  }

  private func refusal(_ missing: [String]) -> RefusedToServe {
    let names = missing.joined(separator: ", ")
    return RefusedToServe(
      why: "not ready \(limit.components.seconds) seconds after the start, for want of \(names); "
        + "\(Setting.dependencyWait.name) says how long it waits")
  }
}
