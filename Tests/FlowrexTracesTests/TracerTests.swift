import FlowrexTraces
import Foundation
import Synchronization
import TestSupport
import Testing
import Tracing

/// Spans from their beginning to the collector's document.
@Suite(.covers("S04-OBS-09")) struct TracerTests {
  /// A collector in hands.
  final class Collector: SpanSender {
    struct Refused: Error {}
    private let state = Mutex((documents: [[UInt8]](), isWell: true))

    var isWell: Bool {
      get { state.withLock { $0.isWell } }
      set { state.withLock { $0.isWell = newValue } }
    }

    func send(_ document: [UInt8]) async throws {
      try state.withLock { state in
        guard state.isWell else { throw Refused() }
        state.documents.append(document)
      }
    }

    func spans() throws -> [OTLPSpan] {
      try state.withLock { $0.documents }.flatMap { try OTLPSpan.read($0) }
    }
  }

  /// Everything that a process has.
  final class Process: Sendable {
    let collector = Collector()
    let tracer: ServiceTracer
    let exporter: SpanExporter

    init(_ ratio: Double = 1, limit: Int = 100) {
      let counts = Counts()
      let queue = SpanQueue(limit: limit) { counts.lose($0) }
      let dice = Dice()
      tracer = ServiceTracer(sampling: ratio, into: queue) { count in
        // The last eight bytes decide: spread over their range.
        [UInt8](repeating: dice.next(), count: count)
      }
      exporter = SpanExporter(queue, to: collector, resource: [("service.name", "test")]) {
        if $1 { counts.send($0) } else { counts.lose($0) }
      }
      self.counted = counts
    }

    let counted: Counts
  }

  final class Dice: Sendable {
    private let last = Mutex<UInt8>(0)
    func next() -> UInt8 {
      last.withLock { last in
        last &+= 37
        return last
      }
    }
  }

  final class Counts: Sendable {
    private let state = Mutex((sent: 0, lost: 0))
    func send(_ count: Int) { state.withLock { $0.sent += count } }
    func lose(_ count: Int) { state.withLock { $0.lost += count } }
    var sent: Int { state.withLock { $0.sent } }
    var lost: Int { state.withLock { $0.lost } }
  }

  struct Secretive: Error { let password = "do not tell" }

  @Test func `a span in a span is its child, and both arrive as they were`() async throws {
    let process = Process()
    try? process.tracer.withSpan("outer", ofKind: .server) { span in
      span.attributes["http.route"] = "/orders/{id}"
      span.attributes["http.response.status_code"] = 503
      try process.tracer.withSpan("inner") { _ in throw Secretive() }
    }
    #expect(await process.exporter.sendAll())
    let spans = try process.collector.spans()
    let inner = try #require(spans.first { $0.name == "inner" })
    let outer = try #require(spans.first { $0.name == "outer" })
    #expect(inner.traceId == outer.traceId && inner.parentSpanId == outer.spanId)
    #expect(outer.parentSpanId == nil && outer.kind == 2 && inner.kind == 1)
    #expect(outer.traceId.count == 32 && outer.spanId.count == 16)
    #expect(outer.text("http.route") == "/orders/{id}")
    #expect(outer.number("http.response.status_code") == "503")
    #expect(inner.status.code == 2 && inner.events.map(\.name) == ["exception"])
    #expect(inner.events[0].attributes.map(\.value.stringValue) == ["Secretive"])
    let ends = try [outer, inner].map { try #require(Int64($0.endTimeUnixNano)) }
    #expect(ends[0] >= ends[1])
    #expect(process.counted.sent == 2 && process.counted.lost == 0)
  }

  @Test func `what a fault says stands in no span`() async throws {
    let process = Process()
    _ = try? process.tracer.withSpan("outer") { _ in throw Secretive() }
    _ = await process.exporter.sendAll()
    let spans = try process.collector.spans()
    #expect(spans.count == 1 && !"\(spans)".contains("do not tell"))
  }

  @Test(.covers("S17-VAR-47"))
  func `a share of traces is sampled, alike in every process, whole or not at all`() async throws {
    let processes = [Process(0.25, limit: 1_000), Process(0.25, limit: 1_000)]
    var parents: [TraceParent] = []
    for number in 0..<256 {
      let bytes = [UInt8](repeating: UInt8(number), count: 16)
      // Whatever the one who asks says of it.
      parents.append(
        TraceParent(trace: bytes, span: Array(bytes.prefix(8)), isSampled: number % 2 == 0))
    }
    for process in processes {
      for parent in parents {
        var context = ServiceContext.topLevel
        context.traceParent = parent
        process.tracer.withSpan("a", context: context) { span in
          #expect(span.context.traceParent?.trace == parent.trace)
          process.tracer.withSpan("b") { _ in }
        }
      }
      _ = await process.exporter.sendAll()
    }
    let traces = try processes.map { try Set($0.collector.spans().map(\.traceId)) }
    #expect(traces[0] == traces[1] && traces[0].count == 64)
    #expect(try processes[0].collector.spans().count == 128)
    let none = Process(0)
    none.tracer.withSpan("a") { #expect(!$0.isRecording) }
    #expect(await none.exporter.sendAll())
    #expect(try none.collector.spans().isEmpty && none.counted.sent == 0)
  }

  @Test
  func `a collector that is away costs a queue and no more, and what is lost is counted`()
    async throws
  {
    let process = Process(limit: 10)
    process.collector.isWell = false
    for _ in 0..<25 { process.tracer.withSpan("a") { _ in } }
    #expect(process.counted.lost == 15)
    #expect(await !process.exporter.sendAll())
    #expect(process.counted.lost == 25 && process.counted.sent == 0)
    process.collector.isWell = true
    process.tracer.withSpan("b") { _ in }
    await process.exporter.finish()
    #expect(try process.collector.spans().map(\.name) == ["b"])
    #expect(process.counted.sent == 1)
  }

  @Test func `a span ends once`() async throws {
    let process = Process()
    let span = process.tracer.startSpan("a")
    span.end()
    span.end()
    _ = await process.exporter.sendAll()
    #expect(try process.collector.spans().count == 1)
  }

  @Test(.covers("S04-OBS-12"))
  func `a trace goes out as it came in`() throws {
    struct Fields: Extractor, Injector {
      func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
      func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
        carrier[key] = value
      }
    }
    let process = Process()
    var context = ServiceContext.topLevel
    let came = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    process.tracer.extract(["traceparent": came], into: &context, using: Fields())
    process.tracer.withSpan("a", context: context) { span in
      var out: [String: String] = [:]
      process.tracer.inject(span.context, into: &out, using: Fields())
      let parent = out["traceparent"].flatMap(TraceParent.init)
      #expect(parent?.trace == TraceParent(came)?.trace && parent?.span != TraceParent(came)?.span)
      #expect(TraceParent.current == parent)
    }
  }
}
