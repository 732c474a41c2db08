package import FlowrexContract
package import Ledger

extension SQLTransaction {
  package func leases() throws(StoreFault) -> [JobLease] {
    let known = JobName.allCases
    let places = known.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    return try connection.execute(
      Self.leaseColumns + " WHERE job IN (\(places)) ORDER BY job", known.map { .word($0) }
    ).map { RowValues(row: $0) }.read(of: "job_leases", Self.lease)
  }

  package func lease(of job: JobName) throws(StoreFault) -> JobLease? {
    // A renewal does not meet this lock, a change of hands does.
    let lock = connection.dialect == .postgresql ? " FOR KEY SHARE" : ""
    return try run(Self.leaseColumns + " WHERE job = $1" + lock, .word(job)).first?
      .read(of: "job_leases", Self.lease)
  }

  private static let leaseColumns = "SELECT job, holder, fence, renewal FROM job_leases"

  private enum HolderKind {}

  private static func lease(_ row: inout RowReader) throws(StoreFault) -> JobLease {
    let job: JobName = try row.word()
    let holder: Identifier<HolderKind>? = try row.optionalID()
    return try JobLease(job, holder: holder?.bits, fence: row.integer(), renewal: row.integer())
  }

  package func exchange(
    _ before: JobLease?, for lease: JobLease
  ) throws(StoreFault) -> Bool {
    let holder = SQLValue.id(lease.holder.map { Identifier<HolderKind>($0) })
    guard let before else {
      return try !run(
        """
        INSERT INTO job_leases (job, holder, fence, renewal) VALUES ($1, $2, $3, $4)
        ON CONFLICT (job) DO NOTHING RETURNING job
        """, .word(lease.job), holder, .integer(lease.fence), .integer(lease.renewal)
      ).isEmpty
    }
    // A fence is one holder's, and what it counts only grows: these two say all. Who takes a job
    // over does not wait for what is written in its name: it looks again.
    let lock =
      lease.fence != before.fence && connection.dialect == .postgresql
      ? " FOR UPDATE SKIP LOCKED" : ""
    return try !run(
      """
      UPDATE job_leases SET holder = $2, fence = $3, renewal = $4
      WHERE job IN (
        SELECT job FROM job_leases WHERE job = $1 AND fence = $5 AND renewal = $6\(lock))
        AND fence = $5 AND renewal = $6
      RETURNING job
      """, .word(lease.job), holder, .integer(lease.fence), .integer(lease.renewal),
      .integer(before.fence), .integer(before.renewal)
    ).isEmpty
  }

  package func outboxBacklog() throws(StoreFault) -> OutboxBacklog {
    let rows = try run("SELECT count(*), min(created_at) FROM outbox")
    return try rows.first?.read(of: "outbox") { row throws(StoreFault) in
      try OutboxBacklog(messages: row.count(), oldest: row.optionalTime())
    } ?? OutboxBacklog(messages: 0, oldest: nil)
  }

  package func openOrderCounts() throws(StoreFault) -> [OrderState: Int] {
    let open = OrderState.allCases.filter { !$0.isFinal }
    let places = open.indices.map { "$\($0 + 1)" }.joined(separator: ", ")
    let rows = try connection.execute(
      "SELECT state, count(*) FROM orders WHERE state IN (\(places)) GROUP BY state",
      open.map { .word($0) })
    return try counts(rows.map { RowValues(row: $0) }, of: "orders")
  }

  package func pendingApprovals() throws(StoreFault) -> Int {
    try run("SELECT count(*) FROM approvals WHERE decision IS NULL").first?
      .read(of: "approvals") { row throws(StoreFault) in try row.count() } ?? 0
  }

  package func openDivergenceCounts() throws(StoreFault) -> [DivergenceKind: Int] {
    try counts(
      run("SELECT kind, count(*) FROM divergences WHERE settled_at IS NULL GROUP BY kind"),
      of: "divergences")
  }

  private func counts<Word: RawRepresentable<String> & Hashable>(
    _ rows: [RowValues], of table: String
  ) throws(StoreFault) -> [Word: Int] {
    var counts: [Word: Int] = [:]
    for row in rows {
      let (word, count) = try row.read(of: table) { row throws(StoreFault) -> (Word, Int) in
        try (row.word(), row.count())
      }
      counts[word] = count
    }
    return counts
  }

  package func forgetRuns(before moment: Timestamp, limit: Int) throws(StoreFault) -> Int {
    try run(
      """
      DELETE FROM reconciliation_logs WHERE id IN (
        SELECT id FROM reconciliation_logs WHERE at < $1 ORDER BY at, id LIMIT $2)
      RETURNING id
      """, .time(moment), .count(limit)
    ).count
  }

  package func maintenance() throws(StoreFault) -> Maintenance {
    let rows = try run("SELECT is_on, person, at FROM maintenance WHERE id = 1")
    return try rows.first?.read(of: "maintenance") { row throws(StoreFault) in
      try Maintenance(isOn: row.flag(), by: row.optionalID(), at: row.optionalTime())
    } ?? Maintenance(isOn: false)
  }

  package func save(_ maintenance: Maintenance) throws(StoreFault) {
    _ = try run(
      """
      INSERT INTO maintenance (id, is_on, person, at) VALUES (1, $1, $2, $3)
      ON CONFLICT (id)
      DO UPDATE SET is_on = excluded.is_on, person = excluded.person, at = excluded.at
      """, .flag(maintenance.isOn), .id(maintenance.person), .time(maintenance.at))
  }
}
