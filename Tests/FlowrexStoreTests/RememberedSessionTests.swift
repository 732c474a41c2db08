import FlowrexAuth
import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import Ledger
import TestSupport
import Testing

/// Two replicas that remember sessions, on one real database. Their clock stands still: nothing
/// ends by its age, all of it because it was told. (decision 41)
struct RememberedSessionTests {
  private struct House {
    let settings: PostgresSettings
    let store: PostgresStore
    let here: RememberedSessions
    let elsewhere: RememberedSessions
    let office: PeopleOffice

    func user(_ name: String) throws -> User {
      let email = try #require(EmailAddress("\(name)@example.com"))
      return User(id: name, email: email, passwordHash: "h", role: .user)
    }

    /// A session that this replica remembers: it is there although the database is not asked.
    func remembered(_ session: String, of name: String) async throws {
      let user = try user(name)
      _ = try await here.add(user)
      #expect(
        try await here.begin(
          Session(id: session, user: name, expiresAt: 900), digest: "d\(session)", for: user,
          rehashed: nil, .none))
      #expect(try await here.holder(of: session, now: 1) != nil)
      #expect(here.count > 0)
    }

    /// The bound is for what never comes.
    func awaitEnd(of session: String) async throws {
      for _ in 0..<3_000 {
        if try await here.holder(of: session, now: 1) == nil { return }
        try await Task.sleep(for: .milliseconds(10))
      }
      Issue.record("\(session) still lives")
    }

    func awaitBell(isHeard: Bool = true) async throws {
      for _ in 0..<3_000 {
        if here.isTold == isHeard { return }
        try await Task.sleep(for: .milliseconds(10))
      }
      Issue.record("the bell is \(isHeard ? "not " : "")heard")
    }
  }

  private func withHouse(_ body: (House) async throws -> Void) async throws {
    let settings = try await PostgresServer.emptyDatabase()
    let (store, other) = (PostgresStore(settings), PostgresStore(settings))
    defer {
      store.close()
      other.close()
    }
    _ = try await Migrator(try Schema.current(), on: store).up(at: Timestamp(microseconds: 0))
    let here = RememberedSessions(StoredPeople(on: store)) { 0 }
    let elsewhere = RememberedSessions(StoredPeople(on: other)) { 0 }
    let bell = SessionBell(PostgresBell(settings, .changes), to: here)
    let listening = Task { await bell.listen { _ in } }
    defer { listening.cancel() }
    let house = House(
      settings: settings, store: store, here: here, elsewhere: elsewhere,
      office: PeopleOffice(other, as: "test", now: { Timestamp(microseconds: 0) }))
    try await house.awaitBell()
    try await body(house)
    listening.cancel()
    await listening.value
    // Who listens no more believes nothing.
    #expect(!here.isTold && here.count == 0)
  }

  @Test(.covers("S04-AUTH-10"))
  func `a session that ends at another replica is over here`() async throws {
    try await withHouse { house in
      try await house.remembered("s", of: "ann")
      #expect(try await house.elsewhere.revoke(session: "s", .none))
      try await house.awaitEnd(of: "s")
    }
  }

  @Test(.covers("S04-AUTH-12"))
  func `a stolen refresh token that shows up elsewhere ends the session here`() async throws {
    try await withHouse { house in
      try await house.remembered("s", of: "ann")
      _ = try await house.elsewhere.rotate(digest: "ds", to: "n", now: 1, .none)
      let theft = try await house.elsewhere.rotate(digest: "ds", to: "x", now: 1, .none)
      guard case .reused = theft else {
        Issue.record("\(theft)")
        return
      }
      try await house.awaitEnd(of: "s")
    }
  }

  @Test(.covers("S04-AUTH-10", "C-52"))
  func `what the office does to people ends what they have open here`() async throws {
    try await withHouse { house in
      for name in ["ann", "bob", "eve"] { try await house.remembered("of \(name)", of: name) }
      #expect(try await house.office.set(.admin, at: try house.user("ann").email) == 1)
      try await house.awaitEnd(of: "of ann")
      #expect(try await house.office.set(isDisabled: true, at: try house.user("bob").email) == 1)
      try await house.awaitEnd(of: "of bob")
      // More than fit into a notification.
      for number in 1...300 { try await house.remembered("e\(number)", of: "eve") }
      let ended = try await house.office.set(passwordHash: "n", at: try house.user("eve").email)
      #expect(ended == 301)
      for session in ["of eve", "e1", "e300"] { try await house.awaitEnd(of: session) }
      try await house.remembered("again", of: "zoe")
      #expect(try await house.office.endAllSessions() == 1)
      try await house.awaitEnd(of: "again")
    }
  }

  @Test(.covers("C-08"))
  func `while the bell is not heard nothing is remembered`() async throws {
    try await withHouse { house in
      try await house.remembered("s", of: "ann")
      // No new connection: the bell breaks, and stays broken.
      let name = house.settings.database
      try await PostgresServer.say(
        "ALTER DATABASE \(name) ALLOW_CONNECTIONS false;\n", house.settings)
      try await PostgresServer.cutConnections(to: house.settings)
      try await house.awaitBell(isHeard: false)
      #expect(house.here.count == 0)
      try await PostgresServer.say(
        "ALTER DATABASE \(name) ALLOW_CONNECTIONS true;\n", house.settings)
      try await house.awaitBell()
      #expect(try await house.here.holder(of: "s", now: 1) != nil)
      #expect(try await house.elsewhere.revoke(session: "s", .none))
      try await house.awaitEnd(of: "s")
    }
  }

  @Test func `many sessions are asked for in one question`() async throws {
    try await Backend.sqliteInMemory.withStore { try await Self.ask($0) }
    try await Backend.postgresql.withStore { try await Self.ask($0) }
  }

  private static func ask(_ store: any Store) async throws {
    let people = StoredPeople(on: store)
    let email = try #require(EmailAddress("ann@example.com"))
    let ann = User(id: "ann", email: email, passwordHash: "h", role: .admin)
    #expect(try await people.add(ann))
    let names = (1...300).map { "s\($0)" }
    for (place, name) in names.enumerated() {
      let session = Session(id: name, user: "ann", expiresAt: Int64(100 + place))
      #expect(
        try await people.begin(session, digest: "d\(name)", for: ann, rehashed: nil, .none))
    }
    #expect(try await people.revoke(session: "s2", .none))
    for count in [0, 1, 2, 5, 64, 65, 300] {
      let holders = try await people.holders(of: Array(names.prefix(count)), now: 100)
      // The first is over, the second was ended.
      #expect(holders.count == max(0, count - 2), "\(count)")
      #expect(
        count < 3
          || holders["s3"]
            == SessionHolder(person: "ann", role: .admin, isDisabled: false, expiresAt: 102)
      )
    }
  }
}
