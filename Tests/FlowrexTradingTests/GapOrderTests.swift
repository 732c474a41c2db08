import FlowrexContract
import FlowrexStore
import FlowrexStoreSQLite
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import Synchronization
import TestSupport
import Testing

/// What a gap among the venue's events does to orders, and what it does not. (S04-TRD-10)
@Suite(.covers("S04-TRD-10"))
struct GapOrderTests {
  /// A desk whose venue tells what it is told to, with orders that the venue has taken.
  private func withOrders(
    _ count: Int,
    _ body: (Floor, Desk, Prompter, [OrderID], Snare) async throws -> Void
  ) async throws {
    let snare = Snare()
    let store = try SQLiteStore(path: nil) { SnaredConnection(inner: $0, snare: snare) }
    _ = try await Migrator(try Schema.current(), on: store).up(at: HandClock.start)
    let floor = try await Floor(store)
    let venue = Prompter()
    let desk = try floor.desk(on: venue)
    var ids: [OrderID] = []
    for number in 0..<count {
      ids.append(try #require(try await desk.place(floor.request("o\(number)")).order))
    }
    try await desk.deliver(limit: 9)
    try await body(floor, desk, venue, ids, snare)
  }

  private func event(
    _ place: Int64, _ id: OrderID, _ kind: VenueEvent.Kind = .acknowledged
  ) -> VenueEvent {
    VenueEvent(sequence: place, order: id, kind)
  }

  private func notes(_ desk: Desk) async throws -> [String] {
    try await desk.openDivergences(limit: 99).map(\.detail)
  }

  private func gap(_ event: Int, after heard: Int) -> String {
    "the venue 'prompter' told event \(event) and left out what comes after event \(heard)"
  }

  @Test func `gaps behind one another are waited for together`() async throws {
    try await withOrders(1) { floor, desk, venue, ids, _ in
      venue.tell(event(2, ids[0]), event(3, ids[0]), event(5, ids[0]), event(8, ids[0]))
      #expect(try await desk.listen(limit: 9) == 0)
      #expect(
        Set(try await notes(desk)) == [gap(2, after: 0), gap(5, after: 3), gap(8, after: 5)])
      floor.clock.advance(.minute)
      var heard = 0
      for _ in 1...3 { heard += try await desk.listen(limit: 9) }
      #expect(heard == 4)
      // What comes after all is told by the venue, and nobody has to know any more.
      venue.tell(
        event(1, ids[0]), event(2, ids[0]), event(3, ids[0]), event(4, ids[0]), event(5, ids[0]),
        event(6, ids[0]), event(7, ids[0]), event(8, ids[0]))
      floor.clock.advance(.minute)
      for _ in 1...3 { heard += try await desk.listen(limit: 9) }
      #expect(heard == 8)
      #expect(try await notes(desk) == [])
    }
  }

  /// A venue whose answer was long on its way.
  private struct Late: Broker {
    let events: [VenueEvent]
    var name: String { "prompter" }
    var guarantee: SubmitGuarantee { .neither }
    var clockTolerance: Span { .seconds(1) }
    var patience: Span { .seconds(4) }
    var lateFills: Span { .seconds(2) }

    func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt { .tooLate }
    func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt { .taken }
    func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp { throw .unsupported }
    func events(
      after sequence: Int64, of epoch: Int64, limit: Int
    ) async throws(BrokerFault) -> VenueNews { VenueNews(of: 1, events) }
  }

  @Test func `an answer that is older than what was heard shows no gap`() async throws {
    try await withOrders(1) { floor, desk, venue, ids, _ in
      venue.tell(event(1, ids[0]), event(2, ids[0]), event(3, ids[0]), event(4, ids[0]))
      #expect(try await desk.listen(limit: 9) == 4)
      let late = try floor.desk(on: Late(events: [event(1, ids[0]), event(4, ids[0])]))
      #expect(try await late.listen(limit: 9) == 0)
      #expect(try await notes(desk) == [])
    }
  }

  @Test func `what a person has settled is not waited for`() async throws {
    try await withOrders(1) { floor, desk, venue, ids, _ in
      venue.tell(event(3, ids[0]), event(5, ids[0]))
      #expect(try await desk.listen(limit: 9) == 0)
      for note in try await desk.openDivergences(limit: 9) { try await desk.settle(note) }
      var heard = 0
      for _ in 1...2 { heard += try await desk.listen(limit: 9) }
      #expect(heard == 2)
      #expect(try await notes(desk) == [])
    }
  }

