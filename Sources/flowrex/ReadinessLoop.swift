import FlowrexAPI
import ServiceLifecycle

/// Asks for readiness from the start, so that the latch closes without anybody's asking and the
/// gauges are never old. (engine fact F11)
struct ReadinessLoop: Service {
  let readiness: Readiness

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        let verdict = await readiness.ask()
        try await Task.sleep(for: verdict.isReady ? .seconds(5) : .milliseconds(500))
      }
    }
  }
}
