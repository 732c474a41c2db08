import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import Ledger
import Risk
import TestSupport
import Testing

/// A server that takes what is said and does not answer holds nobody for ever. (C-35, S03-VAR-13)
@Suite(.covers("C-35", "S03-VAR-13"))
struct FreezeTests {
  private func withLine(
    _ body: (FreezingLine, PostgresStore) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { folder in
      var settings = try await PostgresServer.emptyDatabase()
      let line = try FreezingLine(to: settings, in: folder)
      defer { line.close() }
      settings.host = folder.path
      settings.statementTimeout = .seconds(1)
      settings.connectTimeout = .seconds(2)
      let store = PostgresStore(settings)
      defer { store.close() }
      _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
      // Should nothing end the wait, this does, and the test has failed.
      let rescue = Task {
        try await Task.sleep(for: .seconds(20))
        line.thaw()
      }
      defer { rescue.cancel() }
      try await body(line, store)
      line.thaw()
      #expect(try await store.transact { try $0.control(.shared) } == TradingControl())
    }
  }

  @Test func `a statement that is not answered ends, and nothing was done`() async throws {
    try await withLine { line, store in
      await #expect(
        throws: StoreFault.unreachable("the server did not answer within 2 s")
      ) {
        try await store.transact { rows in
          _ = try rows.cursor(of: "venue")
          line.freeze()
          _ = try rows.cursor(of: "other")
        }
      }
    }
  }

  @Test func `a commit that is not answered has an outcome that nobody knows`() async throws {
    try await withLine { line, store in
      await #expect(
        throws: StoreFault.outcomeUnknown("the server did not answer within 2 s")
      ) {
        try await store.transact { rows in
          _ = try rows.cursor(of: "venue")
          line.freeze()
        }
      }
    }
  }

  @Test func `a connection that is not taken ends, and idle ones are not tried one by one`()
    async throws
  {
    try await withLine { line, store in
      line.freeze()
      // The idle one first, then a new one.
      await #expect(throws: StoreFault.self) { try await store.transact { _ in } }
      await #expect(
        throws: StoreFault.unreachable("the server did not take the connection within 2 s")
      ) {
        try await store.transact { _ in }
      }
    }
  }

  @Test(.covers("C-27")) func `a burst's connections stay while they are used, and go`()
    async throws
  {
    var settings = try await PostgresServer.emptyDatabase()
    settings.poolSize = 1
    settings.overflow = 3
    settings.overflowLife = .milliseconds(500)
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let gates = (0..<4).map { _ in Gate() }
    let end = Gate()
    let holders = gates.map { begun in
      Task {
        try await store.transact { _ in
          begun.open()
          end.wait()
        }
      }
    }
    for gate in gates { await gate.opened() }
    end.open()
    for holder in holders { try await holder.value }
    #expect(store.connections == 4)
    for _ in 0..<200 where store.connections > 1 { try await Task.sleep(for: .milliseconds(50)) }
    #expect(store.connections == 1)
  }

  @Test(.covers("C-16")) func `a server that only reads is left for one that writes`()
    async throws
  {
    let settings = try await PostgresServer.emptyDatabase()
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    try await PostgresServer.say(
      "ALTER DATABASE \(settings.database) SET default_transaction_read_only = on;\n", settings)
    // A connection that was opened before goes on; those after it are refused.
    try await PostgresServer.cutConnections(to: settings)
    await #expect {
      try await store.transact { _ = try $0.control(.shared) }
    } throws: { error in
      "\(error)".hasSuffix("session is read-only")
    }
    try await PostgresServer.say(
      "ALTER DATABASE \(settings.database) RESET default_transaction_read_only;\n", settings)
    #expect(try await store.transact { try $0.control(.shared) } == TradingControl())
  }
}
