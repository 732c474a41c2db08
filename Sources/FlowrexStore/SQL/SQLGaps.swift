import FlowrexContract
package import Ledger

extension SQLTransaction {
  package func keep(_ gap: EventGap) throws(StoreFault) {
    _ = try run(
      """
      INSERT INTO event_gaps (broker, epoch, first_place, last_place, noted, due_at, found_at)
      VALUES ($1, $2, $3, $4, $5, $6, $7)
      """,
      .text(gap.broker), .integer(gap.epoch), .integer(gap.first), .integer(gap.last),
      .integer(gap.noted), .time(gap.dueAt), .time(gap.foundAt))
  }

  package func gaps(
    of broker: String, in epoch: Int64, foundAfter moment: Timestamp?, limit: Int
  ) throws(StoreFault) -> [EventGap] {
    try gaps(
      "found_at IS NULL OR found_at > $4", moment ?? Timestamp(microseconds: .min),
      "first_place", broker, epoch, limit)
  }

  package func dueGaps(
    of broker: String, in epoch: Int64, at now: Timestamp, limit: Int
  ) throws(StoreFault) -> [EventGap] {
    try gaps("due_at <= $4", now, "due_at, first_place", broker, epoch, limit)
  }

  private func gaps(
    _ condition: String, _ moment: Timestamp, _ order: String, _ broker: String, _ epoch: Int64,
    _ limit: Int
  ) throws(StoreFault) -> [EventGap] {
    try run(
      """
      SELECT first_place, last_place, noted, due_at, found_at FROM event_gaps
      WHERE broker = $1 AND epoch = $2 AND (\(condition)) ORDER BY \(order) LIMIT $3
      """, .text(broker), .integer(epoch), .count(limit), .time(moment)
    ).read(of: "event_gaps") { row throws(StoreFault) in
      let (first, last) = try (row.integer(), row.integer())
      let gap = try EventGap(
        of: broker, epoch, from: first, to: last, noted: row.integer(), dueAt: row.time(),
        foundAt: row.optionalTime())
      guard let gap else { throw row.unreadable(String(last)) }
      return gap
    }
  }

  package func remove(_ gap: EventGap) throws(StoreFault) -> Bool {
    let rows = try run(
      """
      DELETE FROM event_gaps
      WHERE broker = $1 AND epoch = $2 AND first_place = $3 AND last_place = $4
      RETURNING first_place
      """, .text(gap.broker), .integer(gap.epoch), .integer(gap.first), .integer(gap.last))
    return !rows.isEmpty
  }
}
