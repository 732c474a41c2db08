import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// A database that cannot work says nothing about what it was given: no event is passed over.
/// (S04-TRD-10, C-39)
@Suite(.covers("S04-TRD-10"))
struct UnableTests {
  /// A floor with an order that the venue has filled, and nobody has heard of it.
  private func withUnheardFill(
    on backend: Backend, _ body: (Database, Floor, OrderID) async throws -> Void
  ) async throws {
    try await backend.withEmptyDatabase { database in
      _ = try await Migrator(try Schema.current(), on: database.host).up(at: HandClock.start)
      let floor = try await Floor(database.store)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      try await floor.desk.deliver(limit: 9)
      try await body(database, floor, id)
    }
  }

  private func run(_ statements: String..., on database: Database) async throws {
    try await database.host.migrating { session in
      try session.transaction { for statement in statements { try $0.run(statement) } }
    }
  }

  private func expectNothingHeard(_ floor: Floor) async throws {
    await #expect(throws: StoreFault.self) { try await floor.desk.listen(limit: 9) }
    let name = floor.line.name
    #expect(try await floor.store.transact { try $0.heard(of: name).sequence } == 0)
    #expect(try await floor.desk.openDivergences(limit: 9) == [])
  }

  private func expectAllHeard(_ floor: Floor, _ id: OrderID) async throws {
    #expect(try await floor.desk.listen(limit: 9) == 2)
    #expect(try await floor.order(id)?.order.state == .filled)
    try await expectBooksAgree(floor.store, Floor.account)
  }

  @Test(arguments: Backend.allCases)
  func `a schema that does not fit stops the listening until it fits`(
    backend: Backend
  ) async throws {
    try await withUnheardFill(on: backend) { database, floor, id in
      try await run("ALTER TABLE fills RENAME TO elsewhere", on: database)
      try await expectNothingHeard(floor)
      try await run("ALTER TABLE elsewhere RENAME TO fills", on: database)
      try await expectAllHeard(floor, id)
    }
  }

  /// Disk full, out of memory, no rights, a broken page, a limit of the server, not supported.
  @Test(arguments: ["53100", "53200", "42501", "XX001", "54000", "0A000"])
  func `what PostgreSQL cannot do stops the listening until it can`(state: String) async throws {
    try await withUnheardFill(on: .postgresql) { database, floor, id in
      try await run(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'not now' USING ERRCODE = '\(state)'; END $$
        """,
        "CREATE TRIGGER refusal BEFORE INSERT ON fills EXECUTE FUNCTION refuse()", on: database)
      try await expectNothingHeard(floor)
      try await run("DROP TRIGGER refusal ON fills", on: database)
      try await expectAllHeard(floor, id)
    }
  }

  @Test(arguments: ["22003", "23514"])
  func `what is wrong with a row itself is set aside`(state: String) async throws {
    try await withUnheardFill(on: .postgresql) { database, floor, id in
      try await run(
        """
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'not so' USING ERRCODE = '\(state)'; END $$
        """,
        "CREATE TRIGGER refusal BEFORE INSERT ON fills EXECUTE FUNCTION refuse()", on: database)
      #expect(try await floor.desk.listen(limit: 9) == 2)
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "event 2 of order \(id) cannot be booked: the database refused a statement (\(state)): "
            + "ERROR:  not so CONTEXT:  PL/pgSQL function refuse() line 1 at RAISE"
        ])
    }
  }
}
