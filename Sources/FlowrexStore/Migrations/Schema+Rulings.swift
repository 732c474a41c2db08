extension Schema {
  /// What people ruled about halted accounts and differences, with their reasons. (S18-AUD-01)
  static let rulings = Migration(
    11, "rulings", release: 1, tables: ["rulings"],
    up: [
      """
      CREATE TABLE rulings (
        id TEXT PRIMARY KEY, at BIGINT NOT NULL, person TEXT NOT NULL, kind TEXT NOT NULL,
        subject TEXT NOT NULL, reason TEXT NOT NULL)
      """,
      "CREATE INDEX rulings_at ON rulings (at, id)",
      "CREATE INDEX accounts_not_active ON accounts (id) WHERE state <> 'active'",
    ],
    down: ["DROP INDEX accounts_not_active", "DROP TABLE rulings"])
}
