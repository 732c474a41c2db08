import FlowrexAuth
import FlowrexConformance
import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexStoreSQLite
import FlowrexSupport
import Ledger
import Synchronization
import TestSupport
import Testing

/// People, sessions and failed sign-ins in the store: the suites that memory passes, and what
/// several processes do at once. (C-02, C-37, C-45)
struct PeopleTests {
  private static let start = Timestamp(microseconds: 0)

  /// The stores of two processes on one database, with the schema of this program.
  private func withTwoProcesses(
    on backend: Backend, _ body: (StoredPeople, StoredPeople) async throws -> Void
  ) async throws {
    switch backend {
    case .sqliteInMemory:
      try await backend.withStore { try await body(StoredPeople(on: $0), StoredPeople(on: $0)) }
    case .sqliteFile:
      try await withTemporaryFolder { folder in
        let path = folder.path(of: "flowrex.sqlite")
        let one = try SQLiteStore(path: path)
        _ = try await Migrator(try Schema.current(), on: one).up(at: Self.start)
        try await body(StoredPeople(on: one), StoredPeople(on: try SQLiteStore(path: path)))
      }
    case .postgresql:
      var settings = try await PostgresServer.emptyDatabase()
      // A hundred stand in line for one account, on a machine that does other things.
      settings.poolWait = .seconds(120)
      settings.statementTimeout = .seconds(120)
      let (one, other) = (PostgresStore(settings), PostgresStore(settings))
      defer {
        one.close()
        other.close()
      }
      _ = try await Migrator(try Schema.current(), on: one).up(at: Self.start)
      try await body(StoredPeople(on: one), StoredPeople(on: other))
    }
  }

  @Test(arguments: Backend.allCases)
  func `people in the store keep what people keep`(backend: Backend) async throws {
    try await backend.withStore { try await UserStoreSuite.check(StoredPeople(on: $0)) }
  }

