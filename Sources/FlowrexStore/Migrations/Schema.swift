/// The schema of the service, in SQL that both databases speak. Money and quantities are whole
/// hundred-millionths, moments are microseconds since 1970, names of 128 bits are text. (C-39)
package enum Schema {
  package static let migrations = [
    accounts, orders, reconciliation, people, audit, orderPath, requests, work, strategies,
    stream, rulings,
  ]

  /// - Throws: never while ``migrations`` are valid, which a test holds.
  package static func current() throws(MigrationFault) -> MigrationSet {
    try MigrationSet(migrations)
  }

  private static let accounts = Migration(
    1, "accounts", release: 1,
    tables: ["accounts", "positions", "risk_reservations", "cash_movements"],
    readable: [
      "trading_control", "accounts", "positions", "risk_reservations", "cash_movements",
    ],
    vetoes: [
      Veto(
        "trading_control", where: "kill_switch <> 'released' OR state <> 'active'",
        "the desk does not trade, and that would be forgotten")
    ],
    up: [
      """
      CREATE TABLE trading_control (
        id BIGINT PRIMARY KEY CHECK (id = 1), state TEXT NOT NULL, kill_switch TEXT NOT NULL,
        person TEXT, at BIGINT)
      """,
      "INSERT INTO trading_control (id, state, kill_switch) VALUES (1, 'active', 'released')",
      """
      CREATE TABLE accounts (
        id TEXT PRIMARY KEY, owner TEXT NOT NULL, cash BIGINT NOT NULL, state TEXT NOT NULL,
        accepted TEXT NOT NULL, turnover BIGINT NOT NULL, turnover_day BIGINT NOT NULL,
        day_start BIGINT NOT NULL, equity_day BIGINT NOT NULL, peak BIGINT NOT NULL)
      """,
      """
      CREATE TABLE positions (
        account TEXT NOT NULL REFERENCES accounts (id), instrument TEXT NOT NULL,
        quantity BIGINT NOT NULL, cost BIGINT NOT NULL, PRIMARY KEY (account, instrument))
      """,
      """
      CREATE TABLE risk_reservations (
        order_id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),
        instrument TEXT NOT NULL, side TEXT NOT NULL,
        quantity BIGINT NOT NULL CHECK (quantity > 0), value BIGINT NOT NULL,
        lingers_until BIGINT)
      """,
      """
      CREATE INDEX risk_reservations_lingering ON risk_reservations (lingers_until)
      WHERE lingers_until IS NOT NULL
      """,
      "CREATE INDEX risk_reservations_account ON risk_reservations (account)",
      """
      CREATE TABLE cash_movements (
        id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),
        amount BIGINT NOT NULL, at BIGINT NOT NULL)
      """,
      "CREATE INDEX cash_movements_account ON cash_movements (account, at)",
    ],
    down: [
      "DROP TABLE cash_movements", "DROP TABLE risk_reservations", "DROP TABLE positions",
      "DROP TABLE accounts", "DROP TABLE trading_control",
    ])

  private static let orders = Migration(
    2, "orders", release: 1,
    tables: ["orders", "order_events", "idempotency_keys", "outbox", "fills", "approvals"],
    readable: ["orders", "order_events", "outbox", "fills", "approvals"],
    up: [
      """
      CREATE TABLE orders (
        id TEXT PRIMARY KEY, account TEXT NOT NULL REFERENCES accounts (id),
        person TEXT NOT NULL, client_key TEXT NOT NULL, instrument TEXT NOT NULL,
        side TEXT NOT NULL, quantity BIGINT NOT NULL CHECK (quantity > 0), limit_price BIGINT,
        life TEXT NOT NULL, purpose TEXT NOT NULL, mode TEXT NOT NULL,
        placed_at BIGINT NOT NULL, state TEXT NOT NULL,
        filled BIGINT NOT NULL CHECK (filled BETWEEN 0 AND quantity),
        cancel_requested BIGINT NOT NULL, events BIGINT NOT NULL, good_until BIGINT,
        epoch BIGINT, venue TEXT)
      """,
      "CREATE INDEX orders_account ON orders (account, placed_at, id)",
      "CREATE INDEX orders_state ON orders (state, id)",
      """
      CREATE TABLE order_events (
        order_id TEXT NOT NULL REFERENCES orders (id), number BIGINT NOT NULL,
        at BIGINT NOT NULL, kind TEXT NOT NULL, quantity BIGINT,
        PRIMARY KEY (order_id, number))
      """,
      """
      CREATE TABLE idempotency_keys (
        account TEXT NOT NULL, client_key TEXT NOT NULL, question TEXT NOT NULL, order_id TEXT,
        code TEXT, sentence TEXT, expires_at BIGINT NOT NULL, PRIMARY KEY (account, client_key))
      """,
      "CREATE INDEX idempotency_keys_end ON idempotency_keys (expires_at)",
      """
      CREATE TABLE outbox (
        order_id TEXT NOT NULL REFERENCES orders (id), kind TEXT NOT NULL,
        account TEXT NOT NULL, due_at BIGINT NOT NULL, attempts BIGINT NOT NULL,
        created_at BIGINT NOT NULL, PRIMARY KEY (order_id, kind))
      """,
      "CREATE INDEX outbox_due ON outbox (due_at, order_id, kind)",
      """
      CREATE TABLE fills (
        id TEXT NOT NULL, broker TEXT NOT NULL, order_id TEXT NOT NULL REFERENCES orders (id),
        account TEXT NOT NULL, instrument TEXT NOT NULL, side TEXT NOT NULL,
        quantity BIGINT NOT NULL CHECK (quantity > 0), price BIGINT NOT NULL,
        fee BIGINT NOT NULL, conversion TEXT NOT NULL, rate BIGINT, at BIGINT NOT NULL,
        PRIMARY KEY (broker, id))
      """,
      "CREATE INDEX fills_account ON fills (account, at, id)",
      """
      CREATE TABLE approvals (
        order_id TEXT PRIMARY KEY REFERENCES orders (id), account TEXT NOT NULL,
        requested_at BIGINT NOT NULL, expires_at BIGINT NOT NULL, decision TEXT, person TEXT,
        decided_at BIGINT, code TEXT, sentence TEXT)
      """,
      "CREATE INDEX approvals_pending ON approvals (expires_at) WHERE decision IS NULL",
    ],
    down: [
      "DROP TABLE approvals", "DROP TABLE fills", "DROP TABLE outbox",
      "DROP TABLE idempotency_keys", "DROP TABLE order_events", "DROP TABLE orders",
    ])

  private static let reconciliation = Migration(
    3, "reconciliation", release: 1,
    tables: [
      "broker_cursors", "unbooked_events", "event_gaps", "divergences", "reconciliation_logs",
    ],
    readable: [
      "broker_cursors", "unbooked_events", "event_gaps", "divergences", "reconciliation_logs",
    ],
    up: [
      """
      CREATE TABLE broker_cursors (
        broker TEXT PRIMARY KEY, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL)
      """,
      """
      CREATE TABLE unbooked_events (
        broker TEXT NOT NULL, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL,
        order_id TEXT NOT NULL, kind TEXT NOT NULL, at BIGINT NOT NULL, fill_id TEXT,
        fill_order TEXT, side TEXT, quantity BIGINT, instrument TEXT, price BIGINT, fee BIGINT,
        conversion TEXT, rate BIGINT, PRIMARY KEY (broker, epoch, sequence))
      """,
      """
      CREATE TABLE event_gaps (
        broker TEXT NOT NULL, epoch BIGINT NOT NULL, first_place BIGINT NOT NULL,
        last_place BIGINT NOT NULL CHECK (last_place >= first_place), noted BIGINT NOT NULL,
        due_at BIGINT NOT NULL, PRIMARY KEY (broker, epoch, first_place))
      """,
      """
      CREATE TABLE divergences (
        kind TEXT NOT NULL, subject TEXT NOT NULL, detail TEXT NOT NULL,
        found_at BIGINT NOT NULL, settled_at BIGINT, PRIMARY KEY (kind, subject))
      """,
      "CREATE INDEX divergences_open ON divergences (found_at) WHERE settled_at IS NULL",
      """
      CREATE TABLE reconciliation_logs (
        id TEXT PRIMARY KEY, at BIGINT NOT NULL, checked BIGINT NOT NULL,
        settled BIGINT NOT NULL, still_open BIGINT NOT NULL)
      """,
      "CREATE INDEX reconciliation_logs_at ON reconciliation_logs (at)",
    ],
    down: [
      "DROP TABLE reconciliation_logs", "DROP TABLE divergences",
      "DROP TABLE event_gaps", "DROP TABLE unbooked_events", "DROP TABLE broker_cursors",
    ])
}
