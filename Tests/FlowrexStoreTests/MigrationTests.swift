import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import Ledger
import Risk
import Synchronization
import TestSupport
import Testing

/// The schema goes up and down, and never loses a row. (C-52, S17-MIG-05, S17-MIG-10)
struct MigrationTests {
  private static let noon = HandClock.start

  private static let table = Migration(
    1, "things", release: 1, tables: ["things"],
    up: ["CREATE TABLE things (id BIGINT PRIMARY KEY, old TEXT)"], down: ["DROP TABLE things"])
  private static let column = Migration(
    2, "colour", release: 2, up: ["ALTER TABLE things ADD COLUMN colour TEXT"],
    down: ["ALTER TABLE things DROP COLUMN colour"])

  private func migrator(_ migrations: [Migration], _ database: Database) throws -> Migrator {
    Migrator(try MigrationSet(migrations), on: database.host)
  }

  @Test(arguments: Backend.allCases)
  func `the schema of the service goes up, is verified, goes down and up again`(
    backend: Backend
  ) async throws {
    try await backend.withEmptyDatabase { database in
      let migrator = Migrator(try Schema.current(), on: database.host)
      #expect(try await migrator.status().pending == Schema.migrations)
      #expect(
        try await migrator.verify()
          == Schema.migrations.map {
            "migration \($0.number) '\($0.name)' is not applied"
          })
      #expect(try await migrator.up(at: Self.noon) == Schema.migrations)
      #expect(try await migrator.verify() == [])
      #expect(try await migrator.status().isCurrent)
      #expect(
        try await migrator.status().applied.map(\.at) == Schema.migrations.map { _ in Self.noon })
      #expect(try await migrator.up(at: Self.noon) == [])
      #expect(try await migrator.down(Schema.migrations.count) == Schema.migrations.reversed())
      #expect(try await migrator.up(at: Self.noon) == Schema.migrations)
    }
  }

  @Test(.covers("C-52"), arguments: Backend.allCases)
  func `what holds rows is not taken back`(backend: Backend) async throws {
    try await backend.withStore { store in
      try await store.transact { rows in
        _ = try rows.cursor(of: "venue")
      }
    }
    try await backend.withEmptyDatabase { database in
      let migrator = Migrator(try Schema.current(), on: database.host)
      _ = try await migrator.up(at: Self.noon)
      try await database.store.transact { _ = try $0.cursor(of: "venue") }
      let others = Schema.migrations.count - 3
      _ = try await migrator.down(others)
      let fault = await #expect(throws: MigrationFault.self) { try await migrator.down() }
      #expect(
        fault?.description
          == "migration 3 'reconciliation' is not taken back: "
          + "the table 'broker_cursors' holds 1 rows (C-52)")
      #expect(try await migrator.up(at: Self.noon).count == others)
      #expect(try await migrator.verify() == [])
    }
  }

  @Test(.covers("C-52", "S18-EMG-02"), arguments: Backend.allCases)
  func `a stop is not taken back with its table`(backend: Backend) async throws {
    try await backend.withEmptyDatabase { database in
      let migrator = Migrator(try Schema.current(), on: database.host)
      _ = try await migrator.up(at: Self.noon)
      _ = try await migrator.down(Schema.migrations.count - 1)
      let stopped = TradingControl(
        state: .active, killSwitch: .engaged(by: .riskGuard, at: Self.noon))
      for control in [stopped, TradingControl(state: .reducing)] {
        try await database.store.transact { try $0.save(control) }
        let fault = await #expect(throws: MigrationFault.self) { try await migrator.down() }
        #expect(
          fault?.description
            == "migration 1 'accounts' is not taken back: "
            + "the desk does not trade, and that would be forgotten (C-52)")
      }
      try await database.store.transact { try $0.save(TradingControl()) }
      #expect(try await migrator.down().count == 1)
    }
  }

  @Test(arguments: Backend.allCases)
  func `a migration that was changed after it was applied stops everything`(
    backend: Backend
  ) async throws {
    try await backend.withEmptyDatabase { database in
      _ = try await migrator([Self.table, Self.column], database).up(at: Self.noon)
      let other = Migration(
        1, "things", release: 1, up: ["CREATE TABLE things (id BIGINT)"], down: [])
      let changed = try migrator([other, Self.column], database)
      let sentence = "migration 1 'things' was changed after it was applied"
      #expect(try await changed.verify() == [sentence])
      await #expect(throws: MigrationFault.changed([sentence])) {
        try await changed.up(at: Self.noon)
      }
      await #expect(throws: MigrationFault.changed([sentence])) { try await changed.down() }
    }
  }

  /// After a rollback of code, or while the next release migrates.
  @Test(.covers("C-52"), arguments: Backend.allCases)
  func `what a later release applied hinders nobody but who takes back`(
    backend: Backend
  ) async throws {
    try await backend.withEmptyDatabase { database in
      _ = try await migrator([Self.table, Self.column], database).up(at: Self.noon)
      let older = try migrator([Self.table], database)
      #expect(try await older.verify() == [])
      #expect(try await older.up(at: Self.noon) == [])
      #expect(try await older.status().newer.map(\.name) == ["colour"])
      let sentence = "migration 2 'colour' is applied and this program does not know it"
      await #expect(throws: MigrationFault.changed([sentence])) { try await older.down() }
      // A repair of the release before must not bring a migration of its own under that number.
      let other = Migration(
        2, "size", release: 2, up: ["ALTER TABLE things ADD COLUMN size BIGINT"], down: [])
      await #expect(
        throws: MigrationFault.changed(["migration 2 'size' was changed after it was applied"])
      ) {
        try await migrator([Self.table, other], database).up(at: Self.noon)
      }
    }
  }

  @Test(.covers("C-52", "S17-HS-05"))
  func `a schema serves the releases from which nothing was taken`() async throws {
    try await Backend.allCases[0].withEmptyDatabase { database in
      let tidy = Migration(
        3, "tidy", release: 3, .contract(of: 2), up: ["ALTER TABLE things DROP COLUMN old"],
        down: ["ALTER TABLE things ADD COLUMN old TEXT"])
      func report(_ migrations: [Migration]) async throws -> SchemaReport {
        let set = try MigrationSet(migrations)
        return SchemaReport(try await Migrator(set, on: database.host).status(), set)
      }
      let none = try await report([Self.table])
      #expect(none.applied.isEmpty && none.serves == [])
      _ = try await migrator([Self.table, Self.column], database).up(at: Self.noon)
      let two = try await report([Self.table, Self.column])
      #expect(two.applied == "0002" && two.serves == ["0001", "0002"])
      _ = try await migrator([Self.table, Self.column, tidy], database).up(at: Self.noon)
      let three = try await report([Self.table, Self.column, tidy])
      #expect(three.applied == "0003" && three.serves == ["0002", "0003"])
      #expect(three.changed == [] && three.failed == [])
      // The release before says what it can know.
      let before = try await report([Self.table, Self.column])
      #expect(before.applied == "0003" && before.serves.contains("0002"))
      let changed = Migration(1, "things", release: 1, up: ["CREATE TABLE x (id BIGINT)"], down: [])
      #expect(try await report([changed, Self.column, tidy]).changed == ["0001"])
    }
  }

  @Test(arguments: Backend.allCases)
  func `a migration that fails leaves nothing behind`(backend: Backend) async throws {
    try await backend.withEmptyDatabase { database in
      let broken = Migration(
        2, "broken", release: 1,
        up: ["CREATE TABLE other (id BIGINT)", "CREATE TABLE things (id BIGINT)"], down: [])
      await #expect(throws: StoreFault.self) {
        try await migrator([Self.table, broken], database).up(at: Self.noon)
      }
      let fixed = Migration(
        2, "fixed", release: 1, up: ["CREATE TABLE other (id BIGINT)"], down: [])
      let applied = try await migrator([Self.table, fixed], database).up(at: Self.noon)
      #expect(applied == [fixed])
    }
  }

  /// What came before a fault is done and stays done: somebody must know of it.
  @Test(arguments: Backend.allCases)
  func `what is done before a fault is told`(backend: Backend) async throws {
    try await backend.withEmptyDatabase { database in
      let broken = Migration(2, "broken", release: 1, up: ["CREATE TABLE x ("], down: [])
      let told = Mutex<[Int]>([])
      let tell = { @Sendable (migration: Migration) in told.withLock { $0.append(migration.number) }
      }
      await #expect(throws: StoreFault.self) {
        try await migrator([Self.table, broken], database).up(at: Self.noon, told: tell)
      }
      #expect(told.withLock { $0 } == [1])
      told.withLock { $0 = [] }
      _ = try await migrator([Self.table, Self.column], database).up(at: Self.noon)
      let veto = Migration(
        3, "rule", release: 3, vetoes: [Veto("things", where: "id = 1", "it is one")],
        up: ["CREATE TABLE rules (id BIGINT)"], down: ["DROP TABLE rules"])
      let all = try migrator([Self.table, Self.column, veto], database)
      _ = try await all.up(at: Self.noon)
      try await database.host.migrating { session in
        try session.transaction { _ = try $0.execute("INSERT INTO things (id) VALUES (2)", []) }
      }
      await #expect(throws: MigrationFault.self) { try await all.down(3, told: tell) }
      #expect(told.withLock { $0 } == [3, 2])
    }
  }

  /// Between the count of a table's rows and its end nobody writes one.
  @Test(.covers("C-52")) func `a row that is being written is not dropped with its table`()
    async throws
  {
    let settings = try await PostgresServer.emptyDatabase()
    let store = PostgresStore(settings)
    defer { store.close() }
    let migrator = Migrator(try Schema.current(), on: store)
    _ = try await migrator.up(at: Self.noon)
    let (isWritten, mayEnd) = (Gate(), Gate())
    let writer = Task {
      try await store.transact { rows in
        try rows.keepMountedPassword("digest", at: Self.noon)
        isWritten.open()
        mayEnd.wait()
      }
    }
    await isWritten.opened()
    let held = try #require(Schema.migrations.first { $0.name == "requests" })
    let count = Schema.migrations.drop { $0 != held }.count
    let taker = Task { try await migrator.down(count) }
    // It waits for the writer, and counts after that.
    while try await countWaiting(settings) == "0" { try await Task.sleep(for: .milliseconds(5)) }
    mayEnd.open()
    try await writer.value
    let fault = await #expect(throws: MigrationFault.self) { try await taker.value }
    #expect(fault == .holdsRows(held, table: "mounted_passwords", rows: 1))
  }

  private func countWaiting(_ settings: PostgresSettings) async throws -> String {
    let output = try await Tool.run(
      "psql",
      [
        "--no-psqlrc", "--tuples-only", "--no-align", "--host", settings.host, "--username",
        settings.user, settings.database,
      ],
      input: """
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock';

        """)
    return output.stdout.filter { !$0.isNewline }
  }

  @Test(arguments: Backend.allCases)
  func `two that migrate at once do it once`(backend: Backend) async throws {
    try await backend.withEmptyDatabase { database in
      let migrator = Migrator(try Schema.current(), on: database.host)
      let applied = try await withThrowingTaskGroup(of: Int.self) { group in
        for _ in 0..<4 { group.addTask { try await migrator.up(at: Self.noon).count } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(applied.reduce(0, +) == Schema.migrations.count)
      #expect(try await migrator.verify() == [])
    }
  }

  @Test(.covers("C-52")) func `a destructive statement does not come with an expansion`() {
    let drops = Migration(
      2, "tidy", release: 2, up: ["ALTER TABLE things DROP COLUMN old"], down: [])
    #expect(
      throws: MigrationFault.invalid([
        "migration 2 'tidy' expands and says 'DROP': the release before it would break (C-52)"
      ])
    ) { try MigrationSet([Self.table, drops]) }
    for statement in [
      "TRUNCATE things", "delete from things", "ALTER TABLE things RENAME TO others",
      "ALTER TABLE things ALTER COLUMN old TYPE BIGINT",
      "ALTER TABLE things ALTER COLUMN old SET NOT NULL",
    ] {
      let migration = Migration(2, "tidy", release: 2, up: [statement], down: [])
      #expect(throws: MigrationFault.self, "\(statement)") {
        try MigrationSet([Self.table, migration])
      }
    }
  }

  @Test(.covers("C-52")) func `a contraction comes a release after its expansion`() throws {
    func contraction(release: Int, of number: Int) -> Migration {
      Migration(
        3, "tidy", release: release, .contract(of: number),
        up: ["ALTER TABLE things DROP COLUMN old"], down: [])
    }
    _ = try MigrationSet([Self.table, Self.column, contraction(release: 3, of: 2)])
    #expect(
      throws: MigrationFault.invalid([
        "migration 3 'tidy' contracts migration 2 'colour' in the same release 2: "
          + "a contraction comes a release later (C-52)"
      ])
    ) { try MigrationSet([Self.table, Self.column, contraction(release: 2, of: 2)]) }
    #expect(
      throws: MigrationFault.invalid([
        "migration 3 'tidy' contracts migration 7, which is none before it"
      ])
    ) { try MigrationSet([Self.table, Self.column, contraction(release: 3, of: 7)]) }
  }

  @Test func `numbers have no gap and releases only grow`() {
    let third = Migration(3, "third", release: 1, up: [], down: [])
    #expect(
      throws: MigrationFault.invalid([
        "migration 3 'third' stands where number 2 should"
      ])
    ) { try MigrationSet([Self.table, third]) }
    let older = Migration(3, "older", release: 1, up: [], down: [])
    #expect(
      throws: MigrationFault.invalid([
        "migration 3 'older' is of release 1, before that of the one above it"
      ])
    ) { try MigrationSet([Self.table, Self.column, older]) }
  }
}
