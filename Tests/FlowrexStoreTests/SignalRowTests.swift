import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
import Ledger
import TestSupport
import Testing

/// Strategies, signals and journals as every store keeps them. (C-39)
struct SignalRowTests {
  private static let noon = HandClock.start
  private static let (owner, stranger) = (PersonID(1), PersonID(2))

  private func key(_ text: String) throws -> ClientKey { try #require(ClientKey(text)) }

  private func strategy(
    _ number: UInt128, of owner: PersonID = owner, at: Timestamp = noon
  ) throws -> StrategyRecord {
    let name = try #require(StrategyName("Élan \(number)"))
    return try StrategyRecord(
      Strategy(StrategyID(number), name, .breakout, mode: .autonomous, createdAt: at),
      of: owner, key: key("s\(number)"))
  }

  private func signal(
    _ number: UInt128, _ terms: SignalTerms, at: Timestamp = noon, of strategy: UInt128 = 1,
    mode: ExecutionMode = .guide
  ) throws -> SignalRecord {
    try SignalRecord(
      Signal(
        SignalID(number), of: StrategyID(strategy), terms, mode: mode, postedAt: at,
        life: .minute),
      of: Self.owner, key: key("g\(number)"))
  }

  private func entry(_ number: UInt128, at: Timestamp = noon) throws -> JournalRecord {
    try JournalRecord(
      JournalID(number), of: Self.owner, key: key("e\(number)"), at: at,
      #require(JournalText("Line one\nline 'two' é")), instrument: nil, signal: nil)
  }

  /// A store, and a way to say SQL of one's own.
  private func withDatabase(
    on backend: Backend,
    _ body: (any Store, @escaping @Sendable (String) async throws -> Void) async throws -> Void
  ) async throws {
    try await backend.withEmptyDatabase { database in
      _ = try await Migrator(try Schema.current(), on: database.host).up(at: Self.noon)
      let host = database.host
      try await body(database.store) { sql in
        try await host.migrating { session in
          try session.transaction { _ = try $0.execute(sql, []) }
        }
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `a strategy comes back as it was, once under its key`(backend: Backend) async throws {
    try await backend.withStore { store in
      let (one, other) = (try strategy(1), try strategy(2, of: Self.stranger))
      #expect(try await store.transact { try $0.insert(one) })
      #expect(try await store.transact { try $0.insert(other) })
      #expect(try await !store.transact { try $0.insert(one) })
      #expect(try await store.transact { try $0.strategy(StrategyID(1)) } == one)
      #expect(try await store.transact { try $0.strategy(StrategyID(1), .shared) } == one)
      #expect(try await store.transact { try $0.strategy(StrategyID(3)) } == nil)
      #expect(
        try await store.transact { try $0.strategy(under: one.key, of: Self.owner) } == one)
      #expect(
        try await store.transact { try $0.strategy(under: one.key, of: Self.stranger) } == nil)
      #expect(try await store.transact { try $0.countActiveStrategies() } == 0)
      var on = one
      on.strategy.set(isActive: true, at: Self.noon.adding(.minute))
      let switched = on
      try await store.transact { try $0.save(switched) }
      #expect(try await store.transact { try $0.strategy(StrategyID(1), .exclusive) } == on)
      #expect(try await store.transact { try $0.strategy(StrategyID(2)) } == other)
      #expect(try await store.transact { try $0.countActiveStrategies() } == 1)
    }
  }

  @Test(arguments: Backend.allCases)
  func `a signal comes back as it was in every state`(backend: Backend) async throws {
    try await backend.withStore { store in
      let owner = try strategy(1)
      let order = OrderRecord(
        Order(
          OrderID(9), OrderTerms(.buy, 1, of: .eurUSD, .market), mode: .guide,
          placedAt: Self.noon),
        of: Floor.account, by: Self.owner, key: ClientKey(signal: SignalID(4)))
      _ = try await Floor(store)
      var records = try [
        signal(1, SignalTerms(.hold, of: .xauUSD, nil, .market)),
        signal(2, SignalTerms(.exit, of: .usdJPY, nil, .limit(Price(150)))),
        signal(3, SignalTerms(.enterShort, of: .gbpUSD, 2, .market), mode: .autonomous),
        signal(4, SignalTerms(.enterLong, of: .eurUSD, Quantity(1, .two), .market)),
        signal(5, SignalTerms(.enterLong, of: .eurUSD, 1, .market)),
      ]
      let first = records
      try await store.transact { rows in
        _ = try rows.insert(owner)
        try rows.insert(order)
        for record in first { #expect(try rows.insert(record)) }
      }
      for index in 3...4 { try records[index].signal.approve(by: Self.owner, at: Self.noon) }
      try records[3].signal.end(.executed(OrderID(9), at: Self.noon), at: Self.noon)
      try records[4].signal.end(
        .denied(.orderRate, sentence: "too 'many'", at: Self.noon), at: Self.noon)
      let changed = records
      try await store.transact { rows in
        for record in changed { try rows.save(record) }
      }
      for record in records {
        let id = record.signal.id
        #expect(try await store.transact { try $0.signal(id) } == record)
        #expect(try await store.transact { try $0.heldSignal(id) } == record)
        #expect(
          try await store.transact { try $0.signal(under: record.key, of: Self.owner) } == record)
        #expect(
          try await store.transact { try $0.signal(under: record.key, of: Self.stranger) } == nil)
        #expect(try await !store.transact { try $0.insert(record) })
      }
      let placed = try await store.transact { try $0.order(OrderID(9)) }
      #expect(placed?.key == ClientKey(signal: SignalID(4)))
    }
  }

  @Test(arguments: Backend.allCases)
  func `of two signals no order is the same`(backend: Backend) async throws {
    try await backend.withStore { store in
      _ = try await Floor(store)
      let owner = try strategy(1)
      let order = OrderRecord(
        Order(
          OrderID(9), OrderTerms(.buy, 1, of: .eurUSD, .market), mode: .guide,
          placedAt: Self.noon),
        of: Floor.account, by: Self.owner, key: ClientKey(signal: SignalID(1)))
      let signals = try [UInt128(1), 2].map { number in
        var record = try signal(
          number, SignalTerms(.enterLong, of: .eurUSD, 1, .market), mode: .autonomous)
        try record.signal.end(.executed(OrderID(9), at: Self.noon), at: Self.noon)
        return record
      }
      try await store.transact { rows in
        _ = try rows.insert(owner)
        try rows.insert(order)
        _ = try rows.insert(signals[0])
      }
      await #expect {
        _ = try await store.transact { try $0.insert(signals[1]) }
      } throws: { error in
        if case StoreFault.duplicate = error { true } else { false }
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `an entry of a journal is added and never changed or removed`(
    backend: Backend
  ) async throws {
    try await withDatabase(on: backend) { store, say in
      let (one, two) = (try entry(1), try entry(2))
      #expect(try await store.transact { try $0.insert(one) })
      #expect(try await store.transact { try $0.insert(two) })
      #expect(try await !store.transact { try $0.insert(one) })
      #expect(try await store.transact { try $0.journalEntry(JournalID(1)) } == one)
      #expect(try await store.transact { try $0.journalEntry(JournalID(3)) } == nil)
      #expect(
        try await store.transact { try $0.journalEntry(under: two.key, of: Self.owner) } == two)
      var statements = [
        "UPDATE journal_entries SET entry = 'x'", "DELETE FROM journal_entries",
        "DELETE FROM journal_entries WHERE client_key = 'e2'",
      ]
      switch backend {
      case .postgresql: statements.append("TRUNCATE journal_entries")
      case .sqliteFile, .sqliteInMemory:
        // Its removal asks no trigger.
        statements.append(
          "INSERT OR REPLACE INTO journal_entries SELECT id, owner, client_key, at, 'x', "
            + "instrument, signal FROM journal_entries")
      }
      for statement in statements {
        await #expect {
          try await say(statement)
        } throws: { error in
          "\(error)".contains("the journal is added to and never changed")
        }
      }
      #expect(try await store.transact { try $0.journalEntry(JournalID(1)) } == one)
    }
  }

  @Test(arguments: Backend.allCases)
  func `lists are read by pages, the newest first, and only one's own`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      // Two of one moment, and one of a stranger between them.
      let moments = [0, 1, 1, 2, 3].map { Self.noon.adding(.seconds($0)) }
      let others = try strategy(100, of: Self.stranger, at: moments[1])
      let all = try moments.enumerated().map { index, moment in
        let number = UInt128(index + 1)
        return (
          try strategy(number, at: moment),
          try signal(number, SignalTerms(.hold, of: .eurUSD, nil, .market), at: moment),
          try entry(number, at: moment)
        )
      }
      try await store.transact { rows in
        _ = try rows.insert(others)
        for (strategy, signal, entry) in all {
          _ = try rows.insert(strategy)
          _ = try rows.insert(signal)
          _ = try rows.insert(entry)
        }
      }
      for limit in [1, 2, 3, 5, 9] {
        let read = try await [
          ids(store, limit) { try ($0.strategies(of: Self.owner, $1), { $0.strategy.id.bits }) },
          ids(store, limit) { try ($0.signals(of: Self.owner, $1), { $0.signal.id.bits }) },
          ids(store, limit) { try ($0.journal(of: Self.owner, $1), { $0.id.bits }) },
        ]
        for pages in read {
          #expect(pages.flatMap(\.self) == [5, 4, 3, 2, 1])
          #expect(pages.dropLast().allSatisfy { $0.count == limit })
        }
      }
      let none = try await store.transact { rows in
        try rows.signals(of: Self.stranger, PageRequest(limit: 9))
      }
      #expect(none == ListPage([]))
    }
  }

