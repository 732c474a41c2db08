package import FlowrexConfiguration
package import FlowrexServing
package import Logging
import ServiceContract
package import ServiceLifecycle
import UnixSignals

/// The end of a process, as the edge needs it. (C-33, engine fact F9)
///
/// After the signal the edge still knows this replica for a while: its requests are taken. Then
/// answers say `Connection: close`, so that no idle connection is used again, and what is running
/// may finish. A second signal shortens the first part.
package struct Drain {
  let settings: LifeSettings
  let life: LifeCycle
  let logger: Logger

  /// Idle connections get one more request in this time, and with it the word to close.
  private static let closing = Duration.seconds(1)

  package init(settings: LifeSettings, life: LifeCycle, logger: Logger) {
    self.settings = settings
    self.life = life
    self.logger = logger
  }

  package func run(_ group: ServiceGroup) async throws {
    try await withThrowingTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try await group.run() }
      let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
      tasks.addTask {
        for await _ in signals { break }
        guard !Task.isCancelled else { return }
        life.enter(.draining)
        logger.info("draining")
        await wait(for: settings.drainAccept)
        life.enter(.closing)
        logger.info("closing connections")
        try? await Task.sleep(for: Self.closing)
        await group.triggerGracefulShutdown()
      }
      defer { tasks.cancelAll() }
      // The first to end is the signal's task; the group's own end is what is waited for.
      _ = try await tasks.next()
      if life.isClosing { _ = try await tasks.next() }
    }
  }

  private func wait(for span: Duration) async {
    let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
    await withTaskGroup(of: Void.self) { tasks in
      tasks.addTask { try? await Task.sleep(for: span) }
      tasks.addTask {
        for await _ in signals { break }
      }
      await tasks.next()
      tasks.cancelAll()
    }
  }
}
