import FlowrexStore
import FlowrexSupport
import FlowrexTraces
import FlowrexTrading
import Ledger
import TestSupport
import Testing
import Tracing

/// Transactions and calls of a venue as spans.
struct TracedPartsTests {
  @Test(.covers("S04-OBS-11"))
  func `a transaction is a span of the request that asked for it, and of nobody else`() async throws
  {
    let process = TracerTests.Process()
    try await Backend.sqliteInMemory.withStore { store in
      let traced = TracedStore(store, process.tracer, system: "sqlite")
      // A loop's own.
      _ = try await traced.transact { try $0.control(.shared) }
      try await process.tracer.withSpan("request") { _ in
        _ = try await traced.transact { try $0.control(.shared) }
        await #expect(throws: StoreFault.self) {
          try await traced.transact { _ in throw StoreFault.statementTimeout }
        }
      }
    }
    _ = await process.exporter.sendAll()
    let spans = try process.collector.spans()
    let request = try #require(spans.first { $0.name == "request" })
    let transactions = spans.filter { $0.name == "transaction" }
    #expect(transactions.count == 2)
    #expect(transactions.allSatisfy { $0.parentSpanId == request.spanId && $0.kind == 3 })
    #expect(transactions.map(\.status.code).sorted() == [0, 2])
    #expect(transactions.allSatisfy { $0.text("db.system.name") == "sqlite" })
  }

  @Test(.covers("S04-OBS-10"))
  func `a venue's call is a span that says which and how it ended, and no more`() async throws {
    let process = TracerTests.Process()
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let desk = try floor.desk(on: TracedBroker(floor.line, process.tracer))
      floor.line.suffer(.answerLost)
      _ = try await desk.place(floor.request("secret-key"))
      _ = try? await desk.deliver(limit: 50)
      floor.clock.advance(.seconds(60))
      _ = try await desk.place(floor.request("other"))
      _ = try? await desk.deliver(limit: 50)
      _ = try? await desk.listen(limit: 50)
    }
    _ = await process.exporter.sendAll()
    let calls = try process.collector.spans().filter { $0.name.hasPrefix("venue ") }
    #expect(calls.count >= 2)
    #expect(calls.allSatisfy { $0.kind == 3 && $0.text("flowrex.venue") != nil })
    let lost = calls.filter { $0.text("error.type") == "unanswered" }
    #expect(lost.count == 1 && lost[0].status.code == 2)
    #expect(!"\(calls)".contains("secret-key") && !"\(calls)".contains("nothing came back"))
    #expect(!calls.contains { $0.name == "venue events" })
  }
}
