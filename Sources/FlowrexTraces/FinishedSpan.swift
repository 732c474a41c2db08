import Synchronization
import Tracing

/// A span that ended, as it is exported.
package struct FinishedSpan: Sendable {
  let parent: TraceParent?
  let own: TraceParent
  let name: String
  let kind: SpanKind
  /// Nanoseconds since 1970.
  let began: UInt64
  let ended: UInt64
  let attributes: SpanAttributes
  let events: [SpanEvent]
  let isError: Bool
}

/// Spans that wait for their export: so many and no more, and who is traced never waits.
/// (S04-OBS-09)
package final class SpanQueue: Sendable {
  private let limit: Int
  private let state = Mutex<[FinishedSpan]>([])
  private let lost: @Sendable (Int) -> Void

  /// - Parameter lost: hears how many found no room.
  package init(limit: Int, lost: @escaping @Sendable (Int) -> Void) {
    self.limit = limit
    self.lost = lost
  }

  func put(_ span: FinishedSpan) {
    let hasRoom = state.withLock { spans in
      guard spans.count < limit else { return false }
      spans.append(span)
      return true
    }
    if !hasRoom { lost(1) }
  }

  func take(_ most: Int) -> [FinishedSpan] {
    state.withLock { spans in
      let first = Array(spans.prefix(most))
      spans.removeFirst(first.count)
      return first
    }
  }

  var count: Int { state.withLock { $0.count } }
}
