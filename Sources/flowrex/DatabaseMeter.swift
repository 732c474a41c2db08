import FlowrexCache
import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import Ledger
import ServiceContract

/// Turns what a store does into the contract's metrics. (S04-OBS-11, S03-MET-02, C-24)
struct DatabaseMeter: StoreObserver {
  let metrics: MetricRegistry
  /// Counts what happens to orders.
  let trading: TradingMeter
  let views: ViewForgetter
  var pool = DatabasePool.primary

  func lent(after wait: Duration) {
    metrics.add(1, to: Flowrex.databaseConnections, .of(\.pool, pool))
    metrics.observe(Flowrex.databasePoolWait, wait, .of(\.pool, pool))
  }

  func returned() { metrics.add(-1, to: Flowrex.databaseConnections, .of(\.pool, pool)) }

  func timedOut() { metrics.add(to: Flowrex.databasePoolTimeouts, .of(\.pool, pool)) }

  func ran(for time: Duration, failed: Bool) {
    metrics.add(to: Flowrex.databaseQueries, .of(\.pool, pool))
    metrics.observe(Flowrex.databaseQueryDuration, time, .of(\.pool, pool))
    if failed { self.failed() }
  }

  func kept(_ notes: [StoreNote]) {
    trading.kept(notes)
    views.kept(notes)
  }

  func failed() { metrics.add(to: Flowrex.databaseErrors, .of(\.pool, pool)) }
}

/// Turns what is written into the audit log into the contract's metrics. (S18-AUD-02)
struct AuditMeter: AuditWitness {
  let metrics: MetricRegistry

  func wrote(_ count: Int) { metrics.add(count, to: Flowrex.auditEntries) }
  func failed() { metrics.add(to: Flowrex.auditFailures) }
}

/// What is told of copies of the database, as the contract's metrics. (S18-ARCH-05)
struct ReplicaMeter: ReplicaObserver {
  private let metrics: MetricRegistry
  private let breaker: BreakerMeter

  init(metrics: MetricRegistry) {
    self.metrics = metrics
    breaker = BreakerMeter(.databaseReplica, metrics)
  }

  func stands(behind lag: Span) {
    metrics.set(Flowrex.replicaLag, to: .microseconds(lag.microseconds))
  }

  func fellBack(_ reason: ReplicaFallback) {
    metrics.add(to: Flowrex.replicaFallbacks, .of(\.reason, reason))
  }

  func reached(_ isReachable: Bool) {
    metrics.set(
      Flowrex.dependencyReachable, to: isReachable ? 1 : 0, .of(\.dependency, .databaseReplica))
  }

  func entered(_ state: BreakerState) { breaker.entered(state) }
}
