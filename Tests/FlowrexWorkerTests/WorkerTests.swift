import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexWorker
import Ledger
import Logging
import Risk
import Synchronization
import TestSupport
import Testing

/// The loops: what they do, count and leave behind. (S18-ARCH-12)
struct WorkerTests {
  private static let times = WorkerTimes(
    reconciliation: .seconds(30), reconciliationBatch: 100, outbox: .seconds(1), outboxBatch: 50,
    guards: .seconds(5), approvals: .seconds(5), retention: .seconds(3_600),
    leaderLock: .seconds(15))

  /// Time stands still, so that no lease runs out while a busy machine does something else, and
  /// whoever pauses comes back soon.
  private struct StandingClock: DeskClock {
    func now() -> Timestamp { HandClock.start }
    func sleep(_ span: Span) async { try? await Task.sleep(for: .milliseconds(2)) }
  }

  private struct Bench {
    let floor: Floor
    let metrics = MetricRegistry(.worker)
    let leadership: Leadership

    init(_ store: any Store) async throws {
      floor = try await Floor(store)
      leadership = Leadership(store, as: 1, clock: StandingClock(), lock: .seconds(15))
    }

    var jobs: [Job] {
      Jobs(
        WorkerTests.times, policy: Floor.policy, market: floor.market, clock: floor.clock,
        metrics: metrics, logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })
      ).all
    }

    func worker(_ jobs: [Job]) -> Worker {
      let floor = floor
      return Worker(
        jobs,
        Worker.Parts(
          store: floor.store, leadership: leadership,
          desk: { try floor.desk(on: floor.line, store: $0) }, steady: StandingClock(),
          clock: floor.clock, metrics: metrics,
          logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })))
    }

    func metric(_ series: String) -> String? {
      metrics.text().split(separator: "\n").first { $0.hasPrefix(series + " ") }
        .map { String($0.dropFirst(series.count + 1)) }
    }
  }

  @Test(.covers("S18-ARCH-12"))
  func `every job but candles has its loop`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let names = try await Bench(store).jobs.map(\.name)
      #expect(Set(names) == Set(JobName.allCases).subtracting([.candles]))
    }
  }

  @Test(.covers("S18-ARCH-12", "C-39"), arguments: Backend.allCases)
  func `an order that was accepted is sent, filled and booked by the loops alone`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let bench = try await Bench(store)
      let id = try #require(
        try await bench.floor.desk.place(bench.floor.request("k1")).order)
      let worker = bench.worker(bench.jobs)
      let running = Task { await worker.run() }
      for _ in 0..<3_000 where try await bench.floor.order(id)?.order.state != .filled {
        try await Task.sleep(for: .milliseconds(10))
      }
      worker.stop()
      await running.value
      #expect(try await bench.floor.order(id)?.order.state == .filled)
      #expect(bench.floor.line.said == ["submit"])
      #expect(bench.metric(#"job_runs_total{job_name="outbox",outcome="failed"}"#) == "0")
      #expect(bench.metric(#"job_leader{job_name="outbox"}"#) == "0")
      // It gave back what it held.
      let leases = try await store.transact { try $0.leases() }
      #expect(leases.count == JobName.allCases.count && leases.allSatisfy { $0.holder == nil })
    }
  }

  @Test func `a job that fails is counted, and tried again`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let bench = try await Bench(store)
      struct Broken: Error {}
      let turns = Mutex(0)
      let stop = Bell()
      let job = Job(.approvalExpiry, every: .seconds(5)) { _ in
        let turn = turns.withLock { turns in
          turns += 1
          return turns
        }
        guard turn < 3 else {
          stop.end()
          return false
        }
        throw Broken()
      }
      let worker = bench.worker([job])
      let running = Task { await worker.run() }
      while !stop.isOver { try await Task.sleep(for: .milliseconds(2)) }
      worker.stop()
      await running.value
      let series = #"job_runs_total{job_name="approval_expiry",outcome="#
      #expect(bench.metric(series + #""failed"}"#) == "2")
      #expect(bench.metric(series + #""succeeded"}"#).flatMap { Int($0) }.map { $0 >= 1 } == true)
    }
  }

  @Test(.covers("S18-EMG-02"))
  func `while the stop is on, what is still open is asked to end`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let bench = try await Bench(store)
      let id = try #require(
        try await bench.floor.desk.place(
          bench.floor.request(
            "k1", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
        ).order)
      try await bench.floor.settle()
      #expect(try await bench.floor.order(id)?.order.state == .working)
      _ = try await bench.floor.desk.command(.engage, by: .person(Floor.owner))
      let worker = bench.worker(bench.jobs)
      let running = Task { await worker.run() }
      for _ in 0..<3_000 where try await bench.floor.order(id)?.order.state != .cancelled {
        try await Task.sleep(for: .milliseconds(10))
      }
      worker.stop()
      await running.value
      #expect(try await bench.floor.order(id)?.order.state == .cancelled)
      #expect(bench.floor.line.said == ["submit", "cancel"])
    }
  }

  @Test(.covers("S04-OBS-02", "S04-TRD-09"))
  func `the books of all accounts are summed up`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let bench = try await Bench(store)
      _ = try await bench.floor.desk.place(bench.floor.request("k1"))
      _ = try await bench.floor.desk.place(bench.floor.request("k2", mode: .guide))
      try await bench.floor.settle()
      try await bench.floor.desk.openAccount(AccountID(0xB), of: PersonID(2))
      _ = try await bench.floor.desk.move(500, of: AccountID(0xB), named: 2)
      let job = try #require(bench.jobs.first { $0.name == .drawdownGuard })
      let worker = bench.worker([job])
      let running = Task { await worker.run() }
      // Of all parts of the job.
      let series = #"job_last_success_timestamp_seconds{job_name="drawdown_guard"}"#
      while bench.metric(series) == "0" { try await Task.sleep(for: .milliseconds(2)) }
      // 100,000 and 500 less a fee of 0.35, and a spread of one pip on a tenth of a lot.
      #expect(bench.metric("cash_balance_usd") == "100499.65")
      #expect(bench.metric("portfolio_value_usd") == "100498.65")
      #expect(bench.metric("unrealised_pnl_usd") == "-1")
      #expect(bench.metric(#"open_positions{symbol="EURUSD"}"#) == "1")
      #expect(bench.metric(#"open_exposure_usd{symbol="EURUSD"}"#) == "11001")
      #expect(bench.metric("approvals_pending") == "1")
      #expect(bench.metric(#"open_orders{state="awaiting_approval"}"#) == "1")
      #expect(bench.metric(#"risk_cap_usage_ratio{cap="open_orders"}"#) != "0")
      worker.stop()
      await running.value
      // Another worker may state them now.
      #expect(bench.metric("cash_balance_usd") == "0")
    }
  }
}
