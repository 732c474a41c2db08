import FlowrexAuth
import FlowrexConformance
import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexStoreSQLite
import FlowrexSupport
import Ledger
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
      try await backend.withStore { try await body(StoredPeople($0), StoredPeople($0)) }
    case .sqliteFile:
      try await withTemporaryFolder { folder in
        let path = folder.path(of: "flowrex.sqlite")
        let one = try SQLiteStore(path: path)
        _ = try await Migrator(try Schema.current(), on: one).up(at: Self.start)
        try await body(StoredPeople(one), StoredPeople(try SQLiteStore(path: path)))
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
      try await body(StoredPeople(one), StoredPeople(other))
    }
  }

  @Test(arguments: Backend.allCases)
  func `people in the store keep what people keep`(backend: Backend) async throws {
    try await backend.withStore { try await UserStoreSuite.check(StoredPeople($0)) }
  }

  @Test(.covers("S04-AUTH-10", "S04-AUTH-12", "S04-AUTH-13", "C-02"), arguments: Backend.allCases)
  func `sessions in the store keep what sessions keep`(backend: Backend) async throws {
    for check in SessionStoreSuite.checks {
      try await backend.withStore { try await check(StoredPeople($0), #_sourceLocation) }
    }
  }

  @Test(.covers("S04-AUTH-08", "C-45"), arguments: Backend.allCases)
  func `failures in the store keep what failures keep`(backend: Backend) async throws {
    for check in SignInStoreSuite.checks {
      try await withTwoProcesses(on: backend) { one, _ in try await check(one, #_sourceLocation) }
    }
  }

  @Test(.covers("S04-AUTH-12", "C-02"), arguments: Backend.allCases)
  func `of two processes with one refresh token one wins, and the session ends`(
    backend: Backend
  ) async throws {
    try await withTwoProcesses(on: backend) { one, other in
      for round in 0..<20 {
        let session = Session(id: "s\(round)", user: "u", expiresAt: 1_000)
        try await one.begin(session, digest: "first\(round)")
        async let left = one.rotate(digest: "first\(round)", to: "left\(round)", now: 1)
        async let right = other.rotate(digest: "first\(round)", to: "right\(round)", now: 1)
        let outcomes = try await [left, right]
        #expect(outcomes.contains(.rotated(session)) && outcomes.contains(.reused(session)))
        #expect(try await !one.isLive(session: session.id, now: 1))
        #expect(try await !other.isLive(session: session.id, now: 1))
        // Whoever won holds a token that is worth nothing any more.
        for digest in ["left\(round)", "right\(round)"] {
          let rotation = try await other.rotate(digest: digest, to: "x", now: 1)
          #expect(rotation == .revoked || rotation == .unknown)
        }
      }
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
      let people = StoredPeople(store)
      let account = AccountID(1)
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
      #expect(try await people.rotate(digest: "d109", to: "n", now: 1) == .unknown)
      #expect(try await people.isLive(session: "s110", now: 1))
      let kept = try await store.transact { rows in
        try rows.answer(to: #require(ClientKey("k110")), of: account)
      }
      #expect(kept != nil)
    }
  }
}
