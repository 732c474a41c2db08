import FlowrexContract
import FlowrexMetrics
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import FlowrexWorker
import Ledger
import TestSupport
import Testing

/// What is measured of all accounts, and of the comparison with the venue. (S04-OBS-02,
/// S03-ARCH-05)
struct BooksTests {
  private static let succeeded = #"job_last_success_timestamp_seconds{job_name="drawdown_guard"}"#

  @Test(.covers("S04-OBS-02"))
  func `measuring waits for no account, and no account waits for it`() async throws {
    try await Backend.postgresql.withStore { store in
      let floor = try await Floor(store)
      let bench = WorkBench(floor)
      let (held, gate) = (Gate(), Gate())
      let holding = Task {
        try await store.transact { rows in
          _ = try rows.account(Floor.account)
          held.open()
          gate.wait()
        }
      }
      await held.opened()
      try await bench.running(bench.worker([try bench.job(.drawdownGuard)])) {
        try await bench.wait(for: "the books are shown") {
          bench.metric("portfolio_value_usd") == "100000"
        }
        gate.open()
      }
      _ = try await holding.value
    }
  }

  @Test(.covers("S04-OBS-02"))
  func `an account that cannot be read hides no other, and is not passed over in silence`()
    async throws
  {
    try await Backend.sqliteInMemory.withEmptyDatabase { database in
      _ = try await Migrator(try Schema.current(), on: database.host).up(
        at: Timestamp(microseconds: 0))
      let floor = try await Floor(database.store)
      let bench = WorkBench(floor)
      _ = try await floor.desk.place(floor.request("k1"))
      try await floor.settle()
      _ = try await floor.desk.place(floor.request("k2", mode: .guide))
      try await floor.desk.openAccount(AccountID(0xB), of: PersonID(2))
      try await database.host.migrating { session in
        try session.transaction {
          _ = try $0.execute("UPDATE accounts SET cash = 'much' WHERE id LIKE '%b'", [])
        }
      }
      let failed = #"job_runs_total{job_name="drawdown_guard",outcome="failed"}"#
      try await bench.running(bench.worker([try bench.job(.drawdownGuard)])) {
        try await bench.wait(for: "it is counted") { bench.metric(failed) == "1" }
        #expect(bench.metric(Self.succeeded) == "0")
        // Of the others what is fullest, and no sum.
        #expect(bench.metric("approvals_pending") == "1")
        #expect(bench.metric(#"open_positions{symbol="EURUSD"}"#) == "1")
        #expect(bench.metric(#"risk_cap_usage_ratio{cap="open_orders"}"#) != "0")
        #expect(bench.metric("portfolio_value_usd") == "0")
      }
    }
  }

  @Test(.covers("S04-OBS-02"))
  func `realised is what was closed today, whatever open positions gained`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let bench = WorkBench(floor)
      _ = try await floor.desk.place(floor.request("k1"))
      try await floor.settle()
      // Open profit of yesterday: 100 pips on a tenth of a lot.
      floor.market.set(.eurUSD, bid: Price(111_010, .five), ask: Price(111_020, .five))
      _ = try await floor.desk.guardAccounts()
      floor.clock.advance(.day)
      try await bench.running(bench.worker([try bench.job(.drawdownGuard)])) {
        func turn() async throws {
          try await bench.wait(for: "a turn") { bench.metric("unrealised_pnl_usd") != "0" }
        }
        try await turn()
        #expect(bench.metric("unrealised_pnl_usd") == "100")
        #expect(bench.metric("realised_pnl_usd") == "0")
        _ = try await floor.desk.place(floor.request("k2", .sell, Quantity(5, .two)))
        try await floor.settle()
        try await bench.wait(for: "what was closed is shown") {
          bench.steady.advance(.seconds(5))
          return bench.metric("realised_pnl_usd") == "50"
        }
      }
    }
  }

  @Test(.covers("S04-RES-07"))
  func `a comparison in which the venue is silent is none`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let bench = WorkBench(floor)
      _ = try await floor.desk.place(floor.request("k1"))
      #expect(try await floor.desk.deliver(limit: 9) == 1)
      let failed = #"job_runs_total{job_name="reconciliation",outcome="failed"}"#
      let silent = bench.worker([try bench.job(.reconciliation)]) { store in
        try floor.desk(on: UnreachedVenue(.simulated(.lookUpAble)), store: store)
      }
      try await bench.running(silent) {
        try await bench.wait(for: "it fails") { bench.metric(failed) == "1" }
      }
      #expect(bench.metric("reconciliation_last_run_timestamp_seconds") == "0")
      let success = #"job_last_success_timestamp_seconds{job_name="reconciliation"}"#
      #expect(bench.metric(success) == "0")
      let run = try await store.transact { try $0.runs(PageRequest(limit: 9)) }.items.first
      #expect(run?.checked == 0)
      // It answers again.
      let answered = try await floor.desk.compare(batch: 9) { false }
      #expect(answered.unanswered == 0 && answered.run.checked == 1)
    }
  }

  @Test func `a question to the venue is no delivery`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let metrics = MetricRegistry(.worker)
      let desk = try floor.desk(on: MeteredBroker(floor.line, metrics))
      _ = try await floor.desk.place(floor.request("k1"))
      #expect(try await desk.deliver(limit: 9) == 1)
      for _ in 1...3 { try await desk.reconcile(batch: 9) }
      let text = metrics.text()
      #expect(text.contains(#"outbox_deliveries_total{outcome="succeeded"} 1"# + "\n"))
      #expect(
        text.contains(
          #"broker_requests_total{operation="look_up",outcome="succeeded"} 1"# + "\n"))
    }
  }
}
