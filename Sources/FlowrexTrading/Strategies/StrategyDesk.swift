package import FlowrexContract
package import FlowrexStore
package import Ledger

/// Strategies and their signals, up to the order: that one is the ``Desk``'s. (S17-MET-04, 05)
///
/// It holds no state. Every change is one transaction, and what belongs to another person is
/// unknown.
package struct StrategyDesk: Sendable {
  let store: any Store
  let clock: any DeskClock
  let ids: any IDSource
  let mode: ExecutionMode
  let signalLife: Span

  /// A signal lives so long at most: longer than a day no price stands still.
  package static let longestLife = Span.day

  /// - Parameters:
  ///   - mode: of strategies that say none, the key `EXECUTION_MODE`.
  ///   - signalLife: of signals that say none, the key `APPROVAL_LIFE_SECONDS`.
  package init(
    store: any Store, clock: any DeskClock, ids: any IDSource, mode: ExecutionMode,
    signalLife: Span
  ) {
    self.store = store
    self.clock = clock
    self.ids = ids
    self.mode = mode
    self.signalLife = min(signalLife, Self.longestLife)
  }
}

extension Desk {
  /// Strategies and signals of this desk's store, in its mode and by its clock.
  package var strategies: StrategyDesk {
    StrategyDesk(
      store: store, clock: clock, ids: ids, mode: mode, signalLife: times.approvalLife)
  }

  /// The journals beside them.
  package var journal: JournalDesk { JournalDesk(store: store, clock: clock, ids: ids) }
}

/// What was stored under a client's key.
package struct Stored<Record: Hashable & Sendable>: Hashable, Sendable {
  package let record: Record
  /// It was asked before, and nothing was done this time.
  package let isReplay: Bool

  init(_ record: Record, isReplay: Bool) {
    self.record = record
    self.isReplay = isReplay
  }
}

/// Why nothing was changed.
package enum StrategyFault: Error, Hashable, Sendable {
  /// There is none, or it is another person's.
  case strategyUnknown(StrategyID)
  case signalUnknown(SignalID)
  case entryUnknown(JournalID)
  /// Its key belongs to something else of this person.
  case keyUsedForAnother(ClientKey)
  case strategyIsOff(StrategyID)
  case lifeOutOfRange(Span)
  case signal(SignalFault)
  /// There is no position whose end it could ask for, or it is being closed already.
  case nothingToExit(SignalID, Instrument)
}

extension StrategyFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .strategyUnknown(let id): "there is no strategy \(id)"
    case .signalUnknown(let id): "there is no signal \(id)"
    case .entryUnknown(let id): "there is no journal entry \(id)"
    case .keyUsedForAnother(let key): "the key '\(key)' was used for something else"
    case .strategyIsOff(let id): "strategy \(id) is switched off"
    case .lifeOutOfRange(let span):
      "a signal lives between a second and \(StrategyDesk.longestLife), not \(span)"
    case .signal(let fault): fault.description
    case .nothingToExit(let id, let instrument):
      "signal \(id) has no position in \(instrument.rawValue) to end"
    }
  }
}

extension StrategyDesk {
  /// Stores a strategy, switched off. (S17-MET-05)
  ///
  /// - Parameter key: the client's own name for it; the same name is the same strategy.
  package func create(
    _ name: StrategyName, _ kind: StrategyKind, mode: ExecutionMode?, key: ClientKey,
    by person: PersonID
  ) async throws -> Stored<StrategyRecord> {
    let record = StrategyRecord(
      Strategy(StrategyID(ids.next()), name, kind, mode: mode, createdAt: clock.now()),
      of: person, key: key)
    return try await store.transact { rows in
      if try rows.insert(record) { return Stored(record, isReplay: false) }
      guard let found = try rows.strategy(under: key, of: person),
        found.strategy.name == name, found.strategy.kind == kind, found.strategy.mode == mode
      else { throw StrategyFault.keyUsedForAnother(key) }
      return Stored(found, isReplay: true)
    }
  }

  /// A person's strategies, the newest first.
  package func strategies(
    of person: PersonID, _ page: PageRequest
  ) async throws -> ListPage<StrategyRecord> {
    try await store.transact { try $0.strategies(of: person, page) }
  }

  package func strategy(_ id: StrategyID, of person: PersonID) async throws -> StrategyRecord {
    try await store.transact { rows in
      guard let record = try rows.strategy(id), record.owner == person else {
        throw StrategyFault.strategyUnknown(id)
      }
      return record
    }
  }

  /// Switches a strategy on or off; what it is already, it stays. With the commit that switches
  /// it off none of its signals is posted, approved or executed any more. (S17-MET-05)
  package func set(
    isActive: Bool, _ id: StrategyID, by person: PersonID
  ) async throws -> StrategyRecord {
    let clock = clock
    return try await store.transact { rows in
      guard var record = try rows.strategy(id, .exclusive), record.owner == person else {
        throw StrategyFault.strategyUnknown(id)
      }
      record.strategy.set(isActive: isActive, at: clock.now())
      try rows.save(record)
      return record
    }
  }
}

extension StoreTransaction {
  /// A strategy of a person, held so that nobody switches it.
  ///
  /// - Throws: ``StrategyFault`` when it is switched off.
  func activeStrategy(
    _ id: StrategyID, of person: PersonID
  ) throws -> StrategyRecord {
    guard let record = try strategy(id, .shared), record.owner == person else {
      throw StrategyFault.strategyUnknown(id)
    }
    guard record.strategy.isActive else { throw StrategyFault.strategyIsOff(id) }
    return record
  }
}
