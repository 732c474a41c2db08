import FlowrexAuth
import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import Ledger
import Synchronization
import TestSupport
import Testing

/// What happens to an account is numbered without a gap, in the order of the commits, and told.
struct ChangeTests {
  private static let account = Floor.account

  private func changes(
    _ store: any Store, after number: Int64 = 0, limit: Int = 100
  ) async throws -> [AccountChange] {
    try await store.transact {
      try $0.changes(of: Self.account, after: number, limit: limit)
    }
  }

  @Test(arguments: Backend.allCases)
  func `an order's way is numbered from its beginning to its fill`(backend: Backend) async throws {
    try await backend.withStore { store in
      #expect(try await store.transact { try $0.changeSpan(of: Self.account) } == nil)
      let floor = try await Floor(store)
      let id = try #require(try await floor.desk.place(floor.request("first")).order)
      #expect(try await changes(store).map(\.subject) == [.order(event: 0)])
      try await floor.settle()
      let all = try await changes(store)
      #expect(all.map(\.number) == Array(1...Int64(all.count)))
      #expect(all.allSatisfy { $0.order == id && $0.account == Self.account })
      let fills = try await store.transact { try $0.fills(of: Self.account) }
      let events = try await store.transact { try $0.events(of: id) }
      let told = all.map(\.subject)
      #expect(told.filter { if case .order = $0 { true } else { false } }.count == events.count + 1)
      let fill = try #require(fills.first)
      #expect(told.contains(.fill(fill.fill.id, broker: fill.broker)))
      for event in events {
        #expect(told.contains(.order(event: event.number)))
        #expect(try await store.transact { try $0.event(event.number, of: id) } == event)
      }
      #expect(try await store.transact { try $0.event(99, of: id) } == nil)
      #expect(try await changes(store, after: 2, limit: 2).map(\.number) == [3, 4])
      let last = try await store.transact { rows in
        try rows.lastChanges(of: [Self.account, AccountID(0xFF)])
      }
      #expect(last == [Self.account: Int64(all.count)])
    }
  }

