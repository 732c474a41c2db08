import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import TestSupport
import Testing

/// What workers share, on every store. (S18-ARCH-12, C-55)
struct WorkRowsTests {
  private static let noon = HandClock.start

  @Test(.covers("S18-ARCH-12"), arguments: Backend.allCases)
  func `a lease is written only over what it was`(backend: Backend) async throws {
    try await backend.withStore { store in
      let first = JobLease(.outbox, holder: 1, fence: 1, renewal: 1)
      let renewed = JobLease(.outbox, holder: 1, fence: 1, renewal: 2)
      let taken = JobLease(.outbox, holder: 2, fence: 2, renewal: 3)
      let none = try await store.transact { try $0.leases() }
      #expect(none == [])
      #expect(try await store.transact { try $0.lease(of: .outbox) } == nil)
      #expect(try await store.transact { try $0.exchange(nil, for: first) })
      // Somebody else comes second.
      #expect(try await !store.transact { try $0.exchange(nil, for: taken) })
      #expect(try await store.transact { try $0.exchange(first, for: renewed) })
      // What was seen before the renewal is not what is there.
      #expect(try await !store.transact { try $0.exchange(first, for: taken) })
      #expect(try await store.transact { try $0.leases() } == [renewed])
      #expect(try await store.transact { try $0.exchange(renewed, for: taken) })
      #expect(try await store.transact { try $0.lease(of: .outbox) } == taken)
      let free = JobLease(.outbox, holder: nil, fence: 2, renewal: 4)
      #expect(try await store.transact { try $0.exchange(taken, for: free) })
      #expect(try await store.transact { try $0.leases() } == [free])
    }
  }

  @Test(.covers("C-55"), arguments: Backend.allCases)
  func `maintenance is off until somebody switches it`(backend: Backend) async throws {
    try await backend.withStore { store in
      #expect(try await store.transact { try $0.maintenance() } == Maintenance(isOn: false))
      for isOn in [true, false] {
        let state = Maintenance(isOn: isOn, by: PersonID(7), at: Self.noon)
        try await store.transact { try $0.save(state) }
        #expect(try await store.transact { try $0.maintenance() } == state)
      }
    }
  }

  @Test(arguments: Backend.allCases)
  func `what is open is counted`(backend: Backend) async throws {
    try await backend.withStore { store in
      let empty = OutboxBacklog(messages: 0, oldest: nil)
      #expect(try await store.transact { try $0.outboxBacklog() } == empty)
      let floor = try await Floor(store)
      for number in 1...3 {
        _ = try await floor.desk.place(floor.request("k\(number)"))
        floor.clock.advance(.seconds(1))
      }
      _ = try await floor.desk.place(floor.request("k4", mode: .guide))
      let backlog = OutboxBacklog(messages: 3, oldest: HandClock.start)
      #expect(try await store.transact { try $0.outboxBacklog() } == backlog)
      #expect(
        try await store.transact { try $0.openOrderCounts() } == [
          .accepted: 3, .awaitingApproval: 1,
        ])
      #expect(try await store.transact { try $0.pendingApprovals() } == 1)
      let notes = [
        Divergence(.workFails, of: "a", "", foundAt: Self.noon),
        Divergence(.workFails, of: "b", "", foundAt: Self.noon),
        Divergence(.stateDiffers, of: "a", "", foundAt: Self.noon),
      ]
      try await store.transact { rows in
        for note in notes { try rows.note(note) }
        try rows.settle(.workFails, of: "b", at: Self.noon)
      }
      #expect(
        try await store.transact { try $0.openDivergenceCounts() } == [
          .workFails: 1, .stateDiffers: 1,
        ])
    }
  }

  @Test(.covers("C-57"), arguments: Backend.allCases)
  func `old comparisons are forgotten, so many at once`(backend: Backend) async throws {
    try await backend.withStore { store in
      try await store.transact { rows in
        for number in 1...5 {
          try rows.append(
            ReconciliationRun(
              id: UInt128(number), at: Self.noon.adding(.seconds(Int32(number))), checked: 0,
              settled: 0, open: 0))
        }
      }
      let before = Self.noon.adding(.seconds(4))
      #expect(try await store.transact { try $0.forgetRuns(before: before, limit: 2) } == 2)
      #expect(try await store.transact { try $0.forgetRuns(before: before, limit: 2) } == 1)
      let left = try await store.transact { try $0.runs(PageRequest(limit: 9)) }
      #expect(left.items.map(\.id) == [5, 4])
    }
  }

  @Test(.covers("S04-OBS-02"), arguments: Backend.allCases)
  func `what a transaction did is told when it is kept, and only then`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let ear = NoteEar()
      let observed = ObservedStore(store, ear)
      let floor = try await Floor(observed)
      let answer = try await floor.desk.place(floor.request("k1"))
      let id = try #require(answer.order)
      #expect(ear.words == ["placed accepted"])
      try await floor.settle()
      #expect(
        ear.words == [
          "placed accepted", "moved accepted submitted", "moved submitted working",
          "filled autonomous", "moved working filled",
        ])
      struct Undone: Error {}
      await #expect(throws: Undone.self) {
        try await observed.transact { rows in
          try rows.note(Divergence(.workFails, of: id.description, "", foundAt: Self.noon))
          throw Undone()
        }
      }
      #expect(ear.words.count == 5)
      for _ in 1...2 {
        try await observed.transact {
          try $0.note(Divergence(.workFails, of: "x", "", foundAt: Self.noon))
        }
      }
      // The same difference again is none that was found.
      #expect(ear.words.dropFirst(5) == ["diverged work_fails"])
      let waiting = try #require(
        try await floor.desk.place(floor.request("k2", mode: .guide)).order)
      _ = try await floor.desk.reject(waiting, of: Floor.account, by: Floor.owner)
      #expect(
        ear.words.dropFirst(6) == [
          "placed awaiting_approval", "decided rejected", "moved awaiting_approval rejected",
        ])
    }
  }
}
