package import Ledger

/// Strategies. Each belongs to a person, and a client's key names one of theirs. (S17-MET-05)
package protocol StrategyRows {
  /// - Returns: false when the owner has one under that key; nothing is changed then.
  func insert(_ strategy: StrategyRecord) throws(StoreFault) -> Bool
  func strategy(under key: ClientKey, of owner: PersonID) throws(StoreFault) -> StrategyRecord?
  /// A strategy as it is committed, held by nobody.
  func strategy(_ id: StrategyID) throws(StoreFault) -> StrategyRecord?
  /// The same, held until the transaction ends: nobody switches it meanwhile.
  func strategy(_ id: StrategyID, _ lock: RowLock) throws(StoreFault) -> StrategyRecord?
  /// Writes whether it is switched on, and since when.
  func save(_ strategy: StrategyRecord) throws(StoreFault)
  /// A person's strategies, the newest first.
  func strategies(
    of owner: PersonID, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<StrategyRecord>
  /// Strategies that are switched on, of all people.
  func countActiveStrategies() throws(StoreFault) -> Int
}

/// Signals. Each belongs to its strategy's owner. (S17-MET-04)
package protocol SignalRows {
  /// - Returns: false when the owner has one under that key; nothing is changed then.
  func insert(_ signal: SignalRecord) throws(StoreFault) -> Bool
  func signal(under key: ClientKey, of owner: PersonID) throws(StoreFault) -> SignalRecord?
  /// A signal as it is committed, held by nobody.
  func signal(_ id: SignalID) throws(StoreFault) -> SignalRecord?
  /// The same, held exclusively until the transaction ends.
  func heldSignal(_ id: SignalID) throws(StoreFault) -> SignalRecord?
  /// Writes who agreed to it, and what became of it.
  func save(_ signal: SignalRecord) throws(StoreFault)
  /// A person's signals, the newest first.
  func signals(
    of owner: PersonID, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<SignalRecord>
}

/// The journals of people: entries are added, and the database refuses to change or remove one.
/// (S18-AUD-04)
package protocol JournalRows {
  /// - Returns: false when the owner has one under that key; nothing is changed then.
  func insert(_ entry: JournalRecord) throws(StoreFault) -> Bool
  func journalEntry(under key: ClientKey, of owner: PersonID) throws(StoreFault) -> JournalRecord?
  func journalEntry(_ id: JournalID) throws(StoreFault) -> JournalRecord?
  /// A person's entries, the newest first.
  func journal(
    of owner: PersonID, _ page: PageRequest
  ) throws(StoreFault) -> ListPage<JournalRecord>
}
