import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// An order may be on its way more than once: each answer speaks for its own attempt.
/// (S04-RES-07)
@Suite(.covers("S04-RES-07"))
struct AttemptTests {
  /// A desk whose first attempt was given up by another process, and whose second is on its way.
  private func withTwoAttempts(
    _ body: (Floor, HeldLine, Desk, OrderID, _ first: Task<Void, any Error>) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      let request = try floor.request(
        "one", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await desk.place(request).order)
      let first = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(1)
      floor.clock.advance(.seconds(7))
      // Not there, and what was sent would come too late: proved absent.
      #expect(try await desk.reconcile(batch: 9).settled == 1)
      #expect(try await floor.order(id)?.order.state == .accepted)
      floor.clock.advance(.seconds(7))
      try await body(floor, line, desk, id, first)
    }
  }

  @Test func `a refusal of an earlier attempt says nothing about a later one`() async throws {
    try await withTwoAttempts { floor, line, desk, id, first in
      let second = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(2)
      line.arrive(2)
      line.arrive(1)
      line.answer(1)
      try await first.value
      #expect(try await floor.order(id)?.order.state == .submitted)
      line.answer(2)
      try await second.value
      #expect(try await floor.order(id)?.order.state == .working)
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
    }
  }

  @Test func `an earlier attempt that was not sent does not free the order for a third`()
    async throws
  {
    try await withTwoAttempts { floor, line, desk, id, first in
      let second = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(2)
      line.arrive(2)
      line.arrive(1)
      line.answer(1, with: .notSent("the line was cut"))
      try await first.value
      #expect(try await floor.order(id)?.order.state == .submitted)
      // Nor does it end the lease of the second.
      let soon = floor.clock.now().adding(.seconds(2))
      #expect(try await floor.store.transact { try $0.dueMessages(at: soon, limit: 9) } == [])
      line.answer(2)
      try await second.value
      #expect(try await floor.order(id)?.order.state == .working)
    }
  }

  @Test func `an acknowledgement always counts, and nothing is sent after it`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      let request = try floor.request(
        "one", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await desk.place(request).order)
      let first = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(1)
      line.arrive(1)
      while floor.venue.journal.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      // A venue whose look-up does not see what it has: its proof of absence is none.
      line.goBlind()
      floor.clock.advance(.seconds(7))
      _ = try await desk.reconcile(batch: 9)
      #expect(try await floor.order(id)?.order.state == .accepted)
      line.answer(1)
      try await first.value
      #expect(try await floor.order(id)?.order.state == .working)
      floor.clock.advance(.minute)
      try await desk.deliver(limit: 9)
      #expect(line.said == 1)
      let open = try await floor.desk.openDivergences(limit: 9)
      #expect(
        open.map(\.detail) == [
          "the venue has order \(id), which it had said it does not have"
        ])
    }
  }

  @Test func `who asks does not shorten another's lease`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      _ = try await desk.place(floor.request("one"))
      let first = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(1)
      floor.clock.advance(.seconds(1))
      _ = try await desk.reconcile(batch: 9)
      let soon = floor.clock.now().adding(.seconds(8))
      #expect(try await store.transact { try $0.dueMessages(at: soon, limit: 9) } == [])
      line.arrive(1)
      line.answer(1)
      try await first.value
    }
  }

  @Test func `what came too late after a proof of absence is sent again`() async throws {
    try await withTwoAttempts { floor, line, desk, id, first in
      line.arrive(1)
      line.answer(1)
      try await first.value
      #expect(try await floor.order(id)?.order.state == .accepted)
      floor.clock.advance(.seconds(1))
      let now = floor.clock.now()
      let due = try await floor.store.transact { try $0.dueMessages(at: now, limit: 9) }
      try #require(due.count == 1)
      let second = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(2)
      line.arrive(2)
      line.answer(2)
      try await second.value
      #expect(try await floor.order(id)?.order.state == .working)
      #expect(try await floor.desk.openDivergences(limit: 9) == [])
    }
  }

  @Test func `a refusal that follows a proof of absence leaves the order to be sent again`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble, temper: VenueTemper(refusals: 1_000))
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      let id = try #require(try await desk.place(floor.request("one")).order)
      let first = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(1)
      line.arrive(1)
      while floor.venue.journal.isEmpty { try await Task.sleep(for: .milliseconds(2)) }
      // A look-up does not find what was refused.
      line.goBlind()
      floor.clock.advance(.seconds(7))
      _ = try await desk.reconcile(batch: 9)
      #expect(try await floor.order(id)?.order.state == .accepted)
      line.answer(1)
      try await first.value
      #expect(try await floor.order(id)?.order.state == .accepted)
      floor.clock.advance(.seconds(4))
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .rejected)
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test func `what was not sent is sent again, though another has given its message up`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .neither)
      let line = HeldLine(to: floor.venue)
      let desk = try floor.desk(on: line)
      let id = try #require(try await desk.place(floor.request("one")).order)
      let first = Task { _ = try await desk.deliver(limit: 9) }
      await line.hasSaid(1)
      // Its lease is over, and nobody can ask this venue.
      floor.clock.advance(.seconds(11))
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .unknown)
      line.arrive(1)
      line.answer(1, with: .notSent("the line was cut"))
      try await first.value
      #expect(try await floor.order(id)?.order.state == .accepted)
      try await floor.settle()
      #expect(floor.line.said == ["submit"])
      #expect(try await floor.order(id)?.order.state == .filled)
    }
  }
}
