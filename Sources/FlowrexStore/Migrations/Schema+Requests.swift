extension Schema {
  /// Requests in the audit log, and rows that only follow the last; the moment of a token's
  /// exchange; which passwords were mounted for the first administrator. (S18-AUD-01, C-02, C-46)
  static let requests = Migration(
    7, "requests", release: 1, tables: ["mounted_passwords"],
    vetoes: [
      Veto(
        "audit_logs", where: "method IS NOT NULL OR path IS NOT NULL OR status IS NOT NULL",
        "requests stand in the audit log, and that would be forgotten")
    ],
    up: [
      "ALTER TABLE audit_logs ADD COLUMN method TEXT",
      "ALTER TABLE audit_logs ADD COLUMN path TEXT",
      "ALTER TABLE audit_logs ADD COLUMN user_agent TEXT",
      "ALTER TABLE audit_logs ADD COLUMN status BIGINT",
      "ALTER TABLE sessions ADD COLUMN rotated_at BIGINT",
      """
      CREATE TABLE mounted_passwords (
        number BIGINT NOT NULL PRIMARY KEY, digest TEXT NOT NULL UNIQUE, at BIGINT NOT NULL)
      """,
    ],
    down: [
      "DROP TABLE mounted_passwords",
      "ALTER TABLE sessions DROP COLUMN rotated_at",
      "ALTER TABLE audit_logs DROP COLUMN status",
      "ALTER TABLE audit_logs DROP COLUMN user_agent",
      "ALTER TABLE audit_logs DROP COLUMN path",
      "ALTER TABLE audit_logs DROP COLUMN method",
    ],
    particular: [requestsOnPostgres, requestsOnSQLite])

  private static let requestsOnPostgres = DialectSteps(
    .postgresql,
    up: [
      """
      CREATE FUNCTION audit_follow() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        IF NEW.number IS DISTINCT FROM (SELECT number + 1 FROM audit_head WHERE id = 1) THEN
          RAISE EXCEPTION 'the audit log is added to and never changed'
            USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
      END $$
      """,
      """
      CREATE TRIGGER audit_logs_follow BEFORE INSERT ON audit_logs
      FOR EACH ROW EXECUTE FUNCTION audit_follow()
      """,
      """
      CREATE TRIGGER audit_head_is_one BEFORE INSERT ON audit_head
      FOR EACH ROW EXECUTE FUNCTION audit_refuse()
      """,
    ],
    afterDown: [
      "DROP TRIGGER audit_head_is_one ON audit_head",
      "DROP TRIGGER audit_logs_follow ON audit_logs", "DROP FUNCTION audit_follow()",
    ])

  /// `REPLACE` takes a row away and runs no trigger of a removal: the one of the insertion is run.
  private static let requestsOnSQLite = DialectSteps(
    .sqlite,
    up: [
      (
        "audit_logs_follow",
        """
        BEFORE INSERT ON audit_logs
        WHEN NEW.number IS NOT (SELECT number + 1 FROM audit_head WHERE id = 1)
        """
      ),
      ("audit_head_is_one", "BEFORE INSERT ON audit_head"),
    ].map { name, event in
      """
      CREATE TRIGGER \(name) \(event)
      BEGIN SELECT RAISE(ABORT, 'the audit log is added to and never changed'); END
      """
    },
    afterDown: ["DROP TRIGGER audit_head_is_one", "DROP TRIGGER audit_logs_follow"])
}
