import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import FlowrexMetrics
import FlowrexStore
import FlowrexTraces
import NIOCore
import ServiceContract
import ServiceLifecycle

/// The traces of a process, if a collector is named. (S04-OBS-09, C-50)
struct ProcessTraces: Service {
  let tracer: ServiceTracer
  private let exporter: SpanExporter

  /// - Returns: `nil` when nothing is traced.
  init?(
    _ life: LifeSettings, _ process: ProcessSettings, _ metrics: MetricRegistry,
    on loops: any EventLoopGroup
  ) {
    guard let endpoint = life.traces else { return nil }
    let counted = { @Sendable (spans: Int, isSent: Bool) in
      metrics.add(spans, to: Flowrex.spansExported, .of(\.outcome, isSent ? .succeeded : .failed))
    }
    let queue = SpanQueue(limit: SpanExporter.queueLimit) { counted($0, false) }
    tracer = ServiceTracer(
      sampling: life.traceSampling.number.approximate, into: queue, draw: World.random)
    exporter = SpanExporter(
      queue, to: HTTPSpanSender(endpoint, on: loops),
      resource: [
        ("service.name", "flowrex-\(process.component)"), ("service.version", process.version),
        ("deployment.environment.name", process.stage.rawValue),
      ], counted: counted)
  }

  func run() async throws {
    await cancelWhenGracefulShutdown { await exporter.run() }
  }

  /// Sends what is left, when everybody else has ended.
  func finish() async { await exporter.finish() }

  /// A store whose transactions are spans.
  func watch(_ store: any Store, _ database: DatabaseSettings) -> any Store {
    TracedStore(store, tracer, system: database.engine == .sqlite ? "sqlite" : "postgresql")
  }
}
