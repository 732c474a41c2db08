package import FlowrexContract
package import FlowrexMetrics
package import FlowrexStore
package import FlowrexTrading
import Ledger
package import Logging
import ServiceContract
import Synchronization

/// Does the jobs, those of them that are this worker's, until it is told to end. (S18-ARCH-12)
package final class Worker: Sendable {
  private struct Lane: Sendable {
    let job: Job
    let number: Int
    let bell = Bell()

    var part: Job.Lane { job.lanes[number] }
  }

  /// How a turn ended.
  private enum Ending { case more, rest, lost }

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
  private let jobs: [Job]
  private let lanes: [Lane]
  private let keeper = Bell()
  /// Since when each lane is in a turn, by the steady clock.
  private let turns = Mutex<[JobName: [Int: Timestamp]]>([:])
  /// When each lane last succeeded in its term.
  private let successes = Mutex<[JobName: [Int: Timestamp]]>([:])

  package init(_ jobs: [Job], _ parts: Parts) {
    self.parts = parts
    self.jobs = jobs
    lanes = jobs.flatMap { job in job.lanes.indices.map { Lane(job: job, number: $0) } }
  }

  /// There is something to do for a job: the pauses end of those of its lanes that look for it.
  package func ring(_ job: JobName) {
    for lane in lanes where lane.job.name == job && lane.part.isRung { lane.bell.ring() }
  }

  private func wake(_ job: JobName) {
    for lane in lanes where lane.job.name == job { lane.bell.ring() }
  }

  /// Lets turns that run end, and begins no other.
  package func stop() {
    for lane in lanes { lane.bell.end() }
  }

  /// Comes back after ``stop()``, when everything that ran has ended and every job was given back:
  /// each when its own lanes have ended, so that none waits for another's long turn. Until then it
  /// is kept.
  package func run() async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { await self.keepLeases() }
      group.addTask {
        await withTaskGroup(of: Void.self) { group in
          for job in self.jobs { group.addTask { await self.work(job) } }
        }
        self.keeper.end()
      }
    }
    await giveBack(nil)
    for job in JobName.allCases { show(job, isOurs: false) }
  }

  private func work(_ job: Job) async {
    await withTaskGroup(of: Void.self) { group in
      for lane in lanes where lane.job.name == job.name {
        group.addTask { await self.work(lane) }
      }
    }
    await giveBack(job.name)
    show(job.name, isOurs: false)
  }

  /// - Parameter job: all of them when it is `nil`.
  private func giveBack(_ job: JobName?) async {
    do { try await parts.leadership.resign(job.map { [$0] }) } catch {
      parts.logger.warning(
        "a job was not given back, others wait for it", error: error,
        metadata: ["job": "\(job?.rawValue ?? "any")"])
    }
  }

  private func keepLeases() async {
    var wasKept = true
    var ours: Set<JobName> = []
    var stuck: Set<JobName> = []
    while !keeper.isOver, !Task.isCancelled {
      let hanging = hanging()
      for job in hanging.subtracting(stuck) {
        parts.logger.error(
          "a job hangs and is left to another worker", metadata: ["job": "\(job.rawValue)"])
      }
      stuck = hanging
      parts.leadership.setAside(hanging)
      do {
        try await parts.leadership.renew()
        wasKept = true
      } catch {
        if wasKept { parts.logger.warning("leases were not renewed", error: error) }
        wasKept = false
      }
      let now = Set(lanes.map(\.job.name).filter { parts.leadership.term(of: $0) != nil })
      for job in Set(lanes.map(\.job.name)) { show(job, isOurs: now.contains(job)) }
      // What was lost is left at once, too.
      for job in now.symmetricDifference(ours) { wake(job) }
      ours = now
      await keeper.pause(parts.leadership.period, parts.steady)
    }
  }

  /// Jobs of which a turn has not ended for as long as ten locks of a leader: whatever it waits
  /// for, another worker may fare better. Should it wake, it writes nothing more in the job's name.
  private func hanging() -> Set<JobName> {
    let now = parts.steady.now()
    let limit = Span(microseconds: parts.leadership.period.microseconds * Self.longestTurn)
    return turns.withLock { turns in
      Set(
        turns.filter { _, lanes in lanes.values.contains { now.since($0) >= limit } }.map(\.key))
    }
  }

  /// In renewals, of which there are five in a lock's time.
  private static let longestTurn: Int64 = 50

  private func show(_ job: JobName, isOurs: Bool) {
    parts.metrics.set(Flowrex.jobLeader, to: isOurs ? 1 : 0, .of(\.job, job))
  }

  private func work(_ lane: Lane) async {
    var held: (term: Leadership.Term, tools: Job.Tools)?
    while !lane.bell.isOver, !Task.isCancelled {
      guard let term = parts.leadership.term(of: lane.job.name) else {
        if held != nil { leave(lane) }
        held = nil
        await lane.bell.pause(parts.leadership.period, parts.steady)
        continue
      }
      if held?.term != term {
        if held != nil { leave(lane) }
        held = tools(of: term, lane).map { (term, $0) }
      }
      if let tools = held?.tools {
        switch await turn(lane, tools) {
        case .more: continue
        case .rest: break
        case .lost:
          leave(lane)
          held = nil
        }
      }
      await lane.bell.pause(lane.job.pause, parts.steady)
    }
    if held != nil { leave(lane) }
  }

  private func leave(_ lane: Lane) {
    lane.part.leave()
    successes.withLock { $0[lane.job.name]?[lane.number] = nil }
  }

  private func tools(of term: Leadership.Term, _ lane: Lane) -> Job.Tools? {
    let store = FencedStore(parts.store, term)
    do {
      let bell = lane.bell
      return Job.Tools(store: store, desk: try parts.desk(store), isEnding: { bell.isOver })
    } catch {
      failed(lane, error)
      return nil
    }
  }

  private func turn(_ lane: Lane, _ tools: Job.Tools) async -> Ending {
    let (metrics, job, began) = (parts.metrics, lane.job.name, ContinuousClock.now)
    turns.withLock { $0[job, default: [:]][lane.number] = parts.steady.now() }
    defer { turns.withLock { $0[job]?[lane.number] = nil } }
    do {
      let more = try await lane.part.turn(tools)
      metrics.add(to: Flowrex.jobRuns, .of(\.job, job), .of(\.outcome, .succeeded))
      metrics.observe(Flowrex.jobDuration, .now - began, .of(\.job, job))
      succeeded(lane)
      return more ? .more : .rest
    } catch is LeaseLost {
      parts.logger.notice("another worker does the job", metadata: ["job": "\(job.rawValue)"])
      return .lost
    } catch is CancellationError where lane.bell.isOver || Task.isCancelled {
      return .rest
    } catch {
      metrics.observe(Flowrex.jobDuration, .now - began, .of(\.job, job))
      failed(lane, error)
      return .rest
    }
  }

  /// A job has succeeded when all of its lanes have: it is as old as the oldest of them.
  private func succeeded(_ lane: Lane) {
    let (job, now) = (lane.job, parts.clock.now())
    successes.withLock { successes in
      successes[job.name, default: [:]][lane.number] = now
      guard let all = successes[job.name], all.count == job.lanes.count,
        let oldest = all.values.min()
      else { return }
      parts.metrics.set(Flowrex.jobLastSuccess, to: oldest.moment, .of(\.job, job.name))
    }
  }

  private func failed(_ lane: Lane, _ error: any Error) {
    let job = lane.job.name
    parts.metrics.add(to: Flowrex.jobRuns, .of(\.job, job), .of(\.outcome, .failed))
    parts.logger.warning("a job failed", error: error, metadata: ["job": "\(job.rawValue)"])
  }
}

extension Timestamp {
  /// As metrics have it: seconds since 1970.
  var moment: Moment { .since1970(ExactDecimal(microseconds, scale: 6)) }
}
