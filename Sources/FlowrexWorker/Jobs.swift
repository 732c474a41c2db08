import FlowrexContract
package import FlowrexMetrics
import FlowrexStore
package import FlowrexTrading
import Ledger
package import Logging
package import Risk
import ServiceContract

/// The jobs of a worker, each an endless repetition of one use case of the desk.
package struct Jobs: Sendable {
  private let times: WorkerTimes
  private let metrics: MetricRegistry
  private let books: BooksMeter
  private let guards: MarketGuard
  private let clock: any DeskClock
  private let logger: Logger

  package init(
    _ times: WorkerTimes, policy: RiskPolicy, market: any MarketSource, clock: any DeskClock,
    metrics: MetricRegistry, logger: Logger
  ) {
    self.times = times
    self.metrics = metrics
    self.clock = clock
    self.logger = logger
    books = BooksMeter(policy, market, clock, metrics)
    guards = MarketGuard(policy, market, clock, logger)
  }

  package var all: [Job] {
    [outbox, reconciliation, drawdownGuard, marketGuard, approvalExpiry, retention]
  }

  /// What is said to the venue, each kind by itself, and what it tells. (C-39)
  private var outbox: Job {
    let batch = times.outboxBatch
    return Job(
      .outbox, every: times.outbox,
      lanes: [
        Job.Lane { try await $0.desk.deliver(.submit, limit: batch) == batch },
        Job.Lane { try await $0.desk.deliver(.cancel, limit: batch) == batch },
        listening, backlog,
      ])
  }

  /// Only who talks to the venue knows whether it answers.
  private var listening: Job.Lane {
    let (batch, metrics) = (times.outboxBatch, metrics)
    return Job.Lane {
      try await $0.desk.listen(limit: batch) >= batch
    } leave: {
      metrics.set(Flowrex.dependencyReachable, to: 0, .of(\.dependency, .broker))
    }
  }

  /// What waits is measured by itself, so that it is seen most of all when the others hang.
  private var backlog: Job.Lane {
    let (metrics, clock) = (metrics, clock)
    let show = { @Sendable (backlog: OutboxBacklog) in
      metrics.set(Flowrex.outboxMessages, to: Count(backlog.messages))
      let age = backlog.oldest.map { clock.now().since($0) } ?? Span(microseconds: 0)
      metrics.set(Flowrex.outboxAge, to: .microseconds(max(0, age.microseconds)))
    }
    let look: Job.Turn = { tools in
      show(try await tools.store.transact { try $0.outboxBacklog() })
      return false
    }
    return Job.Lane(look, isRung: false) { show(OutboxBacklog(messages: 0, oldest: nil)) }
  }

  /// Our books and the venue's. (S03-ARCH-05)
  private var reconciliation: Job {
    let (batch, metrics, logger) = (times.reconciliationBatch, metrics, logger)
    let show = { @Sendable (open: [DivergenceKind: Int]) in
      for kind in DivergenceKind.allCases {
        metrics.set(Flowrex.divergences, to: Count(open[kind] ?? 0), .of(\.kind, kind))
      }
    }
    let lane = Job.Lane { tools in
      let comparison = try await tools.desk.compare(batch: batch, until: tools.isEnding)
      show(try await tools.store.transact { try $0.openDivergenceCounts() })
      // What was not answered was not compared.
      guard comparison.unanswered == 0 else { throw comparison }
      let run = comparison.run
      metrics.set(Flowrex.reconciliationLastRun, to: run.at.moment)
      if run.settled > 0 || run.open > 0 {
        logger.notice(
          "our books and the venue's were compared",
          metadata: [
            "checked": "\(run.checked)", "settled": "\(run.settled)", "open": "\(run.open)",
          ])
      }
      return false
    } leave: {
      show([:])
    }
    return Job(.reconciliation, every: times.reconciliation, lanes: [lane])
  }

  /// What every account has lost. What is measured beside it never keeps it from its work.
  /// (S03-ARCH-07, C-66)
  private var drawdownGuard: Job {
    let (books, logger) = (books, logger)
    let look = Job.Lane { tools in
      for halted in try await tools.desk.guardAccounts() {
        let why = halted.breaches.map(\.cap.rawValue).joined(separator: ",")
        logger.error(
          "an account was halted", metadata: ["account": "\(halted.account)", "caps": "\(why)"])
      }
      // Who pulled the stop may have died before everything was asked to end. (S18-EMG-02)
      if try await tools.desk.control().isStopped { _ = try await tools.desk.cancelOpenOrders() }
      return false
    }
    let measure = Job.Lane { tools in
      try await books.measure(tools.store)
      return false
    } leave: {
      books.clear()
    }
    return Job(.drawdownGuard, every: times.guards, lanes: [look, measure])
  }

  /// Whether prices are such that anybody can trade on them. (S03-ARCH-07)
  private var marketGuard: Job {
    let guards = guards
    return Job(.marketGuard, every: times.guards) { _ in
      guards.look()
      return false
    }
  }

  /// Approvals that nobody gave. (C-65)
  private var approvalExpiry: Job {
    let batch = times.outboxBatch
    return Job(.approvalExpiry, every: times.approvals) { tools in
      _ = try await tools.desk.expireApprovals(batch: batch)
      return false
    }
  }

  /// What nobody can ask for any more. All processes share the database's clock: one worker whose
  /// own is ahead forgets nothing too early. (C-57)
  private var retention: Job {
    let (clock, logger) = (clock, logger)
    let kept = Span(microseconds: Int64(Retention.reconciliationLogs.wholeSeconds) * -1_000_000)
    return Job(.retention, every: times.retention) { tools in
      let now = try await tools.store.transact { try $0.clock() } ?? clock.now()
      let removed = try await Housekeeping(tools.store).run(at: now)
      var runs = 0
      while !tools.isEnding() {
        let count = try await tools.store.transact {
          try $0.forgetRuns(before: now.adding(kept), limit: 500)
        }
        runs += count
        guard count == 500 else { break }
      }
      logger.info(
        "what is over was removed",
        metadata: [
          "sessions": "\(removed.sessions)", "failures": "\(removed.failures)",
          "answers": "\(removed.answers)", "runs": "\(runs)",
        ])
      return false
    }
  }
}
