import FlowrexContract
import FlowrexStore
import FlowrexStorePostgres
import FlowrexSupport
import Ledger
import Risk
import TestSupport
import Testing

/// What a transaction promises, on every database; and what PostgreSQL does when things go wrong.
struct TransactionTests {
  private struct Stop: Error {}
  private static let account = AccountID(0xA)

  private func withAccount(
    in store: any Store, _ body: () async throws -> Void
  ) async throws {
    try await store.transact {
      try $0.insert(AccountRecord(Self.account, of: PersonID(1), RiskAccount().stored))
    }
    try await body()
  }

  @Test(arguments: Backend.allCases)
  func `an error undoes everything and is thrown on`(backend: Backend) async throws {
    try await backend.withStore { store in
      try await withAccount(in: store) {
        await #expect(throws: Stop.self) {
          try await store.transact { rows in
            _ = try rows.cursor(of: "venue")
            try rows.save(VenueCursor(epoch: 1, sequence: 5), of: "venue")
            _ = try rows.insert(CashMovement(1, of: Self.account, 5, at: HandClock.start))
            throw Stop()
          }
        }
        let cursor = try await store.transact { try $0.cursor(of: "venue") }
        #expect(cursor == .beginning)
        #expect(try await store.transact { try $0.movements(of: Self.account) } == [])
      }
    }
  }

  @Test(.covers("S18-HS-10"), arguments: Backend.allCases)
  func `who holds an account is alone with it`(backend: Backend) async throws {
    try await backend.withStore { store in
      try await withAccount(in: store) {
        try await withThrowingTaskGroup(of: Void.self) { group in
          for _ in 0..<60 {
            group.addTask {
              try await store.transact { rows in
                let before = try #require(try rows.account(Self.account))
                var next = before
                next.stored.cash = try before.stored.cash.adding(1)
                try rows.save(next, was: before)
              }
            }
          }
          try await group.waitForAll()
        }
        #expect(try await store.transact { try $0.account(Self.account)?.stored.cash } == 60)
      }
    }
  }

  @Test(.covers("S18-EMG-02"), arguments: Backend.allCases)
  func `a change of control waits for decisions and is seen by the next`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let stopped = TradingControl(
        state: .active, killSwitch: .engaged(by: .riskGuard, at: HandClock.start))
      let committed = Gate()
      try await withThrowingTaskGroup(of: Void.self) { group in
        for _ in 0..<40 {
          group.addTask {
            let before = committed.isOpen
            let isStopped = try await store.transact { try $0.control(.shared).isStopped }
            #expect(!before || isStopped)
          }
        }
        group.addTask {
          try await store.transact { rows in
            _ = try rows.control(.exclusive)
            try rows.save(stopped)
          }
          committed.open()
        }
        try await group.waitForAll()
      }
      #expect(try await store.transact { try $0.control(.shared).isStopped })
    }
  }

  @Test(.covers("S04-RES-07")) func `a key that another transaction holds is not given`()
    async throws
  {
    try await Backend.postgresql.withStore { store in
      let key = try #require(ClientKey("twin"))
      // Held by one while another asks: the two transactions are open at the same time.
      let (held, asked) = (Gate(), Gate())
      let first = Task {
        try await store.transact { rows in
          let isMine = try rows.hold(key, of: Self.account)
          held.open()
          asked.wait()
          return isMine
        }
      }
      let second = try await store.transact { rows in
        held.wait()
        defer { asked.open() }
        return try (
          rows.hold(key, of: Self.account), rows.hold(key, of: AccountID(0xB))
        )
      }
      let isHeld = try await first.value
      #expect(isHeld)
      #expect(second == (false, true))
      #expect(try await store.transact { try $0.hold(key, of: Self.account) })
    }
  }

  @Test(.covers("C-35", "S03-VAR-13")) func `a statement ends in its time`() async throws {
    var settings = try await PostgresServer.emptyDatabase()
    let patient = PostgresStore(settings)
    settings.statementTimeout = .milliseconds(300)
    let store = PostgresStore(settings)
    defer {
      store.close()
      patient.close()
    }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let (held, end) = (Gate(), Gate())
    let holder = Task {
      try await patient.transact { rows in
        _ = try rows.control(.exclusive)
        held.open()
        end.wait()
      }
    }
    // Not inside a transaction, which may not stand still either.
    await held.opened()
    await #expect(throws: StoreFault.statementTimeout) {
      try await store.transact { rows in
        _ = try rows.control(.exclusive)
      }
    }
    end.open()
    try await holder.value
    #expect(try await store.transact { try $0.control(.exclusive) } == TradingControl())
  }

  @Test(.covers("C-35")) func `who may not wait does not`() async throws {
    try await Backend.postgresql.withStore { store in
      try await withAccount(in: store) {
        let (held, end) = (Gate(), Gate())
        let holder = Task {
          try await store.transact { rows in
            _ = try rows.account(Self.account)
            held.open()
            end.wait()
          }
        }
        await held.opened()
        await #expect {
          try await store.transact { rows in
            try rows.limitWaits(to: .milliseconds(50))
            _ = try rows.account(Self.account)
          }
        } throws: { error in
          if case StoreFault.conflict = error { true } else { false }
        }
        end.open()
        try await holder.value
        // The limit was the transaction's own.
        #expect(try await store.transact { try $0.account(Self.account) } != nil)
      }
    }
  }

  @Test(.covers("C-35", "S17-VAR-16"))
  func `who finds no connection free waits no longer than allowed`() async throws {
    var settings = try await PostgresServer.emptyDatabase()
    settings.poolSize = 1
    settings.overflow = 1
    settings.poolWait = .milliseconds(200)
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let (one, two, end) = (Gate(), Gate(), Gate())
    let holders = [one, two].map { begun in
      Task {
        try await store.transact { _ in
          begun.open()
          end.wait()
        }
      }
    }
    one.wait()
    two.wait()
    await #expect(throws: StoreFault.poolExhausted(.milliseconds(200))) {
      try await store.transact { _ in }
    }
    end.open()
    for holder in holders { try await holder.value }
    try await store.transact { _ in }
  }

  @Test func `connections that the server has cut are made anew`() async throws {
    let settings = try await PostgresServer.emptyDatabase()
    let store = PostgresStore(settings)
    defer { store.close() }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    try await store.transact { _ = try $0.control(.shared) }
    try await PostgresServer.cutConnections(to: settings)
    #expect(try await store.transact { try $0.control(.shared) } == TradingControl())
  }

  @Test func `a server that is not there is named as such`() async throws {
    let store = PostgresStore(
      PostgresSettings(
        host: "/nonexistent", database: "flowrex", user: "flowrex", tls: "disable"))
    await #expect {
      try await store.transact { _ in }
    } throws: { error in
      guard case StoreFault.unreachable = error else { return false }
      return "\(error)".hasPrefix("the database cannot be reached: connection to server on socket")
    }
  }
}
