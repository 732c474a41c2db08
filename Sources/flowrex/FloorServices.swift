import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import FlowrexMarket
import FlowrexMetrics
import FlowrexStore
import FlowrexTrading
import FlowrexVenue
import FlowrexWorker
import Foundation
import Ledger
import Logging
import Risk
import ServiceContract
import ServiceLifecycle

/// Listens to prices until the process ends.
struct MarketService: Service {
  let market: LiveMarket

  func run() async throws {
    await cancelWhenGracefulShutdown { await market.run() }
  }
}

/// Lets the market work on orders that rest at the venue of this process.
struct VenueService: Service {
  let venue: SimulatedVenue

  /// Far below the time within which the venue promises to tell of late fills.
  static let turn = Duration.milliseconds(100)

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        venue.turn()
        try await Task.sleep(for: Self.turn)
      }
    }
  }
}

/// Does the jobs until the process ends, and gives them back.
struct WorkService: Service {
  let worker: Worker

  func run() async throws {
    await withGracefulShutdownHandler {
      await worker.run()
    } onGracefulShutdown: {
      worker.stop()
    }
  }
}

/// Listens for what is to be said to the venue until the process ends.
struct BellService: Service {
  let bell: OutboxBell

  func run() async throws {
    await cancelWhenGracefulShutdown { await bell.run() }
  }
}

/// What is decided for the whole desk, as this process knows it: metrics and answers of a moment
/// may be that old. (S18-EMG-02, C-55)
struct StateWatch: Service {
  let store: any Store
  let metrics: [MetricRegistry]
  let sawMaintenance: @Sendable (Bool) -> Void

  private static let pause = Duration.seconds(2)

  func run() async throws {
    try? await cancelWhenGracefulShutdown {
      while !Task.isCancelled {
        await look()
        try await Task.sleep(for: Self.pause)
      }
    }
  }

  private func look() async {
    // A store that does not answer is for readiness to tell of.
    guard
      let (control, maintenance) = try? await store.transact({ rows in
        // Looked at and not held: an emergency stop waits for nobody who only shows it.
        try (rows.viewOfControl(), rows.maintenance())
      })
    else { return }
    sawMaintenance(maintenance.isOn)
    for metrics in metrics {
      metrics.set(Flowrex.killSwitch, to: control.isStopped ? 1 : 0)
      for state in TradingState.allCases {
        metrics.set(
          Flowrex.tradingState, to: control.state == state ? 1 : 0, .of(\.state, state))
      }
      if metrics.has(Flowrex.maintenance.family) {
        metrics.set(Flowrex.maintenance, to: maintenance.isOn ? 1 : 0)
      }
    }
  }
}

extension WorkSettings {
  var times: WorkerTimes {
    WorkerTimes(
      reconciliation: reconciliation.span, reconciliationBatch: reconciliationBatch,
      outbox: outbox.span, outboxBatch: outboxBatch, guards: guards.span,
      approvals: approvals.span, retention: retention.span, leaderLock: leaderLock.span)
  }
}

extension TradingFloor {
  /// What a process does that delivers: the venue's market, and the jobs, which end first.
  func work(
    _ work: WorkSettings, on store: any Store, metrics: MetricRegistry, logger: Logger,
    bell: any ChangeBell
  ) -> [any Service] {
    guard role == .delivers else { return [] }
    let worker = Worker.make(work, self, on: store, metrics: metrics, logger: logger)
    let services: [any Service] = venue.map { [VenueService(venue: $0)] } ?? []
    return services + [
      BellService(bell: OutboxBell(bell, rings: worker)), WorkService(worker: worker),
    ]
  }
}

extension Worker {
  /// The worker of a process, with all jobs.
  static func make(
    _ work: WorkSettings, _ floor: TradingFloor, on store: any Store, metrics: MetricRegistry,
    logger: Logger
  ) -> Worker {
    let (wall, steady) = (WallClock(), SteadyClock())
    let jobs = Jobs(
      work.times, policy: floor.policy, market: floor.market, clock: wall, metrics: metrics,
      logger: logger)
    let holder = World.random(16).reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
    return Worker(
      jobs.all,
      Worker.Parts(
        store: store,
        leadership: Leadership(
          store, as: holder, clock: steady, lock: work.leaderLock.span,
          jobs: Set(jobs.all.map(\.name))),
        desk: { try floor.desk(on: $0) }, steady: steady, clock: wall, metrics: metrics,
        logger: logger))
  }
}
