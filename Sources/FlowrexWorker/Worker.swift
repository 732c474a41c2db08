package import FlowrexContract
package import FlowrexMetrics
package import FlowrexStore
package import FlowrexTrading
import Ledger
package import Logging
import ServiceContract

/// Does the jobs, those of them that are this worker's, until it is told to end. (S18-ARCH-12)
package final class Worker: Sendable {
  private struct Lane: Sendable {
    let job: Job
    let turn: Job.Turn
    let bell = Bell()
  }

  /// What the composition root hands in.
  package struct Parts: Sendable {
    let store: any Store
    let leadership: Leadership
    /// Makes the desk of a term: what it writes is fenced.
    let desk: @Sendable (any Store) throws -> Desk
    /// One that never goes back.
    let steady: any DeskClock
    /// The time of people.
    let clock: any DeskClock
    let metrics: MetricRegistry
    let logger: Logger

    package init(
      store: any Store, leadership: Leadership,
      desk: @escaping @Sendable (any Store) throws -> Desk, steady: any DeskClock,
      clock: any DeskClock, metrics: MetricRegistry, logger: Logger
    ) {
      self.store = store
      self.leadership = leadership
      self.desk = desk
      self.steady = steady
      self.clock = clock
      self.metrics = metrics
      self.logger = logger
    }
  }

  private let parts: Parts
  private let lanes: [Lane]
  private let keeper = Bell()

  package init(_ jobs: [Job], _ parts: Parts) {
    self.parts = parts
    lanes = jobs.flatMap { job in job.lanes.map { Lane(job: job, turn: $0) } }
  }

  /// There is something to do for a job: its pause ends.
  package func ring(_ job: JobName) {
    for lane in lanes where lane.job.name == job { lane.bell.ring() }
  }

  /// Lets turns that run end, and begins no other.
  package func stop() {
    keeper.end()
    for lane in lanes { lane.bell.end() }
  }

  /// Comes back after ``stop()``, when everything that ran has ended and every job was given back.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.keepLeases() }
      for lane in lanes { group.addTask { await self.work(lane) } }
    }
    do { try await parts.leadership.resign() } catch {
      parts.logger.warning("the jobs were not given back, others wait for them", error: error)
    }
    for job in JobName.allCases { show(job, isOurs: false) }
  }

  private func keepLeases() async {
    var wasKept = true
    var ours: Set<JobName> = []
    while !keeper.isOver, !Task.isCancelled {
      do {
        try await parts.leadership.renew()
        wasKept = true
      } catch {
        if wasKept { parts.logger.warning("leases were not renewed", error: error) }
        wasKept = false
      }
      let now = Set(lanes.map(\.job.name).filter { parts.leadership.term(of: $0) != nil })
      for job in Set(lanes.map(\.job.name)) { show(job, isOurs: now.contains(job)) }
      for job in now.subtracting(ours) { ring(job) }
      ours = now
      await keeper.pause(parts.leadership.period, parts.steady)
    }
  }

  private func show(_ job: JobName, isOurs: Bool) {
    parts.metrics.set(Flowrex.jobLeader, to: isOurs ? 1 : 0, .of(\.job, job))
  }

  private func work(_ lane: Lane) async {
    var tools: (term: Leadership.Term, Job.Tools)?
    while !lane.bell.isOver, !Task.isCancelled {
      guard let term = parts.leadership.term(of: lane.job.name) else {
        tools = nil
        await lane.bell.pause(parts.leadership.period, parts.steady)
        continue
      }
      do {
        let current: Job.Tools
        if let tools, tools.term == term {
          current = tools.1
        } else {
          current = try self.tools(of: term)
          tools = (term, current)
        }
        if try await turn(lane, current) { continue }
      } catch {
        // It was said; the next turn tries again.
      }
      await lane.bell.pause(lane.job.pause, parts.steady)
    }
  }

  private func tools(of term: Leadership.Term) throws -> Job.Tools {
    let store = FencedStore(parts.store, term)
    return Job.Tools(store: store, desk: try parts.desk(store))
  }

  private func turn(_ lane: Lane, _ tools: Job.Tools) async throws -> Bool {
    let (metrics, job, began) = (parts.metrics, lane.job.name, ContinuousClock.now)
    do {
      let more = try await lane.turn(tools)
      metrics.add(to: Flowrex.jobRuns, .of(\.job, job), .of(\.outcome, .succeeded))
      metrics.observe(Flowrex.jobDuration, .now - began, .of(\.job, job))
      metrics.set(Flowrex.jobLastSuccess, to: parts.clock.now().moment, .of(\.job, job))
      return more
    } catch is LeaseLost {
      parts.logger.notice("another worker does the job", metadata: ["job": "\(job.rawValue)"])
      return false
    } catch {
      metrics.add(to: Flowrex.jobRuns, .of(\.job, job), .of(\.outcome, .failed))
      metrics.observe(Flowrex.jobDuration, .now - began, .of(\.job, job))
      parts.logger.warning(
        "a job failed", error: error, metadata: ["job": "\(job.rawValue)"])
      throw error
    }
  }
}

extension Timestamp {
  /// As metrics have it: seconds since 1970.
  var moment: Moment { .since1970(ExactDecimal(microseconds, scale: 6)) }
}
