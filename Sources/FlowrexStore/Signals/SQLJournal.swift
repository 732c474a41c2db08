import FlowrexContract
package import Ledger

extension SQLTransaction {
  private static let journal = OwnedList(
    table: "journal_entries",
    columns: ["id", "owner", "client_key", "at", "entry", "instrument", "signal"], time: "at")

  package func insert(_ entry: JournalRecord) throws(StoreFault) -> Bool {
    try insert(
      Self.journal,
      [
        .id(entry.id), .id(entry.owner), .text(entry.key.text), .time(entry.at),
        .text(entry.text.text), .text(entry.instrument?.rawValue), .id(entry.signal),
      ], of: entry.owner, key: entry.key)
  }

  package func journalEntry(
    under key: ClientKey, of owner: PersonID
  ) throws(StoreFault) -> JournalRecord? {
    try run(Self.journal.select("owner = $1 AND client_key = $2"), .id(owner), .text(key.text))
      .first?.read(of: "journal_entries", Self.entry)
  }

  package func journalEntry(_ id: JournalID) throws(StoreFault) -> JournalRecord? {
    try run(Self.journal.select("id = $1"), .id(id))
      .first?.read(of: "journal_entries", Self.entry)
  }

  package func journal(
    of owner: PersonID, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<JournalRecord> {
    try read(Self.journal, of: owner, page, Self.entry)
  }

  private static func entry(_ row: inout RowReader) throws(StoreFault) -> JournalRecord {
    let id: JournalID = try row.id()
    let owner: PersonID = try row.id()
    let key = try row.read { ClientKey($0) }
    let at = try row.time()
    let text = try row.read { JournalText($0) }
    return try JournalRecord(
      id, of: owner, key: key, at: at, text, instrument: row.optionalWord(),
      signal: row.optionalID())
  }
}
