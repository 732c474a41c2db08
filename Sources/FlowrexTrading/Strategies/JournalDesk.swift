package import FlowrexContract
package import FlowrexStore
package import Ledger

/// People's journals: entries are added, and nobody changes or removes one. (S18-AUD-04)
package struct JournalDesk: Sendable {
  private let store: any Store
  private let clock: any DeskClock
  private let ids: any IDSource

  package init(store: any Store, clock: any DeskClock, ids: any IDSource) {
    self.store = store
    self.clock = clock
    self.ids = ids
  }

  /// Adds an entry.
  ///
  /// - Parameters:
  ///   - signal: one of this person's that it is about.
  ///   - key: the client's own name for it; the same name is the same entry.
  package func write(
    _ text: JournalText, about instrument: Instrument?, _ signal: SignalID?, key: ClientKey,
    by person: PersonID
  ) async throws -> Stored<JournalRecord> {
    let entry = JournalRecord(
      JournalID(ids.next()), of: person, key: key, at: clock.now(), text, instrument: instrument,
      signal: signal)
    return try await store.transact { rows in
      if let signal { _ = try rows.signal(signal, of: person) }
      if try rows.insert(entry) { return Stored(entry, isReplay: false) }
      guard let found = try rows.journalEntry(under: key, of: person), found.text == text,
        found.instrument == instrument, found.signal == signal
      else { throw StrategyFault.keyUsedForAnother(key) }
      return Stored(found, isReplay: true)
    }
  }

  /// A person's entries, the newest first.
  package func entries(
    of person: PersonID, _ page: PageRequest
  ) async throws -> ListPage<JournalRecord> {
    try await store.transact { try $0.journal(of: person, page) }
  }

  package func entry(_ id: JournalID, of person: PersonID) async throws -> JournalRecord {
    try await store.transact { rows in
      guard let entry = try rows.journalEntry(id), entry.owner == person else {
        throw StrategyFault.entryUnknown(id)
      }
      return entry
    }
  }
}
