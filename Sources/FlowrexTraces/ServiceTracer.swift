import ServiceContract
import Synchronization
package import Tracing

/// Makes the spans of a process. What is sampled follows from the trace's name alone, so that
/// every process of one trace decides alike and nobody outside decides for us. (S04-OBS-09)
package final class ServiceTracer: Tracer {
  package typealias Span = ServiceSpan

  private let threshold: UInt64
  private let queue: SpanQueue
  private let draw: @Sendable (_ count: Int) -> [UInt8]

  /// - Parameters:
  ///   - ratio: 0 … 1, of traces.
  ///   - draw: bytes that nobody else draws.
  package init(
    sampling ratio: Double, into queue: SpanQueue,
    draw: @escaping @Sendable (_ count: Int) -> [UInt8]
  ) {
    // 2^64 itself is no number of 64 bits.
    threshold = ratio >= 1 ? .max : UInt64(max(0, ratio) * 18_446_744_073_709_551_616)
    self.queue = queue
    self.draw = draw
  }

  package func startSpan<Instant: TracerInstant>(
    _ name: String, context: @autoclosure () -> ServiceContext, ofKind kind: SpanKind,
    at instant: @autoclosure () -> Instant, function: String, file: String, line: UInt
  ) -> ServiceSpan {
    var context = context()
    let parent = context.traceParent
    let trace = parent?.trace ?? draw(16)
    let own = TraceParent(trace: trace, span: draw(8), isSampled: isSampled(trace))
    context.traceParent = own
    return ServiceSpan(
      name, context, own, parent: parent, kind, began: instant().nanosecondsSinceEpoch,
      into: own.isSampled ? queue : nil)
  }

  private func isSampled(_ trace: [UInt8]) -> Bool {
    let number = trace.suffix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return threshold == .max || number < threshold
  }

  package func forceFlush() {}

  package func extract<Carrier, Extract: Extractor>(
    _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
  ) where Extract.Carrier == Carrier {
    context.traceParent = extractor.extract(key: TraceParent.header, from: carrier)
      .flatMap(TraceParent.init)
  }

  package func inject<Carrier, Inject: Injector>(
    _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
  ) where Inject.Carrier == Carrier {
    guard let parent = context.traceParent else { return }
    injector.inject(parent.text, forKey: TraceParent.header, into: &carrier)
  }
}

/// A span that is being made. One that is not sampled carries its names on and keeps nothing.
package final class ServiceSpan: Span {
  private struct State {
    var name: String
    var attributes: SpanAttributes = [:]
    var events: [SpanEvent] = []
    var isError = false
    var isOver = false
  }

  package let context: ServiceContext
  private let own: TraceParent
  private let parent: TraceParent?
  private let kind: SpanKind
  private let began: UInt64
  private let queue: SpanQueue?
  private let state: Mutex<State>

  fileprivate init(
    _ name: String, _ context: ServiceContext, _ own: TraceParent, parent: TraceParent?,
    _ kind: SpanKind, began: UInt64, into queue: SpanQueue?
  ) {
    self.context = context
    self.own = own
    self.parent = parent
    self.kind = kind
    self.began = began
    self.queue = queue
    state = Mutex(State(name: name))
  }

  package var isRecording: Bool { queue != nil }

  package var operationName: String {
    get { state.withLock { $0.name } }
    set { state.withLock { $0.name = newValue } }
  }

  package var attributes: SpanAttributes {
    get { state.withLock { $0.attributes } }
    set { if isRecording { state.withLock { $0.attributes = newValue } } }
  }

  package func setStatus(_ status: SpanStatus) {
    state.withLock { $0.isError = status.code == .error }
  }

  package func addEvent(_ event: SpanEvent) {
    // An event more says nothing new, and all of them are kept in memory.
    guard isRecording else { return }
    state.withLock { if $0.events.count < 32 { $0.events.append(event) } }
  }

  /// The type says what broke; its text may hold what nobody should read. (S17-HS-06)
  package func recordError<Instant: TracerInstant>(
    _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
  ) {
    addEvent(
      SpanEvent(
        name: "exception", at: instant(),
        attributes: ["exception.type": "\(String(describing: type(of: error)))"]))
  }

  package func addLink(_ link: SpanLink) {}

  package func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
    guard let queue else { return }
    let ended = instant().nanosecondsSinceEpoch
    let span = state.withLock { state -> FinishedSpan? in
      guard !state.isOver else { return nil }
      state.isOver = true
      return FinishedSpan(
        parent: parent, own: own, name: state.name, kind: kind, began: began,
        ended: max(began, ended), attributes: state.attributes, events: state.events,
        isError: state.isError)
    }
    if let span { queue.put(span) }
  }
}
