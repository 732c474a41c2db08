import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexWorker
import Ledger
import TestSupport
import Testing

/// No clock moves here: no pause ends by itself, and it is the bell alone that wakes a worker.
struct OutboxBellTests {
  /// A worker on one process's store, and the desk of another process.
  private func withBell(
    of backend: Backend,
    _ body: (WorkBench, Desk, SharedDatabase) async throws -> Void
  ) async throws {
    try await backend.withShared { shared in
      let floor = try await Floor(shared.other)
      let bench = WorkBench(floor)
      let worker = bench.worker([try bench.job(.outbox)])
      let bell = OutboxBell(shared.messages, rings: worker)
      try await bench.running(worker) {
        try await bench.wait(for: "it has looked once") {
          bench.metric(#"job_last_success_timestamp_seconds{job_name="outbox"}"#) != "0"
        }
        let ringing = Task { await bell.run() }
        defer { ringing.cancel() }
        try await body(bench, try floor.desk(on: floor.line, store: shared.store), shared)
      }
    }
  }

  private func place(_ key: String, _ bench: WorkBench, _ desk: Desk) async throws -> OrderID {
    let request = try bench.floor.request(
      key, .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
    return try #require(try await desk.place(request).order)
  }

  private func awaitState(_ state: OrderState, of id: OrderID, _ bench: WorkBench) async throws {
    try await bench.wait(for: "it is \(state)") {
      try await bench.floor.order(id)?.order.state == state
    }
  }

  @Test(.covers("C-39"), arguments: [Backend.sqliteFile, .postgresql])
  func `an order and its cancellation are said at once, whoever committed them`(
    backend: Backend
  ) async throws {
    try await withBell(of: backend) { bench, desk, _ in
      let id = try await place("k1", bench, desk)
      try await awaitState(.working, of: id, bench)
      _ = try await desk.cancel(id, of: Floor.account)
      try await bench.wait(for: "its end is asked for") {
        bench.floor.line.said == ["submit", "cancel"]
      }
    }
  }

  @Test(.covers("C-39"))
  func `a bell whose connection is ended listens again, and nothing waits for ever`() async throws {
    try await withBell(of: .postgresql) { bench, desk, shared in
      let settings = try #require(shared.settings)
      for number in 1...3 {
        let id = try await place("k\(number)", bench, desk)
        try await awaitState(.working, of: id, bench)
        try await PostgresServer.cutConnections(to: settings)
      }
      let id = try await place("last", bench, desk)
      try await awaitState(.working, of: id, bench)
    }
  }
}
