/// An event with its place and time.
package struct JournalEntry: Hashable, Sendable {
  /// 1, 2, 3 …: a gap means that something was lost.
  package let sequence: Int64
  package let at: Timestamp
  package let event: LedgerEvent

  package init(sequence: Int64, at: Timestamp, event: LedgerEvent) {
    self.sequence = sequence
    self.at = at
    self.event = event
  }
}

/// Everything that happened to one account, and the state that follows from it. Entries are
/// added and never changed. (S04-TRD-10)
package struct Journal: Hashable, Sendable {
  package private(set) var entries: [JournalEntry] = []
  package private(set) var book = AccountBook()

  package init() {}

  /// Takes an event in, or refuses it: then nothing was added.
  @discardableResult
  package mutating func append(
    _ event: LedgerEvent, at time: Timestamp
  ) throws(BookFault) -> JournalEntry {
    try book.receive(event)
    let entry = JournalEntry(sequence: Int64(entries.count) + 1, at: time, event: event)
    entries.append(entry)
    return entry
  }

  /// The journal that these entries are, or why they are none.
  package static func replay(_ entries: some Sequence<JournalEntry>) throws(BookFault) -> Self {
    var journal = Self()
    for entry in entries {
      let expected = Int64(journal.entries.count) + 1
      guard entry.sequence == expected else {
        throw .sequence(expected: expected, found: entry.sequence)
      }
      try journal.append(entry.event, at: entry.at)
    }
    return journal
  }
}
