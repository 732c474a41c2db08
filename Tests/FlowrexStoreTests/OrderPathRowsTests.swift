import FlowrexContract
import FlowrexStore
import FlowrexSupport
import Ledger
import Risk
import TestSupport
import Testing

/// What every store keeps for the order path beside orders and accounts themselves. (S04-TRD-10)
struct OrderPathRowsTests {
  private static let account = AccountID(0xA)
  private static let owner = PersonID(0x1)
  private static let noon = HandClock.start

  private static func order(
    _ number: UInt128, at second: Int32 = 0, venue: String? = nil
  ) throws -> OrderRecord {
    try OrderRecord(
      Order(
        OrderID(number), OrderTerms(.buy, Quantity(25, .two), of: .eurUSD, .market),
        mode: .autonomous, placedAt: noon.adding(.seconds(second))),
      of: account, by: owner, key: #require(ClientKey("k\(number)")), venue: venue)
  }

  private func withAccount(
    on backend: Backend, _ body: (any Store) async throws -> Void
  ) async throws {
    try await backend.withStore { store in
      try await store.transact {
        try $0.insert(AccountRecord(Self.account, of: Self.owner, RiskAccount().stored))
      }
      try await body(store)
    }
  }

  @Test(.covers("S04-RES-07"), arguments: Backend.allCases)
  func `what was sent to one venue is no other venue's to say or to compare`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      let orders = try [
        Self.order(1, venue: "one"), Self.order(2, venue: "two"), Self.order(3),
      ]
      try await store.transact { rows in
        for record in orders {
          try rows.insert(record)
          try rows.put(
            OutboxMessage(
              .submit, record.order.id, of: Self.account, dueAt: Self.noon, createdAt: Self.noon))
        }
      }
      for (venue, limit, expected) in [
        ("one", 9, [UInt128(1), 3]), ("two", 9, [2, 3]), ("two", 1, [2]), ("three", 9, [3]),
        (nil, 9, [1, 2, 3]),
      ] {
        let (due, ids) = try await store.transact { rows in
          try (
            rows.dueMessages(.submit, of: venue, at: Self.noon, limit: limit),
            rows.orderIDs(in: [.accepted], of: venue, after: nil, limit: limit)
          )
        }
        #expect(due.messages.map(\.order.bits) == expected)
        #expect(due.unreadable == [])
        #expect(ids.map(\.bits) == expected)
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `a fill that was found is kept whole, once for an order`(backend: Backend) async throws {
    try await backend.withStore { store in
      let fill = Fill(
        FillID(7), of: OrderID(9), .sell, Quantity(1, .two), of: .usdJPY, at: Price(150),
        fee: -.smallestStep, conversion: .over(Price(150)))
      let found = FoundFill(from: "one", of: OrderID(1), fill, foundAt: Self.noon)
      let other = FoundFill(from: "one", of: OrderID(2), fill, foundAt: Self.noon)
      let again = FoundFill(
        from: "one", of: OrderID(1), fill, foundAt: Self.noon.adding(.seconds(1)))
      try await store.transact { rows in
        for one in [other, found, again] { try rows.keep(one) }
      }
      #expect(
        try await store.transact { try $0.foundFills(of: "one", limit: 9) } == [found, other])
      #expect(try await store.transact { try $0.foundFills(of: "one", limit: 1) } == [found])
      #expect(try await store.transact { try $0.foundFills(of: "two", limit: 9) } == [])
      let read = try await store.transact {
        try $0.foundFill(FillID(7), of: OrderID(2), from: "one")
      }
      #expect(read == other)
      try await store.transact { try $0.removeFound(FillID(7), of: OrderID(1), from: "one") }
      #expect(try await store.transact { try $0.foundFills(of: "one", limit: 9) } == [other])
    }
  }

  @Test(arguments: Backend.allCases)
  func `events that wait for an account are read apart from those for people`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      func event(_ place: Int64, _ account: AccountID?) -> UnbookedEvent {
        UnbookedEvent(
          from: "one", at: VenueCursor(epoch: 1, sequence: place), of: OrderID(9), .cancelled, nil,
          heardAt: Self.noon, waitsFor: account)
      }
      let (a, b) = (AccountID(0xA), AccountID(0xB))
      let events = [event(1, a), event(2, nil), event(3, b), event(4, a)]
      try await store.transact { rows in for event in events.reversed() { try rows.keep(event) } }
      func waiting(_ account: AccountID, limit: Int = 9) async throws -> [UnbookedEvent] {
        try await store.transact { try $0.waiting(for: account, of: "one", limit: limit) }
      }
      #expect(try await store.transact { try $0.unbooked(of: "one", limit: 9) } == [events[1]])
      #expect(try await store.transact { try $0.waitingAccounts(of: "one") } == [a, b])
      #expect(try await store.transact { try $0.waitingAccounts(of: "two") } == [])
      #expect(try await waiting(a) == [events[0], events[3]])
      #expect(try await waiting(a, limit: 1) == [events[0]])
      try await store.transact { try $0.stopWaiting(events[2].place, of: "one") }
      #expect(try await store.transact { try $0.waitingAccounts(of: "one") } == [a])
      #expect(
        try await store.transact { try $0.unbooked(of: "one", limit: 9) }
          == [events[1], event(3, nil)])
    }
  }

  @Test(arguments: Backend.allCases)
  func `gaps are read by place, by when they were found, and by when they are due`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      func gap(_ place: Int64, dueIn due: Int32, found: Int32?) throws -> EventGap {
        try #require(
          EventGap(
            of: "one", 1, from: place, to: place, noted: place - 1,
            dueAt: Self.noon.adding(.seconds(due)),
            foundAt: found.map { Self.noon.adding(.seconds($0)) }))
      }
      let gaps = try [
        gap(2, dueIn: 9, found: 1), gap(4, dueIn: 3, found: 5), gap(6, dueIn: 5, found: nil),
      ]
      try await store.transact { rows in for gap in gaps { try rows.keep(gap) } }
      for (second, limit, expected) in [
        (Int32(2), 9, []), (3, 9, [gaps[1]]), (5, 9, [gaps[1], gaps[2]]), (9, 1, [gaps[1]]),
      ] {
        let now = Self.noon.adding(.seconds(second))
        let due = try await store.transact {
          try $0.dueGaps(of: "one", in: 1, at: now, limit: limit)
        }
        #expect(due == expected)
      }
      for (second, expected) in [
        (Int32(0), gaps), (1, [gaps[1], gaps[2]]), (5, [gaps[2]]),
      ] {
        let moment = Self.noon.adding(.seconds(second))
        let found = try await store.transact {
          try $0.gaps(of: "one", in: 1, foundAfter: moment, limit: 9)
        }
        #expect(found == expected)
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `room lingers on behind a gap, and while events of the account wait`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      let orders = try [Self.order(1, at: 1, venue: "one"), Self.order(2, at: 9, venue: "one")]
      try await store.transact { rows in
        for record in orders { try rows.insert(record) }
        let before = try #require(try rows.account(Self.account))
        var stored = before.stored
        stored.reservations = orders.map {
          Reservation(
            stored: $0.order.id, .buy, 1, of: .eurUSD, worth: 5, lingersUntil: Self.noon)
        }
        try rows.save(AccountRecord(Self.account, of: Self.owner, stored), was: before)
      }
      func lingering(margin: Span = Span(microseconds: 0)) async throws -> [UInt128] {
        try await store.transact { rows in
          try rows.lingering(
            at: "one", in: 1, until: Self.noon, margin: margin, after: nil, limit: 9
          ).map(\.order.bits)
        }
      }
      #expect(try await lingering() == [1, 2])
      let gap = try #require(
        EventGap(
          of: "one", 1, from: 2, to: 3, noted: 1, dueAt: Self.noon,
          foundAt: Self.noon.adding(.seconds(8))))
      try await store.transact { try $0.keep(gap) }
      #expect(try await lingering() == [2])
      #expect(try await lingering(margin: .seconds(1)) == [2])
      #expect(try await lingering(margin: .seconds(2)) == [])
      _ = try await store.transact { try $0.remove(gap) }
      let unknown = try #require(
        EventGap(of: "one", 1, from: 2, to: 3, noted: 1, dueAt: Self.noon))
      try await store.transact { try $0.keep(unknown) }
      #expect(try await lingering() == [])
      _ = try await store.transact { try $0.remove(unknown) }
      let waits = UnbookedEvent(
        from: "one", at: VenueCursor(epoch: 1, sequence: 5), of: OrderID(9), .cancelled, nil,
        heardAt: Self.noon, waitsFor: Self.account)
      try await store.transact { try $0.keep(waits) }
      #expect(try await lingering() == [])
    }
  }

  @Test(arguments: Backend.allCases)
  func `a note that was settled is told apart from one that never was`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let note = Divergence(.eventUnbooked, of: "a", "it is missing", foundAt: Self.noon)
      let other = Divergence(.stateDiffers, of: "a", "it differs", foundAt: Self.noon)
      func settled() async throws -> Timestamp? {
        try await store.transact { try $0.settled(.eventUnbooked, of: "a") }
      }
      #expect(try await settled() == nil)
      try await store.transact { rows in
        try rows.note(note)
        try rows.note(other)
      }
      #expect(try await settled() == nil)
      #expect(try await store.transact { try $0.hasOpenDivergence(.eventUnbooked) })
      #expect(try await !store.transact { try $0.hasOpenDivergence(.workFails) })
      let later = Self.noon.adding(.seconds(1))
      try await store.transact {
        try $0.settle([.eventUnbooked, .workFails], of: "a", at: later)
      }
      #expect(try await settled() == later)
      #expect(try await !store.transact { try $0.hasOpenDivergence(.eventUnbooked) })
      #expect(try await store.transact { try $0.openDivergences(limit: 9) } == [other])
      try await store.transact { try $0.settle([], of: "a", at: later) }
      #expect(try await store.transact { try $0.openDivergences(limit: 9) } == [other])
    }
  }

  @Test func `PostgreSQL tells its own time, and SQLite has none`() async throws {
    for backend in Backend.allCases {
      try await backend.withStore { store in
        let (first, second) = try await store.transact { rows in
          try (rows.clock(), rows.clock())
        }
        if backend == .postgresql {
          let (first, second) = try (#require(first), #require(second))
          // Not the time when the transaction began.
          #expect(second > first)
          #expect(first > HandClock.start)
        } else {
          #expect(first == nil && second == nil)
        }
      }
    }
  }
}
