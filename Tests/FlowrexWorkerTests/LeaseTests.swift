import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexWorker
import Ledger
import Synchronization
import TestSupport
import Testing

/// Leases where something goes wrong: another release, a lost answer, a write at the wrong moment.
/// (S18-ARCH-12)
struct LeaseTests {
  private static let lock = Span.seconds(15)

  private func leadership(
    _ store: any Store, _ holder: UInt128, _ clock: HandClock
  ) -> Leadership {
    Leadership(store, as: holder, clock: clock, lock: Self.lock)
  }

  /// After a release is taken back its rows are still there.
  @Test(.covers("S18-ARCH-12"), arguments: Backend.allCases)
  func `a job that only another release knows keeps nobody from working`(
    backend: Backend
  ) async throws {
    try await backend.withEmptyDatabase { database in
      _ = try await Migrator(try Schema.current(), on: database.host).up(
        at: Timestamp(microseconds: 0))
      try await database.host.migrating { session in
        try session.transaction {
          _ = try $0.execute(
            "INSERT INTO job_leases (job, holder, fence, renewal) VALUES ('ghosts', NULL, 1, 7)",
            [])
        }
      }
      let one = leadership(database.store, 1, HandClock())
      try await one.renew()
      #expect(one.term(of: .outbox)?.fence == 1)
      try await one.resign()
    }
  }

  /// What was begun in a term is written before another one begins.
  @Test(.covers("S18-ARCH-12"))
  func `a job is not taken over while something is written in its name`() async throws {
    try await Backend.postgresql.withStore { store in
      let clock = HandClock()
      let (one, two) = (leadership(store, 1, clock), leadership(store, 2, clock))
      try await one.renew()
      try await two.renew()
      let fenced = FencedStore(store, try #require(one.term(of: .outbox)))
      let (begun, gate) = (Gate(), Gate())
      let writing = Task {
        try await fenced.transact { _ in
          begun.open()
          gate.wait()
        }
      }
      await begun.opened()
      clock.advance(Self.lock)
      try await two.renew()
      #expect(two.term(of: .outbox) == nil)
      #expect(two.term(of: .retention)?.fence == 2)
      gate.open()
      try await writing.value
      try await two.renew()
      #expect(two.term(of: .outbox)?.fence == 2)
      await #expect(throws: LeaseLost.self) { try await fenced.transact { _ in } }
    }
  }

  @Test(.covers("S18-ARCH-12"))
  func `a job is renewed while something is written in its name`() async throws {
    try await Backend.postgresql.withStore { store in
      let one = leadership(store, 1, HandClock())
      try await one.renew()
      let fenced = FencedStore(store, try #require(one.term(of: .outbox)))
      let (begun, gate) = (Gate(), Gate())
      let writing = Task {
        try await fenced.transact { _ in
          begun.open()
          gate.wait()
        }
      }
      await begun.opened()
      try await one.renew()
      let lease = try await store.transact { try $0.leases() }.first { $0.job == .outbox }
      #expect(lease?.renewal == 2)
      gate.open()
      try await writing.value
    }
  }

  /// A database that lost its newest rows gave the same number once more.
  @Test(.covers("S18-ARCH-12"), arguments: Backend.allCases)
  func `the same fence of another worker is another term`(backend: Backend) async throws {
    try await backend.withStore { store in
      let one = leadership(store, 1, HandClock())
      try await one.renew()
      let fenced = FencedStore(store, try #require(one.term(of: .outbox)))
      try await fenced.transact { _ in }
      let lease = try #require(
        try await store.transact { try $0.leases() }.first { $0.job == .outbox })
      let other = JobLease(.outbox, holder: 2, fence: lease.fence, renewal: lease.renewal + 1)
      #expect(try await store.transact { try $0.exchange(lease, for: other) })
      await #expect(throws: LeaseLost.self) { try await fenced.transact { _ in } }
    }
  }

  @Test(arguments: [Backend.sqliteInMemory, .postgresql])
  func `what a renewal took whose answer was lost is given back, too`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let deaf = DeafStore(store)
      let one = leadership(deaf, 1, HandClock())
      try await one.renew()
      deaf.losesNext.open()
      await #expect(throws: StoreFault.self) { try await one.renew() }
      try await one.resign()
      let leases = try await store.transact { try $0.leases() }
      #expect(leases.count == JobName.allCases.count)
      #expect(leases.allSatisfy { $0.holder == nil })
      // It takes none of them again.
      try await one.renew()
      #expect(try await store.transact { try $0.leases() } == leases)
    }
  }
}

/// Commits, and loses one answer.
private final class DeafStore: Store {
  private let store: any Store
  let losesNext = Gate()
  private let hasLost = Mutex(false)

  init(_ store: any Store) { self.store = store }

  func transact<Value: Sendable>(
    _ urgency: Urgency, _ body: @escaping @Sendable (any StoreTransaction) throws -> Value
  ) async throws -> Value {
    let value = try await store.transact(urgency, body)
    guard losesNext.isOpen, !hasLost.withLock({ $0 }) else { return value }
    hasLost.withLock { $0 = true }
    throw StoreFault.outcomeUnknown("the line broke")
  }
}
