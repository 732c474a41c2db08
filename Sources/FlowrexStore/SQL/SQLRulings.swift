import FlowrexContract
import Ledger

extension SQLTransaction {
  static let rulingColumns = "SELECT id, at, person, kind, subject, reason FROM rulings"

  package func insert(_ ruling: RulingRecord) throws(StoreFault) {
    _ = try run(
      """
      INSERT INTO rulings (id, at, person, kind, subject, reason)
      VALUES ($1, $2, $3, $4, $5, $6)
      """,
      .id(ruling.id), .time(ruling.at), .id(ruling.person), .word(ruling.kind),
      .text(ruling.subject), .text(ruling.reason.text))
  }

  static func ruling(_ row: inout RowReader) throws(StoreFault) -> RulingRecord {
    let id: RulingID = try row.id()
    let at = try row.time()
    let person: PersonID = try row.id()
    let kind: RulingKind = try row.word()
    let subject = try row.text()
    return try RulingRecord(
      id, at: at, by: person, kind, of: subject, because: row.read { JournalText($0) })
  }

  /// The place of a row is its id, which its moment says nothing of.
  package func haltedAccounts(
    _ page: PageRequest
  ) throws(StoreFault) -> ListPage<HaltedRecord> {
    let rows = try run(
      """
      SELECT id, owner, state, day_start, peak FROM accounts
      WHERE state <> 'active' AND id > $1 ORDER BY id LIMIT $2
      """, .text(page.place?.names.first ?? ""), .count(min(page.limit, .max - 1) + 1)
    ).read(of: "accounts") { row throws(StoreFault) in
      let (account, owner): (AccountID, PersonID) = try (row.id(), row.id())
      return try HaltedRecord(
        account: account, owner: owner, state: row.word(), dayStart: row.number(),
        peak: row.number())
    }
    let items = Array(rows.prefix(page.limit))
    let next = items.last.map {
      ListPlace(at: Timestamp(microseconds: 0), $0.account.description)
    }
    return ListPage(items, next: rows.count > page.limit ? next : nil)
  }
}
