import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexWorker
import Ledger
import Logging
import Synchronization
import Testing

/// A clock that stands until a test moves it; who sleeps waits for that.
final class StandingClock: DeskClock {
  private let time = Mutex(HandClock.start)
  /// How many sleep until when.
  private let awaited = Mutex<[Timestamp: Int]>([:])

  func now() -> Timestamp { time.withLock { $0 } }
  func advance(_ span: Span) { time.withLock { $0 = $0.adding(span) } }
  func sleep(_ span: Span) async {
    let end = now().adding(span)
    awaited.withLock { $0[end, default: 0] += 1 }
    defer { awaited.withLock { $0[end, default: 1] -= 1 } }
    while now() < end, !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
  }

  /// Whether somebody sleeps until that time has passed from now: whoever goes to sleep after the
  /// clock was moved sleeps longer than a test means.
  func isSleptOn(for span: Span) -> Bool {
    let end = now().adding(span)
    return awaited.withLock { $0[end, default: 0] > 0 }
  }
}

/// A worker on a floor whose pauses end when the test says so.
struct WorkBench: Sendable {
  let floor: Floor
  let steady = StandingClock()
  let metrics = MetricRegistry(.worker)
  let leadership: Leadership

  static let lock = Span.seconds(15)

  init(_ floor: Floor, jobs: Set<JobName> = Set(JobName.allCases)) {
    self.floor = floor
    leadership = Leadership(floor.store, as: 1, clock: steady, lock: Self.lock, jobs: jobs)
  }

  private var logger: Logger {
    Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
  }

  func job(_ name: JobName) throws -> Job {
    let times = WorkerTimes(
      reconciliation: .seconds(30), reconciliationBatch: 100, outbox: .seconds(1), outboxBatch: 50,
      guards: .seconds(5), approvals: .seconds(5), retention: .seconds(3_600),
      leaderLock: Self.lock)
    let jobs = Jobs(
      times, policy: Floor.policy, market: floor.market, clock: floor.clock, metrics: metrics,
      logger: logger)
    return try #require(jobs.all.first { $0.name == name })
  }

  func worker(
    _ jobs: [Job], desk: (@Sendable (any Store) throws -> Desk)? = nil
  ) -> Worker {
    let (floor, metrics) = (floor, metrics)
    return Worker(
      jobs,
      Worker.Parts(
        store: floor.store, leadership: leadership,
        desk: desk ?? { try floor.desk(on: MeteredBroker(floor.line, metrics), store: $0) },
        steady: steady, clock: floor.clock, metrics: metrics, logger: logger))
  }

  func metric(_ series: String) -> String? {
    metrics.text().split(separator: "\n").first { $0.hasPrefix(series + " ") }
      .map { String($0.dropFirst(series.count + 1)) }
  }

  /// Runs a worker while `body` looks at it, and ends it.
  func running(_ worker: Worker, _ body: () async throws -> Void) async throws {
    let running = Task { await worker.run() }
    do { try await body() } catch {
      worker.stop()
      throw error
    }
    worker.stop()
    await running.value
  }

  /// Half a minute bounds what never comes.
  func wait(
    for what: Comment, _ place: SourceLocation = #_sourceLocation,
    _ isThere: () async throws -> Bool
  ) async throws {
    let limit = ContinuousClock.now + .seconds(30)
    while ContinuousClock.now < limit {
      if try await isThere() { return }
      try await Task.sleep(for: .milliseconds(1))
    }
    Issue.record(what, sourceLocation: place)
    throw CancellationError()
  }

  func lease(of job: JobName) async throws -> JobLease? {
    try await floor.store.transact { try $0.leases() }.first { $0.job == job }
  }

  /// Another worker takes a job over.
  func lose(_ job: JobName) async throws {
    let lease = try #require(try await lease(of: job))
    let next = JobLease(job, holder: 2, fence: lease.fence + 1, renewal: lease.renewal + 1)
    #expect(try await floor.store.transact { try $0.exchange(lease, for: next) })
  }
}
