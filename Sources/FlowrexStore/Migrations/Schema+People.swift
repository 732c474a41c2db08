extension Schema {
  /// People, their sessions, their failed sign-ins. (C-39)
  static let people = Migration(
    4, "people", release: 1, tables: ["users", "sessions", "sign_in_failures"],
    up: [
      """
      CREATE TABLE users (
        id TEXT PRIMARY KEY, email TEXT NOT NULL UNIQUE, password_hash TEXT NOT NULL,
        role TEXT NOT NULL, disabled BIGINT NOT NULL)
      """,
      """
      CREATE TABLE sessions (
        id TEXT PRIMARY KEY, person TEXT NOT NULL, expires_at BIGINT NOT NULL,
        revoked BIGINT NOT NULL, current_digest TEXT NOT NULL)
      """,
      "CREATE INDEX sessions_person ON sessions (person)",
      "CREATE INDEX sessions_end ON sessions (expires_at, id)",
      """
      CREATE TABLE refresh_tokens (
        digest TEXT PRIMARY KEY,
        session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE)
      """,
      "CREATE INDEX refresh_tokens_session ON refresh_tokens (session)",
      """
      CREATE TABLE sign_in_failures (
        account TEXT NOT NULL, scope TEXT NOT NULL, address TEXT NOT NULL,
        failures BIGINT NOT NULL, since BIGINT NOT NULL, locked_until BIGINT,
        PRIMARY KEY (account, scope, address))
      """,
      "CREATE INDEX sign_in_failures_since ON sign_in_failures (since)",
    ],
    down: [
      "DROP TABLE sign_in_failures", "DROP TABLE refresh_tokens", "DROP TABLE sessions",
      "DROP TABLE users",
    ])

  /// Who did what, in a chain of hashes; rows are added and never changed. (S18-AUD-02, C-57)
  static let audit = Migration(
    5, "audit", release: 1, tables: ["audit_logs"],
    up: [
      """
      CREATE TABLE audit_logs (
        number BIGINT NOT NULL PRIMARY KEY, at BIGINT NOT NULL, action TEXT NOT NULL,
        actor TEXT, subject TEXT, request_id TEXT, address TEXT, was TEXT, became TEXT,
        previous TEXT NOT NULL, hash TEXT NOT NULL)
      """,
      "CREATE INDEX audit_logs_at ON audit_logs (at)",
      "CREATE INDEX audit_logs_subject ON audit_logs (subject, number)",
      """
      CREATE TABLE audit_head (
        id BIGINT NOT NULL PRIMARY KEY CHECK (id = 1), number BIGINT NOT NULL,
        hash TEXT NOT NULL)
      """,
      "INSERT INTO audit_head (id, number, hash) VALUES (1, 0, '')",
    ],
    down: ["DROP TABLE audit_head", "DROP TABLE audit_logs"],
    particular: [auditOnPostgres, auditOnSQLite])

  private static let auditOnPostgres = DialectSteps(
    .postgresql,
    up: [
      """
      CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        RAISE EXCEPTION 'the audit log is added to and never changed'
          USING ERRCODE = 'integrity_constraint_violation';
      END $$
      """,
      """
      CREATE TRIGGER audit_logs_stay BEFORE UPDATE OR DELETE ON audit_logs
      FOR EACH ROW EXECUTE FUNCTION audit_refuse()
      """,
      """
      CREATE TRIGGER audit_logs_stay_all BEFORE TRUNCATE ON audit_logs
      FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
      """,
      """
      CREATE TRIGGER audit_head_moves_on BEFORE UPDATE ON audit_head
      FOR EACH ROW WHEN (NEW.number <> OLD.number + 1) EXECUTE FUNCTION audit_refuse()
      """,
      """
      CREATE TRIGGER audit_head_stays BEFORE DELETE ON audit_head
      FOR EACH ROW EXECUTE FUNCTION audit_refuse()
      """,
      """
      CREATE TRIGGER audit_head_stays_all BEFORE TRUNCATE ON audit_head
      FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()
      """,
    ],
    // Triggers go with their tables.
    afterDown: ["DROP FUNCTION audit_refuse()"])

  private static let auditOnSQLite = DialectSteps(
    .sqlite,
    up: [
      ("audit_logs_stay", "BEFORE UPDATE ON audit_logs"),
      ("audit_logs_stay_all", "BEFORE DELETE ON audit_logs"),
      ("audit_head_moves_on", "BEFORE UPDATE ON audit_head WHEN NEW.number <> OLD.number + 1"),
      ("audit_head_stays", "BEFORE DELETE ON audit_head"),
    ].map { name, event in
      """
      CREATE TRIGGER \(name) \(event)
      BEGIN SELECT RAISE(ABORT, 'the audit log is added to and never changed'); END
      """
    })
}
