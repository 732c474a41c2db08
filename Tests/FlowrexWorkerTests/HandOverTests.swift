import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexWorker
import Ledger
import ServiceContract
import Synchronization
import TestSupport
import Testing

/// What a worker leaves behind when a job becomes another's, and when it ends. (S18-ARCH-12)
struct HandOverTests {
  @Test(.covers("S18-ARCH-12", "S04-OBS-02"))
  func `gauges of a job that became another's are taken back`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let bench = WorkBench(try await Floor(store))
      _ = try await bench.floor.desk.place(bench.floor.request("k1"))
      let worker = bench.worker([try bench.job(.drawdownGuard), try bench.job(.outbox)])
      try await bench.running(worker) {
        try await bench.wait(for: "the books are shown") {
          bench.metric("portfolio_value_usd") != "0" && bench.metric("outbox_messages") != nil
            && bench.metric(#"dependency_reachable{dependency="broker"}"#) == "1"
        }
        #expect(bench.metric(#"job_leader{job_name="drawdown_guard"}"#) == "1")
        for job in [JobName.drawdownGuard, .outbox] { try await bench.lose(job) }
        bench.steady.advance(bench.leadership.period)
        try await bench.wait(for: "the books are taken back") {
          bench.metric("portfolio_value_usd") == "0"
            && bench.metric(#"dependency_reachable{dependency="broker"}"#) == "0"
        }
        #expect(bench.metric(#"job_leader{job_name="drawdown_guard"}"#) == "0")
        #expect(bench.metric("cash_balance_usd") == "0")
        #expect(bench.metric(#"risk_cap_usage_ratio{cap="daily_turnover"}"#) == "0")
      }
    }
  }

  @Test(.covers("S18-ARCH-12"))
  func `at a stop each job is given back when its own turns have ended`() async throws {
    try await Backend.sqliteFile.withStore { store in
      let bench = WorkBench(try await Floor(store))
      let (begun, gate) = (Gate(), Gate())
      let slow = Job(.reconciliation, every: .seconds(30)) { _ in
        begun.open()
        await gate.opened()
        return false
      }
      let worker = bench.worker([slow, try bench.job(.approvalExpiry)])
      let running = Task { await worker.run() }
      await begun.opened()
      worker.stop()
      try await bench.wait(for: "the other job is given back") {
        try await bench.lease(of: .approvalExpiry)?.holder == nil
      }
      // The long turn keeps its job, which is renewed meanwhile.
      let before = try #require(try await bench.lease(of: .reconciliation))
      #expect(before.holder == 1)
      bench.steady.advance(bench.leadership.period)
      try await bench.wait(for: "the job is renewed") {
        try #require(try await bench.lease(of: .reconciliation)).renewal > before.renewal
      }
      #expect(try await bench.lease(of: .approvalExpiry)?.holder == nil)
      gate.open()
      await running.value
      #expect(try await bench.lease(of: .reconciliation)?.holder == nil)
    }
  }