  private func ids<Item: Sendable>(
    _ store: any Store, _ limit: Int,
    _ read:
      @escaping @Sendable (any StoreTransaction, PageRequest) throws -> (
        ListPage<Item>, @Sendable (Item) -> UInt128
      )
  ) async throws -> [[UInt128]] {
    var pages: [[UInt128]] = []
    var place: ListPlace?
    repeat {
      let request = PageRequest(after: place, limit: limit)
      let (ids, next) = try await store.transact { rows in
        let (page, id) = try read(rows, request)
        return (page.items.map(id), page.next)
      }
      pages.append(ids)
      // As a client gives it back.
      place = next.flatMap { ListPlace(text: $0.text) }
    } while place != nil
    return pages
  }

  @Test(arguments: Backend.allCases)
  func `a row that cannot be read hides no other`(backend: Backend) async throws {
    try await withDatabase(on: backend) { store, say in
      let records = try [1, 2, 3].map { try strategy($0) }
      try await store.transact { rows in
        for record in records { _ = try rows.insert(record) }
      }
      try await say("UPDATE strategies SET kind = 'x' WHERE client_key = 's2'")
      let page = try await store.transact { rows in
        try rows.strategies(of: Self.owner, PageRequest(limit: 2))
      }
      #expect(page.items == [records[2]])
      #expect(
        page.unreadable == ["\(StrategyID(2)): the column 'strategies 5' holds 'x'"])
      let place = page.next
      let rest = try await store.transact { rows in
        try rows.strategies(of: Self.owner, PageRequest(after: place, limit: 2))
      }
      #expect(rest == ListPage([records[0]]))
    }
  }
}