  @Test(.covers("S04-AUTH-10", "S04-AUTH-12", "S04-AUTH-13", "C-02"), arguments: Backend.allCases)
  func `sessions in the store keep what sessions keep`(backend: Backend) async throws {
    for check in SessionStoreSuite.checks {
      try await backend.withStore { try await check(StoredPeople(on: $0), #_sourceLocation) }
    }
  }

  @Test(.covers("S04-AUTH-08", "C-45"), arguments: Backend.allCases)
  func `failures in the store keep what failures keep`(backend: Backend) async throws {
    for check in SignInStoreSuite.checks {
      try await withTwoProcesses(on: backend) { one, _ in try await check(one, #_sourceLocation) }
    }
  }

  @Test(.covers("S04-AUTH-12", "C-02"), arguments: Backend.allCases)
  func `two processes with one refresh token have one successor, and later one of them is a thief`(
    backend: Backend
  ) async throws {
    try await withTwoProcesses(on: backend) { one, other in
      let email = try #require(EmailAddress("u@example.com"))
      let user = User(id: "u", email: email, passwordHash: "h", role: .user)
      #expect(try await one.add(user))
      for round in 0..<20 {
        let session = Session(id: "s\(round)", user: "u", expiresAt: 1_000)
        let (first, next) = ("first\(round)", "next\(round)")
        #expect(
          try await one.begin(session, digest: first, for: user, rehashed: nil, .none))
        async let left = one.rotate(digest: first, to: next, now: 1, .none)
        async let right = other.rotate(digest: first, to: next, now: 1, .none)
        let outcomes = try await [left, right]
        #expect(outcomes == [.rotated(session, user), .rotated(session, user)])
        // The one successor is exchanged by one of them, and the other comes too late.
        let last = "last\(round)"
        #expect(
          try await one.rotate(digest: next, to: last, now: 2, .none) == .rotated(session, user))
        let late = try await other.rotate(
          digest: next, to: last, now: 3 + Session.repeatable, .none)
        #expect(late == .reused(session))
        #expect(try await one.holder(of: session.id, now: 3) == nil)
        #expect(try await other.holder(of: session.id, now: 3) == nil)
        #expect(try await one.rotate(digest: last, to: "x", now: 3, .none) == .revoked)
      }
    }
  }

  /// Somebody resets a password while the old one is looked at: either the session is not begun,
  /// or it is ended by the reset.
  @Test(.covers("S04-AUTH-10"), arguments: Backend.allCases)
  func `no session outlives the password that it was begun with`(backend: Backend) async throws {
    try await backend.withStore { store in
      let people = StoredPeople(on: store)
      let office = PeopleOffice(store, as: "test", now: { Self.start })
      let email = try #require(EmailAddress("u@example.com"))
      try await office.create(User(id: "u", email: email, passwordHash: "0", role: .user))
      for round in 0..<20 {
        let read = try #require(try await people.user(email: email))
        let session = Session(id: "s\(round)", user: "u", expiresAt: 1_000)
        async let begun = people.begin(
          session, digest: "d\(round)", for: read, rehashed: nil, .none)
        async let reset = office.set(passwordHash: "\(round + 1)", at: email)
        _ = try await (begun, reset)
        #expect(try await people.holder(of: session.id, now: 1) == nil)
      }
    }
  }

  private final class Ear: AuditWitness {
    let heard = Mutex((wrote: 0, failed: 0))
    func wrote(_ count: Int) { heard.withLock { $0.wrote += count } }
    func failed() { heard.withLock { $0.failed += 1 } }
  }

  @Test(.covers("S18-AUD-01", "S18-AUD-02"), arguments: Backend.allCases)
  func `what becomes of a session is written down with it, or is not done`(
    backend: Backend
  ) async throws {
    try await backend.withEmptyDatabase { database in
      try await Migrator(try Schema.current(), on: database.host).up(at: Self.start)
      let store = database.store
      let ear = Ear()
      let people = StoredPeople(store, now: { Timestamp(microseconds: 7) }, witness: ear)
      let email = try #require(EmailAddress("u@example.com"))
      let user = User(id: "u", email: email, passwordHash: "h", role: .user)
      #expect(try await people.add(user))
      let occasion = Occasion(
        requestID: "r", address: "10.0.0.1", method: "POST", path: "/p", userAgent: "test")
      for id in ["s", "t"] {
        #expect(
          try await people.begin(
            Session(id: id, user: "u", expiresAt: 900), digest: id, for: user, rehashed: nil,
            occasion))
      }
      _ = try await people.rotate(digest: "s", to: "s2", now: 1, occasion)
      _ = try await people.rotate(digest: "s", to: "s2", now: 100, occasion)
      #expect(try await people.revoke(session: "t", occasion))
      // Nothing ends, nothing is written.
      #expect(try await !people.revoke(session: "t", occasion))
      #expect(try await people.rotate(digest: "x", to: "y", now: 1, occasion) == .unknown)
      let rows = try await store.transact { try $0.auditRows(after: 0, limit: 100).map(\.fields) }
      func row(_ action: String, _ session: String) -> [String?] {
        [
          "7", action, "u", session, "r", "10.0.0.1", nil, nil, "POST", "/p", "test", nil,
        ]
      }
      #expect(
        rows == [
          row("signed_in", "s"), row("signed_in", "t"), row("token_refreshed", "s"),
          row("token_reused", "s"), row("signed_out", "t"),
        ])
      #expect(ear.heard.withLock { $0 } == (5, 0))
      guard case .whole = try await AuditVerifier(store).verify() else {
        Issue.record("the chain is broken")
        return
      }
      // Without the log nothing of it is done.
      try await database.host.migrating { session in
        try session.transaction { _ = try $0.execute("DROP TABLE audit_logs", []) }
      }
      await #expect(throws: StoreFault.self) {
        try await people.begin(
          Session(id: "v", user: "u", expiresAt: 900), digest: "v", for: user, rehashed: nil,
          occasion)
      }
      #expect(try await people.holder(of: "v", now: 1) == nil)
      #expect(ear.heard.withLock { $0 } == (5, 1))
    }
  }

  @Test(.covers("S04-AUTH-08", "C-45"), arguments: Backend.allCases)
  func `guesses through two processes are counted exactly`(backend: Backend) async throws {
    try await withTwoProcesses(on: backend) { one, other in
      // From one address five are looked at; from everywhere twenty.
      let addresses: [@Sendable (Int) -> String] = [{ _ in "9" }, { "\($0)" }]
      let limits = [LockOut.pairFailures, LockOut.accountFailures]
      for (round, address) in addresses.enumerated() {
        let attempts = try await withThrowingTaskGroup(of: SignInAttempt.self) { group in
          for number in 0..<60 {
            let people = number.isMultiple(of: 2) ? one : other
            group.addTask {
              try await people.attempt(account: "a\(round)", address: address(number), now: 7)
            }
          }
          return try await group.reduce(into: [SignInAttempt]()) { $0.append($1) }
        }
        #expect(attempts.count { $0 != .locked } == limits[round])
        let began = attempts.flatMap { attempt -> [LockOutScope] in
          if case .counted(let began) = attempt { began } else { [] }
        }
        #expect(began == [round == 0 ? .pair : .account])
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `what is over is removed, however much it is, and nothing else`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let people = StoredPeople(on: store)
      let account = AccountID(1)
      let email = try #require(EmailAddress("u@example.com"))
      #expect(
        try await people.add(User(id: "u", email: email, passwordHash: "h", role: .user)))
      try await store.transact { rows in
        for number in 0..<120 {
          let isOver = number < 110
          try rows.insert(
            Session(id: "s\(number)", user: "u", expiresAt: isOver ? 100 : 900),
            digest: "d\(number)")
          _ = try rows.attempt(account: "a\(number)", address: "1", now: isOver ? 0 : 500)
          let key = try #require(ClientKey("k\(number)"))
          try rows.keep(
            KeptAnswer(
              to: key, of: account, question: "q", outcome: .accepted(OrderID(1)),
              expiresAt: Timestamp(microseconds: isOver ? 100_000_000 : 900_000_000)))
        }
      }
      let housekeeping = Housekeeping(store, batch: 25)
      let now = Timestamp(microseconds: 500_000_000)
      // A pair and an account for each failure.
      #expect(
        try await housekeeping.run(at: now)
          == Housekeeping.Removed(sessions: 110, failures: 220, answers: 110))
      #expect(try await housekeeping.run(at: now) == Housekeeping.Removed())
      #expect(try await people.rotate(digest: "d109", to: "n", now: 1, .none) == .unknown)
      #expect(try await people.holder(of: "s110", now: 1) != nil)
      let kept = try await store.transact { rows in
        try rows.answer(to: #require(ClientKey("k110")), of: account)
      }
      #expect(kept != nil)
    }
  }
}

extension StoredPeople {
  /// At the beginning of time, heard by nobody.
  init(on store: any Store) { self.init(store, now: { Timestamp(microseconds: 0) }) }
}
