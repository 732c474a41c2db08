import FlowrexCache
import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexWorker
import ServiceContract

/// Turns what a store does into the contract's metrics. (S04-OBS-11, S03-MET-02, C-24)
struct DatabaseMeter: StoreObserver {
  let metrics: MetricRegistry
  /// Counts what happens to orders.
  let trading: TradingMeter
  let views: ViewForgetter
  /// Of the worker in this process, if there is one.
  var bell: OutboxBell?

  func lent(after wait: Duration) {
    metrics.add(1, to: Flowrex.databaseConnections, .of(\.pool, .primary))
    metrics.observe(Flowrex.databasePoolWait, wait, .of(\.pool, .primary))
  }

  func returned() { metrics.add(-1, to: Flowrex.databaseConnections, .of(\.pool, .primary)) }

  func timedOut() { metrics.add(to: Flowrex.databasePoolTimeouts, .of(\.pool, .primary)) }

  func ran(for time: Duration, failed: Bool) {
    metrics.add(to: Flowrex.databaseQueries, .of(\.pool, .primary))
    metrics.observe(Flowrex.databaseQueryDuration, time, .of(\.pool, .primary))
    if failed { self.failed() }
  }

  func kept(_ notes: [StoreNote]) {
    trading.kept(notes)
    views.kept(notes)
    bell?.kept(notes)
  }

  func failed() { metrics.add(to: Flowrex.databaseErrors, .of(\.pool, .primary)) }
}

/// Turns what is written into the audit log into the contract's metrics. (S18-AUD-02)
struct AuditMeter: AuditWitness {
  let metrics: MetricRegistry

  func wrote(_ count: Int) { metrics.add(count, to: Flowrex.auditEntries) }
  func failed() { metrics.add(to: Flowrex.auditFailures) }
}
