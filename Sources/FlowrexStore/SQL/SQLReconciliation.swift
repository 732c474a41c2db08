package import FlowrexContract
package import Ledger

extension SQLTransaction {
  package func heard(of broker: String) throws(StoreFault) -> VenueCursor {
    try cursor(of: broker, "")
  }

  package func cursor(of broker: String) throws(StoreFault) -> VenueCursor {
    // The row is made first, so that there is one to hold.
    _ = try run(
      """
      INSERT INTO broker_cursors (broker, epoch, sequence) VALUES ($1, 0, 0)
      ON CONFLICT (broker) DO NOTHING
      """, .text(broker))
    return try cursor(of: broker, connection.dialect.holding)
  }

  private func cursor(of broker: String, _ lock: String) throws(StoreFault) -> VenueCursor {
    try run("SELECT epoch, sequence FROM broker_cursors WHERE broker = $1" + lock, .text(broker))
      .first?.read(of: "broker_cursors") { row throws(StoreFault) in
        try VenueCursor(epoch: row.integer(), sequence: row.integer())
      } ?? .beginning
  }

  package func save(_ cursor: VenueCursor, of broker: String) throws(StoreFault) {
    _ = try run(
      "UPDATE broker_cursors SET epoch = $2, sequence = $3 WHERE broker = $1", .text(broker),
      .integer(cursor.epoch), .integer(cursor.sequence))
  }

  package func note(_ divergence: Divergence) throws(StoreFault) {
    let isNew = try !run(
      """
      INSERT INTO divergences (kind, subject, detail, found_at, settled_at)
      VALUES ($1, $2, $3, $4, NULL)
      ON CONFLICT (kind, subject) DO UPDATE SET detail = excluded.detail,
        found_at = excluded.found_at, settled_at = NULL
      WHERE divergences.settled_at IS NOT NULL
      RETURNING kind
      """,
      .word(divergence.kind), .text(divergence.subject), .text(divergence.detail),
      .time(divergence.foundAt)
    ).isEmpty
    if isNew { notes?.diverged(divergence.kind) }
  }

  package func settle(
    _ kinds: [DivergenceKind], of subject: String, at now: Timestamp
  ) throws(StoreFault) {
    guard !kinds.isEmpty else { return }
    let places = kinds.indices.map { "$\($0 + 3)" }.joined(separator: ", ")
    let settled = try connection.execute(
      """
      UPDATE divergences SET settled_at = $2
      WHERE subject = $1 AND settled_at IS NULL AND kind IN (\(places)) RETURNING kind
      """, [.text(subject), .time(now)] + kinds.map { .word($0) })
    guard let notes else { return }
    for row in settled {
      var reader = RowReader(row, of: "divergences")
      notes.settled(try reader.word())
    }
  }

  package func settled(
    _ kind: DivergenceKind, of subject: String
  ) throws(StoreFault) -> Timestamp? {
    try run(
      "SELECT settled_at FROM divergences WHERE kind = $1 AND subject = $2", .word(kind),
      .text(subject)
    ).first?.read(of: "divergences") { row throws(StoreFault) in try row.optionalTime() } ?? nil
  }

  package func hasOpenDivergence(_ kind: DivergenceKind) throws(StoreFault) -> Bool {
    try !run(
      "SELECT 1 FROM divergences WHERE settled_at IS NULL AND kind = $1 LIMIT 1", .word(kind)
    ).isEmpty
  }

  package func countOpenDivergences() throws(StoreFault) -> Int {
    let rows = try run("SELECT count(*) FROM divergences WHERE settled_at IS NULL")
    return try rows.first?.read(of: "divergences") { row throws(StoreFault) in
      try row.count()
    } ?? 0
  }

  package func openDivergence(
    _ kind: DivergenceKind, of subject: String
  ) throws(StoreFault) -> Divergence? {
    try run(
      Self.divergenceColumns + " WHERE kind = $1 AND subject = $2 AND settled_at IS NULL",
      .word(kind), .text(subject)
    ).first?.read(of: "divergences", Self.divergence)
  }

  static let divergenceColumns = "SELECT kind, subject, detail, found_at FROM divergences"

  static func divergence(_ row: inout RowReader) throws(StoreFault) -> Divergence {
    let word = try row.text()
    let (subject, detail) = try (row.text(), row.text())
    guard let kind = DivergenceKind(rawValue: word) else {
      // Another release's. People have to see it all the same.
      return try Divergence(
        .workFails, of: "\(word)/\(subject)",
        "a note of the kind '\(word)' cannot be read: \(detail)", foundAt: row.time())
    }
    return try Divergence(kind, of: subject, detail, foundAt: row.time())
  }

  package func openDivergences(limit: Int) throws(StoreFault) -> [Divergence] {
    try run(
      """
      SELECT kind, subject, detail, found_at FROM divergences
      WHERE settled_at IS NULL ORDER BY found_at, kind, subject LIMIT $1
      """, .count(limit)
    ).read(of: "divergences", Self.divergence)
  }

  package func append(_ run: ReconciliationRun) throws(StoreFault) {
    _ = try self.run(
      """
      INSERT INTO reconciliation_logs (id, at, checked, settled, still_open)
      VALUES ($1, $2, $3, $4, $5)
      """,
      .id(Identifier<OrderKind>(run.id)), .time(run.at), .count(run.checked),
      .count(run.settled), .count(run.open))
  }

  static let runColumns = "SELECT id, at, checked, settled, still_open FROM reconciliation_logs"

  static func run(_ row: inout RowReader) throws(StoreFault) -> ReconciliationRun {
    let id: Identifier<OrderKind> = try row.id()
    return try ReconciliationRun(
      id: id.bits, at: row.time(), checked: row.count(), settled: row.count(), open: row.count())
  }
}
