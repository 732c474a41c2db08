import FlowrexContract
import FlowrexStore
import FlowrexSupport
import Ledger
import Risk
import TestSupport
import Testing

/// Lists are read by pages: nothing twice, nothing left out, whatever comes meanwhile. (C-39)
struct PageTests {
  private static let account = AccountID(0xA)
  private static let owner = PersonID(0x1)
  private static let noon = HandClock.start

  private static func order(
    _ number: UInt128, at second: Int32 = 0, _ instrument: Instrument = .eurUSD,
    of account: AccountID = account
  ) throws -> OrderRecord {
    let terms = OrderTerms(.buy, Quantity(25, .two), of: instrument, .market)
    return try OrderRecord(
      Order(
        OrderID(number), terms, mode: .autonomous, placedAt: noon.adding(.seconds(second))),
      of: account, by: owner, key: #require(ClientKey("k\(number)")))
  }

  private func withAccount(
    on backend: Backend, _ body: (any Store) async throws -> Void
  ) async throws {
    try await backend.withStore { store in
      try await store.transact {
        for id in [Self.account, AccountID(0xB)] {
          try $0.insert(AccountRecord(id, of: Self.owner, RiskAccount().stored))
        }
      }
      try await body(store)
    }
  }

  /// What is on each page.
  private func pages<Item: Sendable>(
    _ store: any Store, limit: Int,
    _ read: @escaping @Sendable (any StoreTransaction, PageRequest) throws -> ListPage<Item>
  ) async throws -> [[Item]] {
    var result: [[Item]] = []
    var place: ListPlace?
    repeat {
      // As a client gives it back.
      let request = PageRequest(after: place.flatMap { ListPlace(text: $0.text) }, limit: limit)
      let page = try await store.transact { try read($0, request) }
      result.append(page.items)
      place = page.next
    } while place != nil && result.count < 99
    return result
  }

  @Test(arguments: Backend.allCases)
  func `orders come newest first, and those of one moment by their ids`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      let orders = try [
        Self.order(5, at: 1), Self.order(2, at: 2, .usdJPY), Self.order(7, at: 2),
        Self.order(1, at: 3),
      ]
      let foreign = try Self.order(9, at: 2, of: AccountID(0xB))
      try await store.transact { rows in
        for order in orders + [foreign] { try rows.insert(order) }
      }
      func numbers(_ filter: OrderFilter, limit: Int) async throws -> [[UInt128]] {
        try await pages(store, limit: limit) { try $0.orders(of: Self.account, filter, $1) }
          .map { $0.map(\.order.id.bits) }
      }
      #expect(try await numbers(OrderFilter(), limit: 9) == [[1, 7, 2, 5]])
      #expect(try await numbers(OrderFilter(), limit: 2) == [[1, 7], [2, 5]])
      #expect(try await numbers(OrderFilter(), limit: 3) == [[1, 7, 2], [5]])
      #expect(try await numbers(OrderFilter(), limit: 1) == [[1], [7], [2], [5]])
      #expect(try await numbers(OrderFilter(instrument: .usdJPY), limit: 1) == [[2]])
      let accepted = OrderFilter(states: [.accepted, .working], instrument: .eurUSD)
      #expect(try await numbers(accepted, limit: 2) == [[1, 7], [5]])
      #expect(try await numbers(OrderFilter(states: [.filled]), limit: 2) == [[]])
      #expect(try await numbers(OrderFilter(states: []), limit: 2) == [[]])
    }
  }

  @Test(arguments: Backend.allCases)
  func `what is added meanwhile moves no page`(backend: Backend) async throws {
    try await withAccount(on: backend) { store in
      for number in UInt128(1)...4 {
        let order = try Self.order(number, at: Int32(number))
        try await store.transact { try $0.insert(order) }
      }
      let first = try await store.transact {
        try $0.orders(of: Self.account, OrderFilter(), PageRequest(limit: 2))
      }
      let late = try Self.order(9, at: 9)
      try await store.transact { try $0.insert(late) }
      let rest = PageRequest(after: first.next, limit: 2)
      let second = try await store.transact {
        try $0.orders(of: Self.account, OrderFilter(), rest)
      }
      #expect(first.items.map(\.order.id.bits) == [4, 3])
      #expect(second.items.map(\.order.id.bits) == [2, 1])
      #expect(second.next == nil)
    }
  }

  @Test(arguments: Backend.allCases)
  func `fills of two venues that share a moment and a name stand on two pages`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      let order = try Self.order(1)
      let fills = [("one", 7, Instrument.eurUSD), ("two", 7, .eurUSD), ("one", 8, .usdJPY)].map {
        FillRecord(
          Fill(
            FillID($0.1), of: OrderID(1), .buy, Quantity(1, .two), of: $0.2, at: Price(150)),
          of: Self.account, from: $0.0, at: Self.noon)
      }
      try await store.transact { rows in
        try rows.insert(order)
        for fill in fills { try rows.insert(fill) }
      }
      let all = try await pages(store, limit: 1) { try $0.fills(of: Self.account, nil, $1) }
      #expect(all == [[fills[2]], [fills[1]], [fills[0]]])
      let one = try await pages(store, limit: 9) { try $0.fills(of: Self.account, .usdJPY, $1) }
      #expect(one == [[fills[2]]])
      let named = try await store.transact { try $0.fills(FillID(7), of: Self.account) }
      #expect(named == [fills[0], fills[1]])
      #expect(try await store.transact { try $0.fills(FillID(7), of: AccountID(0xB)) } == [])
    }
  }

  @Test(arguments: Backend.allCases)
  func `money that moved and open differences are pages, too`(backend: Backend) async throws {
    try await withAccount(on: backend) { store in
      let movements = (1...3).map {
        CashMovement(UInt128($0), of: Self.account, Amount(Int32($0)), at: Self.noon)
      }
      let notes = ["a b/c", "a", "b"].map {
        Divergence(.stateDiffers, of: $0, "it differs", foundAt: Self.noon)
      }
      try await store.transact { rows in
        for movement in movements {
          let isNew = try rows.insert(movement)
          #expect(isNew)
        }
        for note in notes { try rows.note(note) }
        try rows.settle(.stateDiffers, of: "b", at: Self.noon)
      }
      let money = try await pages(store, limit: 2) { try $0.movements(of: Self.account, $1) }
      #expect(money == [[movements[2], movements[1]], [movements[0]]])
      let open = try await pages(store, limit: 1) { try $0.divergences($1) }
      #expect(Set(open.joined()) == Set(notes.prefix(2)))
      #expect(open.map(\.count) == [1, 1])
    }
  }

  @Test(arguments: Backend.allCases)
  func `results of days add up, and are read from a day back`(backend: Backend) async throws {
    try await withAccount(on: backend) { store in
      func result(_ day: Int64, _ realised: Int32, _ fees: Int32, _ fills: Int) -> DailyResult {
        DailyResult(
          TradingDay(number: day), realised: Amount(realised), fees: Amount(fees), fills: fills)
      }
      let parts = [result(1, 5, 1, 1), result(3, -9, 1, 1), result(3, 2, -1, 1)]
      try await store.transact { rows in
        for part in parts { try rows.add(part, of: Self.account) }
      }
      let results = [result(3, -7, 0, 2), result(1, 5, 1, 1)]
      #expect(try await store.transact { try $0.dailyResults(of: Self.account) } == results)
      for (day, limit, expected) in [
        (Int64(3), 9, [results[1]]), (1, 9, []), (9, 1, [results[0]]),
      ] {
        let read = try await store.transact {
          try $0.dailyResults(of: Self.account, before: TradingDay(number: day), limit: limit)
        }
        #expect(read == expected)
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `a view of an account is the account, and a person's accounts are found`(
    backend: Backend
  ) async throws {
    try await withAccount(on: backend) { store in
      var stored = RiskAccount().stored
      stored.cash = Amount(5)
      stored.positions[.xauUSD] = Position(quantity: -Quantity(1), cost: .largest)
      stored.positions[.eurUSD] = Position(quantity: 3, cost: 4)
      stored.reservations = [
        Reservation(stored: OrderID(2), .sell, 2, of: .usdJPY, worth: 7),
        Reservation(stored: OrderID(.max), .buy, 1, of: .eurUSD, worth: 8, lingersUntil: Self.noon),
      ]
      stored.accepted = [Self.noon]
      stored.state = .reducing
      let full = stored
      try await store.transact { rows in
        let before = try #require(try rows.account(Self.account))
        try rows.save(AccountRecord(Self.account, of: Self.owner, full), was: before)
      }
      let record = try await store.transact { try $0.account(Self.account) }
      #expect(record?.stored == full)
      #expect(try await store.transact { try $0.view(of: Self.account) } == record)
      #expect(try await store.transact { try $0.view(of: AccountID(1)) } == nil)
      let owner = Self.owner
      for (after, expected) in [
        (nil, [Self.account, AccountID(0xB)]), (Optional(Self.account), [AccountID(0xB)]),
      ] {
        #expect(
          try await store.transact { try $0.accounts(of: owner, after: after, limit: 9) }
            == expected)
      }
      let none = try await store.transact {
        try $0.accounts(of: PersonID(2), after: nil, limit: 9)
      }
      #expect(none == [])
    }
  }

  @Test(arguments: [
    "", "0", "zz", "31", "311f61f", "311F61", "611f61", "2b311f61", "311fff", "311f00",
    String(repeating: "31", count: 600),
  ])
  func `a place that nobody was given is none`(text: String) {
    #expect(ListPlace(text: text) == nil)
  }

  @Test func `a place comes back as it was given`() throws {
    let places = [
      ListPlace(at: Self.noon, "a"), ListPlace(at: Timestamp(microseconds: .min), "é", "b c", ""),
    ]
    for place in places {
      #expect(ListPlace(text: place.text) == place)
      #expect(place.text.allSatisfy { $0.isHexDigit })
    }
  }
}