  @Test(arguments: Backend.allCases)
  func `what is undone was no change`(backend: Backend) async throws {
    struct Undone: Error {}
    try await backend.withStore { store in
      let floor = try await Floor(store)
      let id = try #require(try await floor.desk.place(floor.request("first")).order)
      await #expect(throws: Undone.self) {
        try await store.transact { rows in
          _ = try rows.account(Self.account)
          try rows.append(
            OrderEventRecord(order: id, number: 1, at: HandClock.start, event: .submitted))
          throw Undone()
        }
      }
      #expect(try await changes(store).count == 1)
    }
  }

  @Test(arguments: Backend.allCases)
  func `many at once leave no gap and no twin`(backend: Backend) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      try await withThrowingTaskGroup(of: Void.self) { group in
        for number in 1...20 {
          group.addTask {
            _ = try await floor.desk.place(floor.request("k\(number)", .buy, Quantity(1, .two)))
          }
        }
        try await group.waitForAll()
      }
      let placed = try await store.transact { try $0.orders(of: Self.account) }
      #expect(try await changes(store).map(\.number) == Array(1...Int64(placed.count)))
      #expect(placed.count > 5)
    }
  }

  @Test(arguments: Backend.allCases)
  func `old changes are removed, and numbers go on`(backend: Backend) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      _ = try await floor.desk.place(floor.request("first"))
      try await floor.settle()
      let count = try await changes(store).count
      let late = HandClock.start.adding(.day).adding(.seconds(1))
      #expect(try await Housekeeping(store, batch: 2).run(at: late).changes == count - 1)
      #expect(try await changes(store).map(\.number) == [Int64(count)])
      let span = try #require(try await store.transact { try $0.changeSpan(of: Self.account) })
      #expect(!span.reaches(back: 0) && span.reaches(back: Int64(count) - 1))
      #expect(span.reaches(back: Int64(count)) && !span.reaches(back: Int64(count) + 1))
      _ = try await floor.desk.place(floor.request("second"))
      #expect(try await changes(store).map(\.number) == [Int64(count), Int64(count) + 1])
    }
  }

  @Test(.covers("S04-AUTH-10"), arguments: Backend.allCases)
  func `sessions live until they are revoked, over, or their person is kept out`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let people = StoredPeople(on: store)
      let office = PeopleOffice(store, as: "test", now: { Timestamp(microseconds: 0) })
      var users: [String: User] = [:]
      for name in ["ann", "bob"] {
        let email = try #require(EmailAddress("\(name)@example.com"))
        let user = User(id: name, email: email, passwordHash: "none", role: .user)
        #expect(try await people.add(user))
        users[name] = user
      }
      for (id, person, end) in [
        ("one", "ann", 100), ("two", "ann", 100), ("short", "ann", 10), ("bob's", "bob", 100),
      ] as [(String, String, Int64)] {
        let session = Session(id: id, user: person, expiresAt: end)
        let user = try #require(users[person])
        #expect(
          try await people.begin(session, digest: "d-\(id)", for: user, rehashed: nil, .none))
      }
      #expect(try await people.revoke(session: "two", .none))
      let bob = try #require(EmailAddress("bob@example.com"))
      _ = try await office.set(isDisabled: true, at: bob)
      let live = try await store.transact { rows in
        try rows.liveSessions(among: ["one", "two", "short", "bob's", "nobody's"], now: 10)
      }
      #expect(live == ["one"])
    }
  }

  @Test(arguments: Backend.allCases)
  func `a bell rings after the commit, for whoever listens`(backend: Backend) async throws {
    try await backend.withShared { shared in
      let (store, bell, heard) = (shared.store, shared.changes, Heard())
      let listening = Task { await bell.listen { heard.add($0) } }
      defer { listening.cancel() }
      try await heard.first { $0 == .everything }
      let floor = try await Floor(store)
      _ = try await floor.desk.place(floor.request("first"))
      try await heard.first { $0 == .accounts([Self.account]) }
      // Sessions that end are told by their names, and all of them in one word.
      let people = StoredPeople(on: store)
      let email = try #require(EmailAddress("ann@example.com"))
      let ann = User(id: "ann", email: email, passwordHash: "none", role: .user)
      #expect(try await people.add(ann))
      for id in ["one", "two"] {
        let session = Session(id: id, user: "ann", expiresAt: 9)
        #expect(
          try await people.begin(session, digest: "d\(id)", for: ann, rehashed: nil, .none))
      }
      #expect(try await people.revoke(session: "one", .none))
      try await heard.first { $0 == .sessions(["one"]) }
      let office = PeopleOffice(store, as: "test", now: { Timestamp(microseconds: 0) })
      #expect(try await office.endAllSessions() == 1)
      try await heard.wait { $0.filter { $0 == .everything }.count == 2 }
      listening.cancel()
      await listening.value
      try await heard.first { $0 == .deaf }
    }
  }

  @Test func `a bell whose connection breaks says that hints may be lost, and goes on`()
    async throws
  {
    try await Backend.postgresql.withShared { shared in
      let (settings, heard) = (try #require(shared.settings), Heard())
      let listening = Task { await shared.changes.listen { heard.add($0) } }
      defer { listening.cancel() }
      try await heard.first { $0 == .everything }
      try await PostgresServer.cutConnections(to: settings)
      try await heard.wait { $0.filter { $0 == .everything }.count == 2 }
      try await heard.first { $0 == .deaf }
      let floor = try await Floor(shared.store)
      _ = try await floor.desk.place(floor.request("first"))
      try await heard.first { $0 == .accounts([Self.account]) }
    }
  }

  @Test(.covers("C-39"), arguments: Backend.allCases)
  func `what is to be said to a venue is told after its commit, once for each new message`(
    backend: Backend
  ) async throws {
    struct Undone: Error {}
    try await backend.withShared { shared in
      let (floor, heard) = (try await Floor(shared.store), Heard())
      let listening = Task { await shared.messages.listen { heard.add($0) } }
      defer { listening.cancel() }
      try await heard.first { $0 == .everything }
      let told: @Sendable ([ChangeHint]) -> Int = { $0.count { $0 == .messages } }
      let id = try #require(
        try await floor.desk.place(
          floor.request("k1", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
        ).order)
      try await heard.wait { told($0) == 1 }
      await #expect(throws: Undone.self) {
        try await shared.store.transact { rows in
          let now = HandClock.start
          try rows.put(OutboxMessage(.cancel, id, of: Self.account, dueAt: now, createdAt: now))
          throw Undone()
        }
      }
      // Sending it pushes the message's time ahead, which wakes nobody.
      try await floor.settle()
      _ = try await floor.desk.cancel(id, of: Self.account)
      try await heard.wait { told($0) == 2 }
    }
  }
}

/// What a bell said.
private final class Heard: Sendable {
  private let hints = Mutex<[ChangeHint]>([])

  func add(_ hint: ChangeHint) { hints.withLock { $0.append(hint) } }

  func first(_ isIt: (ChangeHint) -> Bool) async throws {
    try await wait { $0.contains(where: isIt) }
  }

  /// The bound is for what never comes.
  func wait(_ isThere: ([ChangeHint]) -> Bool) async throws {
    for _ in 0..<3_000 {
      if hints.withLock({ isThere($0) }) { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    Issue.record("never heard: \(hints.withLock { $0 })")
  }
}
