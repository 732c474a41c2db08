import FlowrexCache
import FlowrexConfiguration
import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexStorePostgres
import Ledger
import ServiceLifecycle

/// Where views are read: from the copies of the database, where there are any. (S18-ARCH-05, engine
/// fact F17)
struct ViewReading: Sendable {
  let store: any Store
  /// What runs beside the servers.
  let services: [any Service]
  /// Ends its connections.
  let close: @Sendable () -> Void

  /// - Parameters:
  ///   - primary: as the process watches it.
  ///   - forgetter: is told nothing: who reads changes nothing.
  static func open(
    _ configuration: BackendConfiguration, primary: any Store, forgetter: ViewForgetter,
    metrics: MetricRegistry
  ) -> ViewReading {
    let copies = StoreFactory.openReplicas(configuration)
    guard !copies.isEmpty else {
      return ViewReading(store: primary, services: [], close: {})
    }
    let (trading, replicas) = (configuration.settings.trading, configuration.settings.replicas)
    let meter = DatabaseMeter(
      metrics: metrics, trading: TradingMeter(registries: []), views: forgetter, pool: .replica)
    let reads = ReplicaReads(
      primary, copies.map { ObservedStore($0, meter) },
      ReplicaReads.Rules(
        maxLag: replicas.maxLag.span, failures: trading.breakerFailures,
        rest: trading.breakerOpen.span),
      now: { SteadyClock().now() }, observer: ReplicaMeter(metrics: metrics))
    return ViewReading(
      store: reads, services: [ReplicaWatch(reads: reads)],
      close: { for copy in copies { copy.close() } })
  }
}

/// Looks how far the copies are behind until the process ends.
private struct ReplicaWatch: Service {
  let reads: ReplicaReads

  func run() async throws {
    await cancelWhenGracefulShutdown { await reads.watch() }
  }
}