  @Test(.covers("S18-ARCH-12"))
  func `a long comparison ends between two orders when the worker wants to end`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      for number in 1...3 { _ = try await floor.desk.place(floor.request("k\(number)")) }
      let asked = Mutex(0)
      await #expect(throws: CancellationError.self) {
        try await floor.desk.compare(batch: 9) {
          asked.withLock { asked in
            asked += 1
            return asked == 3
          }
        }
      }
      // Nothing says that all was compared.
      #expect(try await store.transact { try $0.runs(PageRequest(limit: 9)) }.items == [])
    }
  }

  @Test func `a worker takes no job that it cannot do`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let bench = WorkBench(try await Floor(store), jobs: [.outbox])
      try await bench.leadership.renew()
      #expect(try await store.transact { try $0.leases() }.map(\.job) == [.outbox])
    }
  }

  @Test(.covers("S18-ARCH-12", "S04-OBS-02"))
  func `a job has succeeded when all of its parts have`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let bench = WorkBench(try await Floor(store))
      struct Broken: Error {}
      let good = Mutex(0)
      let isWell = Gate()
      let job = Job(
        .outbox, every: .seconds(1),
        { _ in
          good.withLock { $0 += 1 }
          return false
        },
        { _ in
          guard isWell.isOpen else { throw Broken() }
          return false
        })
      let series = #"job_last_success_timestamp_seconds{job_name="outbox"}"#
      try await bench.running(bench.worker([job])) {
        for turns in 1...3 {
          try await bench.wait(for: "a turn") {
            bench.steady.advance(.seconds(1))
            return good.withLock { $0 } >= turns
          }
        }
        #expect(bench.metric(series) == "0")
        isWell.open()
        try await bench.wait(for: "the other part succeeds") {
          bench.steady.advance(.seconds(1))
          return bench.metric(series) != "0"
        }
      }
    }
  }

  @Test func `a desk that cannot be made is said and counted`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let bench = WorkBench(try await Floor(store))
      struct Broken: Error {}
      let worker = bench.worker([try bench.job(.approvalExpiry)]) { _ in throw Broken() }
      let series = #"job_runs_total{job_name="approval_expiry",outcome="failed"}"#
      try await bench.running(worker) {
        try await bench.wait(for: "it is counted") { bench.metric(series) == "1" }
      }
    }
  }

  /// Nothing but clocks moves here.
  @Test(.covers("S18-ARCH-12"))
  func `a job whose turn hangs is another worker's, and what wakes writes nothing`() async throws {
    try await Backend.sqliteFile.withStore { store in
      let bench = WorkBench(try await Floor(store), jobs: [.reconciliation])
      let (begun, gate) = (Gate(), Gate())
      let refused = Mutex<Bool?>(nil)
      let hanging = Job(.reconciliation, every: .seconds(30)) { tools in
        begun.open()
        await gate.opened()
        do { try await tools.store.transact { _ in } } catch {
          refused.withLock { $0 = error is LeaseLost }
          throw error
        }
        return false
      }
      let worker = bench.worker([hanging])
      try await bench.running(worker) {
        await begun.opened()
        let other = Leadership(
          store, as: 2, clock: bench.steady, lock: WorkBench.lock, jobs: [.reconciliation])
        // As long as ten locks it is renewed, and nobody else's.
        var renewals: Set<Int64> = []
        for _ in 1..<50 {
          try await bench.wait(for: "who renews sleeps") {
            bench.steady.isSleptOn(for: bench.leadership.period)
          }
          bench.steady.advance(bench.leadership.period)
          let count = renewals.count
          try await bench.wait(for: "it is renewed") {
            if let lease = try await bench.lease(of: .reconciliation) {
              renewals.insert(lease.renewal)
            }
            return renewals.count > count
          }
          try await other.renew()
          #expect(other.term(of: .reconciliation) == nil)
        }
        for _ in 1...10 where other.term(of: .reconciliation) == nil {
          bench.steady.advance(bench.leadership.period)
          // Whoever renews does so within this time, or not at all.
          try await Task.sleep(for: .milliseconds(20))
          try await other.renew()
        }
        #expect(other.term(of: .reconciliation)?.fence == 2)
        gate.open()
        try await bench.wait(for: "it is refused") { refused.withLock { $0 } == true }
      }
    }
  }

  @Test(.covers("C-57"))
  func `a worker whose clock is ahead forgets nothing too early`() async throws {
    try await Backend.postgresql.withStore { store in
      let bench = WorkBench(try await Floor(store))
      let now = try #require(try await store.transact { try $0.clock() })
      let keys = try ["over", "kept"].map { try #require(ClientKey($0)) }
      for (key, end) in zip(keys, [Span.seconds(-3_600), .seconds(3_600)]) {
        try await store.transact {
          try $0.keep(
            KeptAnswer(
              to: key, of: Floor.account, question: "?", outcome: .accepted(OrderID(1)),
              expiresAt: now.adding(end)))
        }
      }
      bench.floor.clock.advance(now.since(bench.floor.clock.now()))
      bench.floor.clock.advance(.day)
      let worker = bench.worker([try bench.job(.retention)])
      try await bench.running(worker) {
        try await bench.wait(for: "it has cleared away") {
          bench.metric(#"job_runs_total{job_name="retention",outcome="succeeded"}"#) == "1"
        }
      }
      let left = try await store.transact { rows in
        try keys.filter { try rows.answer(to: $0, of: Floor.account) != nil }
      }
      #expect(left == [keys[1]])
    }
  }
}
