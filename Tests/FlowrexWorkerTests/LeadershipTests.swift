import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexWorker
import Ledger
import TestSupport
import Testing

/// Of several workers one does a job, on every store. (S18-ARCH-12)
struct LeadershipTests {
  private static let lock = Span.seconds(15)

  private func leadership(
    _ store: any Store, _ holder: UInt128, _ clock: HandClock
  ) -> Leadership {
    Leadership(store, as: holder, clock: clock, lock: Self.lock)
  }

  @Test(.covers("S18-ARCH-12"), arguments: Backend.allCases)
  func `of two workers one does each job, and keeps it`(backend: Backend) async throws {
    try await backend.withStore { store in
      let clock = HandClock()
      let (one, two) = (leadership(store, 1, clock), leadership(store, 2, clock))
      #expect(one.term(of: .outbox) == nil)
      try await one.renew()
      for _ in 1...20 {
        try await two.renew()
        for job in JobName.allCases {
          #expect(one.term(of: job)?.fence == 1)
          #expect(two.term(of: job) == nil)
        }
        clock.advance(one.period)
        try await one.renew()
      }
    }
  }

  @Test(.covers("S18-ARCH-12"), arguments: Backend.allCases)
  func `a dead worker's jobs are another's within the lock's time, and not before it gave up`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let clock = HandClock()
      let (one, two) = (leadership(store, 1, clock), leadership(store, 2, clock))
      try await one.renew()
      let last = clock.now()
      // From here on the first one is dead; the second looks at its own pace.
      clock.advance(.seconds(1))
      var turns = 0
      while two.term(of: .outbox) == nil, turns < 20 {
        #expect(one.term(of: .outbox) == nil || two.term(of: .outbox) == nil)
        try await two.renew()
        clock.advance(two.period)
        turns += 1
      }
      #expect(one.term(of: .outbox) == nil)
      #expect(two.term(of: .outbox)?.fence == 2)
      #expect(clock.now().since(last) <= Self.lock.adding(two.period))
    }
  }

  @Test(arguments: Backend.allCases)
  func `what is given back is taken at the next look`(backend: Backend) async throws {
    try await backend.withStore { store in
      let clock = HandClock()
      let (one, two) = (leadership(store, 1, clock), leadership(store, 2, clock))
      try await one.renew()
      try await two.renew()
      try await one.resign()
      #expect(one.term(of: .retention) == nil)
      try await two.renew()
      #expect(two.term(of: .retention)?.fence == 2)
    }
  }

  @Test(.covers("S18-ARCH-12"))
  func `clocks that are hours apart decide nothing`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let early = HandClock()
      let late = HandClock(at: HandClock.start.adding(.seconds(36_000)))
      let (one, two) = (leadership(store, 1, early), leadership(store, 2, late))
      for _ in 1...10 {
        try await one.renew()
        try await two.renew()
        #expect(one.term(of: .outbox) != nil && two.term(of: .outbox) == nil)
        early.advance(one.period)
        late.advance(two.period)
      }
    }
  }

  /// It stood still, in the middle of its work, for longer than its lease.
  @Test(.covers("S18-ARCH-12"), arguments: Backend.allCases)
  func `who lost a job writes nothing more in its name`(backend: Backend) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      let clock = HandClock()
      let (one, two) = (leadership(store, 1, clock), leadership(store, 2, clock))
      try await one.renew()
      try await two.renew()
      let term = try #require(one.term(of: .outbox))
      let fenced = FencedStore(store, term)
      let desk = try floor.desk(on: floor.line, store: fenced)
      let order = try #require(try await floor.desk.place(floor.request("k1")).order)
      #expect(try await desk.deliver(limit: 10) == 1)
      _ = try await floor.desk.place(floor.request("k2"))
      clock.advance(Self.lock)
      try await two.renew()
      #expect(two.term(of: .outbox)?.fence == 2)
      await #expect(throws: LeaseLost.self) { try await desk.deliver(limit: 10) }
      await #expect(throws: LeaseLost.self) { try await desk.listen(limit: 10) }
      #expect(floor.line.said == ["submit"])
      #expect(try await floor.order(order)?.order.state == .working)
      // The other one goes on where it was.
      let next = FencedStore(store, try #require(two.term(of: .outbox)))
      #expect(try await floor.desk(on: floor.line, store: next).deliver(limit: 10) == 1)
    }
  }

  @Test func `a renewal whose answer was lost is no lost job`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let clock = HandClock()
      let one = leadership(store, 1, clock)
      try await one.renew()
      // It was written, and nobody knows here.
      let lease = try #require(
        try await store.transact { try $0.leases() }.first { $0.job == .outbox })
      var next = lease
      next.renewal += 1
      let written = next
      #expect(try await store.transact { try $0.exchange(lease, for: written) })
      clock.advance(Self.lock)
      #expect(one.term(of: .outbox) == nil)
      try await one.renew()
      #expect(one.term(of: .outbox)?.fence == 1)
    }
  }
}

extension Span {
  fileprivate func adding(_ other: Span) -> Span {
    Span(microseconds: microseconds + other.microseconds)
  }
}
