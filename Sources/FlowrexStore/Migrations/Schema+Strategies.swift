extension Schema {
  /// Strategies, their signals, and people's journals. (C-39, S17-MIG-06)
  static let strategies = Migration(
    9, "strategies", release: 1, tables: ["strategies", "signals", "journal_entries"],
    up: [
      """
      CREATE TABLE strategies (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, client_key TEXT NOT NULL, name TEXT NOT NULL,
        kind TEXT NOT NULL, mode TEXT, created_at BIGINT NOT NULL, is_active BIGINT NOT NULL,
        changed_at BIGINT NOT NULL, UNIQUE (owner, client_key))
      """,
      "CREATE INDEX strategies_owner ON strategies (owner, created_at, id)",
      "CREATE INDEX strategies_active ON strategies (id) WHERE is_active = 1",
      """
      CREATE TABLE signals (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, client_key TEXT NOT NULL,
        strategy TEXT NOT NULL REFERENCES strategies (id), type TEXT NOT NULL,
        instrument TEXT NOT NULL, quantity BIGINT CHECK (quantity > 0), limit_price BIGINT,
        mode TEXT NOT NULL, posted_at BIGINT NOT NULL,
        expires_at BIGINT NOT NULL CHECK (expires_at > posted_at), approved_by TEXT,
        approved_at BIGINT, order_id TEXT UNIQUE REFERENCES orders (id), code TEXT,
        sentence TEXT, ended_at BIGINT, UNIQUE (owner, client_key))
      """,
      "CREATE INDEX signals_owner ON signals (owner, posted_at, id)",
      """
      CREATE TABLE journal_entries (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, client_key TEXT NOT NULL, at BIGINT NOT NULL,
        entry TEXT NOT NULL, instrument TEXT, signal TEXT REFERENCES signals (id),
        UNIQUE (owner, client_key))
      """,
      "CREATE INDEX journal_entries_owner ON journal_entries (owner, at, id)",
    ],
    down: ["DROP TABLE journal_entries", "DROP TABLE signals", "DROP TABLE strategies"],
    particular: [journalOnPostgres, journalOnSQLite])

  private static let journalOnPostgres = DialectSteps(
    .postgresql,
    up: [
      """
      CREATE FUNCTION journal_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the journal is added to and never changed'
          USING ERRCODE = 'integrity_constraint_violation';
      END $$
      """,
      """
      CREATE TRIGGER journal_entries_stay BEFORE UPDATE OR DELETE ON journal_entries
      FOR EACH ROW EXECUTE FUNCTION journal_refuse()
      """,
      """
      CREATE TRIGGER journal_entries_stay_all BEFORE TRUNCATE ON journal_entries
      FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse()
      """,
    ],
    // Triggers go with their table.
    afterDown: ["DROP FUNCTION journal_refuse()"])

  private static let journalOnSQLite = DialectSteps(
    .sqlite,
    up: [
      ("journal_entries_stay", "BEFORE UPDATE ON journal_entries"),
      ("journal_entries_stay_all", "BEFORE DELETE ON journal_entries"),
      (
        // `INSERT OR REPLACE` removes a row without asking the trigger of removals.
        "journal_entries_stay_there",
        """
        BEFORE INSERT ON journal_entries WHEN EXISTS (
          SELECT 1 FROM journal_entries
          WHERE id = NEW.id OR (owner = NEW.owner AND client_key = NEW.client_key))
        """
      ),
    ].map { name, event in
      """
      CREATE TRIGGER \(name) \(event)
      BEGIN SELECT RAISE(ABORT, 'the journal is added to and never changed'); END
      """
    })
}