  @Test func `who waits for a gap asks for no account`() async throws {
    try await withOrders(3) { floor, desk, venue, ids, snare in
      venue.tell(event(2, ids[0], .cancelled), event(3, ids[1], .cancelled))
      _ = try await desk.listen(limit: 9)
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 2)
      floor.clock.advance(.minute)
      let looks = Mutex(0)
      snare.fault = { sql, _ in
        if sql.contains("FROM accounts WHERE id") { looks.withLock { $0 += 1 } }
        return nil
      }
      #expect(try await desk.listen(limit: 9) == 0)
      #expect(looks.withLock { $0 } == 0)
      #expect(try await floor.account()?.stored.reservations.count == 3)
    }
  }

  @Test func `a gap keeps the room of orders that were open when it came to be, and no other`()
    async throws
  {
    try await withOrders(1) { floor, desk, venue, ids, _ in
      venue.tell(event(2, ids[0], .cancelled))
      _ = try await desk.listen(limit: 9)
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 1)
      let later = try #require(try await desk.place(floor.request("later")).order)
      try await desk.deliver(limit: 9)
      venue.tell(event(2, ids[0], .cancelled), event(3, later, .cancelled))
      #expect(try await desk.listen(limit: 9) == 1)
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 0)
      #expect(try await floor.account()?.stored.reservations.map(\.order) == ids)
    }
  }

  @Test func `an order whose end may lie in a gap is for people, until it is known`() async throws {
    try await withOrders(2) { floor, desk, venue, ids, _ in
      venue.tell(event(2, ids[0], .cancelled))
      _ = try await desk.listen(limit: 9)
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 1)
      floor.clock.advance(.seconds(1))
      let later = try #require(try await desk.place(floor.request("later")).order)
      try await desk.deliver(limit: 9)
      _ = try await desk.reconcile(batch: 9)
      let sentence =
        "order \(ids[1]) is 'working' here, and its end may lie in what the venue 'prompter' "
        + "left out after event 0"
      #expect(try await notes(desk) == [gap(2, after: 0), sentence])
      #expect(try await floor.order(later)?.order.state == .working)
      venue.tell(event(1, ids[1], .expired), event(2, ids[0], .cancelled))
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 1)
      _ = try await desk.reconcile(batch: 9)
      #expect(try await floor.order(ids[1])?.order.state == .expired)
      #expect(try await notes(desk) == [])
    }
  }

  @Test func `an order whose gap was filled without its end is for nobody any more`() async throws {
    try await withOrders(2) { floor, desk, venue, ids, _ in
      venue.tell(event(2, ids[0], .cancelled))
      _ = try await desk.listen(limit: 9)
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 1)
      _ = try await desk.reconcile(batch: 9)
      #expect(try await notes(desk).count == 2)
      venue.tell(event(1, ids[0]), event(2, ids[0], .cancelled))
      floor.clock.advance(.minute)
      #expect(try await desk.listen(limit: 9) == 1)
      _ = try await desk.reconcile(batch: 9)
      #expect(try await floor.order(ids[1])?.order.state == .working)
      #expect(try await notes(desk) == [])
    }
  }

  @Test func `a gap that nobody could ask about is put off, and others are asked about first`()
    async throws
  {
    try await withOrders(1) { floor, desk, venue, ids, _ in
      venue.tell(event(2, ids[0]), event(4, ids[0]))
      _ = try await desk.listen(limit: 9)
      floor.clock.advance(.minute)
      for _ in 1...2 { _ = try await desk.listen(limit: 9) }
      floor.clock.advance(.minute)
      // The first is told by nobody; one question a round is asked.
      venue.hide(from: 1)
      venue.tell(event(1, ids[0]), event(2, ids[0]), event(3, ids[0]), event(4, ids[0]))
      var heard = 0
      for _ in 1...2 { heard += try await desk.listen(limit: 1) }
      #expect(heard == 1)
      #expect(try await notes(desk) == [gap(2, after: 0)])
      let now = floor.clock.now()
      let gaps = try await floor.store.transact { try $0.gaps(of: "prompter", in: 1, limit: 9) }
      #expect(gaps.map(\.first) == [1])
      #expect(gaps.allSatisfy { $0.dueAt > now })
    }
  }
}
