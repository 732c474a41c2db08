extension Schema {
  /// What happened to an account's orders, numbered 1, 2, 3 … for each account: the stream of its
  /// owner reads it. Only names stand here; rows that are a day old are removed. (S18-NGX-17)
  static let stream = Migration(
    10, "stream", release: 1,
    up: [
      """
      CREATE TABLE account_changes (
        account TEXT NOT NULL, number BIGINT NOT NULL, at BIGINT NOT NULL, kind TEXT NOT NULL,
        order_id TEXT NOT NULL, event BIGINT NOT NULL, fill TEXT, broker TEXT,
        PRIMARY KEY (account, number))
      """,
      "CREATE INDEX account_changes_at ON account_changes (at)",
    ],
    down: ["DROP TABLE account_changes"])
}
