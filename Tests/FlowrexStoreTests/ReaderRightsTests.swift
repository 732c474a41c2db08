import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import Ledger
import TestSupport
import Testing

/// The role of who only reads sees what people may see, and nothing that lets somebody in.
/// (engine fact F17, S17-HS-03)
struct ReaderRightsTests {
  private static let noon = Timestamp(microseconds: 0)

  private func query(_ sql: String, as user: String, _ settings: PostgresSettings) async throws
    -> Tool.Output
  {
    try await Tool.run(
      "psql",
      [
        "--no-psqlrc", "--tuples-only", "--no-align", "--host", settings.host, "--username",
        user, settings.database,
      ], input: sql + ";\n")
  }

  @Test func `the reader reads what the schema says and no password`() async throws {
    let settings = try await PostgresServer.emptyDatabase()
    // Roles are the server's, and other tests are on it.
    let role = "reader \"of\" \(settings.database)"
    let quoted = "\"reader \"\"of\"\" \(settings.database)\""
    try await PostgresServer.say(
      """
      CREATE ROLE \(quoted) LOGIN;
      ALTER ROLE \(quoted) SET default_transaction_read_only = on;

      """, settings)
    let store = PostgresStore(settings)
    defer { store.close() }
    let migrator = Migrator(try Schema.current(), on: store)
    _ = try await migrator.up(at: Self.noon)
    let readable = Set(Schema.migrations.flatMap(\.readable) + ["schema_migrations"])
    // What somebody gave by hand is taken back.
    let hand = try await query(
      "GRANT ALL ON users, sessions, accounts TO \(quoted)", as: settings.user, settings)
    #expect(hand.status == 0, "\(hand)")
    for _ in 0..<2 {
      #expect(try await migrator.giveReading(to: role) == .given(readable.sorted()))
    }
    let tables = try await query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1", as: settings.user,
      settings
    ).stdout.split(separator: "\n").map(String.init)
    #expect(tables.count > readable.count && readable.isSubset(of: tables))
    for table in tables {
      let output = try await query("SELECT count(*) FROM \(table)", as: role, settings)
      let isRead = output.stdout.trimmingPrefix { $0.isNewline }.first?.isNumber == true
      #expect(isRead == readable.contains(table), "\(table): \(output)")
    }
    let write = try await query(
      "SET default_transaction_read_only = off; DELETE FROM accounts", as: role, settings)
    #expect(write.stderr.contains("permission denied"), "\(write)")
  }

  /// A new table is seen by nobody until somebody says so; here is who may never see it.
  @Test func `what lets somebody in is readable nowhere`() {
    let readable = Set(Schema.migrations.flatMap(\.readable))
    let secret: Set = [
      "users", "sessions", "refresh_tokens", "sign_in_failures", "audit_logs", "audit_head",
      "mounted_passwords", "idempotency_keys",
    ]
    #expect(readable.isDisjoint(with: secret) && !readable.isEmpty)
    let own = Set(Schema.migrations.flatMap(\.tables) + ["trading_control"])
    #expect(readable.isSubset(of: own))
  }

  @Test func `nobody is given what is theirs, or what there is nobody for`() async throws {
    for backend in Backend.allCases {
      try await backend.withEmptyDatabase { database in
        let migrator = Migrator(try Schema.current(), on: database.host)
        _ = try await migrator.up(at: Self.noon)
        // A developer's own server has one role for all.
        for role in ["flowrex", "nobody here"] {
          #expect(try await migrator.giveReading(to: role) == .noRole)
        }
        _ = try await database.store.transact { try $0.users(after: nil, limit: 1) }
      }
    }
  }
}
