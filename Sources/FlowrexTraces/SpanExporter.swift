/// Takes batches to a collector.
package protocol SpanSender: Sendable {
  /// - Throws: when the collector did not take it, or did not say so in time.
  func send(_ document: [UInt8]) async throws
}

/// Sends what waits, in batches. A batch that is not taken is lost and counted: traces are not
/// worth a queue that grows. (S04-OBS-09, C-50)
package struct SpanExporter: Sendable {
  package static let queueLimit = 4_096
  private static let batch = 512
  private static let interval = Duration.seconds(1)
  /// After a collector did not answer, it is left in peace for so long.
  private static let pause = Duration.seconds(10)
  private static let farewell = Duration.seconds(2)

  private let queue: SpanQueue
  private let sender: any SpanSender
  private let resource: [(String, String)]
  private let counted: @Sendable (_ spans: Int, _ isSent: Bool) -> Void

  package init(
    _ queue: SpanQueue, to sender: any SpanSender, resource: [(String, String)],
    counted: @escaping @Sendable (_ spans: Int, _ isSent: Bool) -> Void
  ) {
    self.queue = queue
    self.sender = sender
    self.resource = resource
    self.counted = counted
  }

  /// Works until the task is cancelled.
  package func run() async {
    while !Task.isCancelled {
      let isWell = await sendAll()
      try? await Task.sleep(for: isWell ? Self.interval : Self.pause)
    }
  }

  /// Sends what is left at the end, and not for long.
  package func finish() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { _ = await sendAll() }
      group.addTask { try? await Task.sleep(for: Self.farewell) }
      await group.next()
      group.cancelAll()
    }
  }

  /// - Returns: false when a batch was not taken; what waits behind it stays.
  package func sendAll() async -> Bool {
    while true {
      let spans = queue.take(Self.batch)
      guard !spans.isEmpty else { return true }
      do {
        try await sender.send(OTLPDocument(spans, resource: resource).bytes)
        counted(spans.count, true)
      } catch {
        counted(spans.count, false)
        return false
      }
    }
  }
}
