/// What the order path has learnt to keep.
extension Schema {
  static let orderPath = Migration(
    6, "order_path", release: 1, tables: ["daily_results", "found_fills"],
    vetoes: [
      Veto(
        "event_gaps", where: "found_at IS NOT NULL",
        "a gap among a venue's events is open, and when it was found would be forgotten"),
      Veto(
        "unbooked_events", where: "waits_for IS NOT NULL",
        "an event waits for its account, and that would be forgotten"),
    ],
    up: [
      """
      CREATE TABLE daily_results (
        account TEXT NOT NULL REFERENCES accounts (id), day BIGINT NOT NULL,
        realised BIGINT NOT NULL, fees BIGINT NOT NULL, fills BIGINT NOT NULL,
        PRIMARY KEY (account, day))
      """,
      """
      CREATE TABLE found_fills (
        broker TEXT NOT NULL, fill_id TEXT NOT NULL, order_id TEXT NOT NULL, at BIGINT NOT NULL,
        fill_order TEXT NOT NULL, side TEXT NOT NULL, quantity BIGINT NOT NULL,
        instrument TEXT NOT NULL, price BIGINT NOT NULL, fee BIGINT NOT NULL,
        conversion TEXT NOT NULL, rate BIGINT, PRIMARY KEY (broker, fill_id, order_id))
      """,
      "ALTER TABLE event_gaps ADD COLUMN found_at BIGINT",
      "ALTER TABLE unbooked_events ADD COLUMN waits_for TEXT",
      """
      CREATE INDEX unbooked_events_waiting ON unbooked_events (broker, waits_for)
      WHERE waits_for IS NOT NULL
      """,
      "CREATE INDEX accounts_owner ON accounts (owner, id)",
      "CREATE INDEX fills_id ON fills (id)",
    ],
    down: [
      "DROP INDEX fills_id", "DROP INDEX accounts_owner", "DROP INDEX unbooked_events_waiting",
      "ALTER TABLE unbooked_events DROP COLUMN waits_for",
      "ALTER TABLE event_gaps DROP COLUMN found_at", "DROP TABLE found_fills",
      "DROP TABLE daily_results",
    ])
}
