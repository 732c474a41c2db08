package import FlowrexContract
package import FlowrexStore
package import Ledger

/// A signal with the kind of its strategy, as metrics count it.
package struct PostedSignal: Hashable, Sendable {
  package let stored: Stored<SignalRecord>
  package let kind: StrategyKind
}

extension StrategyDesk {
  /// Stores a signal of a strategy that is switched on. In ``ExecutionMode/guide`` it waits for a
  /// person; in ``ExecutionMode/autonomous`` nobody has to agree. (S17-MET-04, C-65)
  ///
  /// - Parameters:
  ///   - life: until it expires, at most ``longestLife``; `nil` for the key
  ///     `APPROVAL_LIFE_SECONDS`.
  ///   - key: the client's own name for it; the same name is the same signal.
  package func post(
    _ terms: SignalTerms, life: Span? = nil, of strategy: StrategyID, key: ClientKey,
    by person: PersonID
  ) async throws -> PostedSignal {
    if let life, life < .seconds(1) || life > Self.longestLife {
      throw StrategyFault.lifeOutOfRange(life)
    }
    let id = SignalID(ids.next())
    let desk = self
    return try await store.transact { rows in
      if let found = try rows.signal(under: key, of: person) {
        return try replay(found, terms, life, strategy, rows)
      }
      let owner = try rows.activeStrategy(strategy, of: person).strategy
      // The time is read when the strategy is held: its signals are in its order.
      let signal = Signal(
        id, of: strategy, terms, mode: owner.mode ?? desk.mode, postedAt: desk.clock.now(),
        life: life ?? desk.signalLife)
      let record = SignalRecord(signal, of: person, key: key)
      if try rows.insert(record) {
        return PostedSignal(stored: Stored(record, isReplay: false), kind: owner.kind)
      }
      guard let found = try rows.signal(under: key, of: person) else {
        throw StrategyFault.keyUsedForAnother(key)
      }
      return try replay(found, terms, life, strategy, rows)
    }
  }

  /// A person's signals, the newest first.
  package func signals(
    of person: PersonID, _ page: PageRequest
  ) async throws -> ListPage<SignalRecord> {
    try await store.transact { try $0.signals(of: person, page) }
  }

  package func signal(_ id: SignalID, of person: PersonID) async throws -> SignalRecord {
    try await store.transact { try $0.signal(id, of: person) }
  }

  /// A person agrees to a signal, once and in time. (C-65)
  package func approve(_ id: SignalID, by person: PersonID) async throws -> SignalRecord {
    let clock = clock
    return try await store.transact { rows in
      let seen = try rows.signal(id, of: person)
      // What was agreed to stays agreed to.
      guard seen.signal.consent == nil else { return seen }
      _ = try rows.activeStrategy(seen.signal.strategy, of: person)
      guard var record = try rows.heldSignal(id) else { throw StrategyFault.signalUnknown(id) }
      do throws(SignalFault) {
        try record.signal.approve(by: person, at: clock.now())
      } catch {
        throw StrategyFault.signal(error)
      }
      try rows.save(record)
      return record
    }
  }
}

/// What was stored under the key, if the same was asked. Who says no life asks for no other one:
/// what the key `APPROVAL_LIFE_SECONDS` says may have changed since.
private func replay(
  _ found: SignalRecord, _ terms: SignalTerms, _ life: Span?, _ strategy: StrategyID,
  _ rows: any StoreTransaction
) throws -> PostedSignal {
  let signal = found.signal
  guard signal.terms == terms, signal.strategy == strategy,
    life.map({ signal.expiresAt == signal.postedAt.adding($0) }) ?? true,
    let kind = try rows.strategy(strategy)?.strategy.kind
  else { throw StrategyFault.keyUsedForAnother(found.key) }
  return PostedSignal(stored: Stored(found, isReplay: true), kind: kind)
}

extension StoreTransaction {
  /// A signal of a person, held by nobody.
  func signal(_ id: SignalID, of person: PersonID) throws -> SignalRecord {
    guard let record = try signal(id), record.owner == person else {
      throw StrategyFault.signalUnknown(id)
    }
    return record
  }
}
