import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import Risk
import TestSupport
import Testing

/// A venue that forgot proves nothing by not knowing an order: it may have traded it before.
/// (S04-RES-07, S04-TRD-10)
@Suite(.covers("S04-RES-07", "S04-TRD-10"))
struct ForgottenOrderTests {
  /// The venue took and filled an order, nobody heard of it, and it began anew.
  private func withForgottenOrder(
    _ guarantee: SubmitGuarantee, _ body: (Floor, OrderID) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, guarantee)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      floor.line.suffer(.answerLost)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .unknown)
      floor.venue.restart()
      try await body(floor, id)
    }
  }

  private func submissions(_ floor: Floor) -> Int { floor.line.said.count { $0 == "submit" } }

  private func expectForPeople(_ floor: Floor, _ id: OrderID) async throws {
    #expect(try await floor.order(id)?.order.state == .unknown)
    let open = try await floor.desk.openDivergences(limit: 9)
    #expect(
      open.filter { $0.kind == .orderMissingThere }.map(\.detail) == [
        "order \(id) is 'unknown' here, and the venue does not know it"
      ])
    let record = try await floor.desk.settleAsAbsent(id, of: Floor.account)
    #expect(record.order.state == .cancelled)
    #expect(try await floor.account()?.stored.reservations == [])
    let end = floor.clock.now().adding(.day)
    #expect(try await floor.store.transact { try $0.dueMessages(at: end, limit: 9) } == [])
  }

  @Test(arguments: [true, false])
  func `what a look-up does not find after a restart is not sent again`(
    isHeard: Bool
  ) async throws {
    try await withForgottenOrder(.lookUpAble) { floor, id in
      if isHeard { try await floor.desk.listen(limit: 9) }
      for _ in 1...4 {
        floor.clock.advance(.minute)
        _ = try await floor.desk.reconcile(batch: 9)
        try await floor.desk.deliver(limit: 9)
      }
      #expect(submissions(floor) == 1)
      try await expectForPeople(floor, id)
    }
  }

  @Test(arguments: [true, false])
  func `an idempotent venue that forgot does not take it a second time`(
    isHeard: Bool
  ) async throws {
    try await withForgottenOrder(.idempotent) { floor, id in
      if isHeard { try await floor.desk.listen(limit: 9) }
      for _ in 1...4 {
        floor.clock.advance(.seconds(10))
        _ = try await floor.desk.reconcile(batch: 9)
        try await floor.settle()
      }
      // Unheard, the restart is told by the venue that was asked.
      #expect(submissions(floor) == (isHeard ? 1 : 2))
      #expect(!floor.venue.journal.contains { if case .taken = $0.kind { true } else { false } })
      try await expectForPeople(floor, id)
    }
  }

  @Test(arguments: [SubmitGuarantee.idempotent, .lookUpAble])
  func `a cancellation that a venue does not know after a restart ends nothing`(
    guarantee: SubmitGuarantee
  ) async throws {
    try await withForgottenOrder(guarantee) { floor, id in
      _ = try await floor.desk.cancel(id, of: Floor.account)
      for _ in 1...4 {
        floor.clock.advance(.minute)
        try await floor.settle()
      }
      try await expectForPeople(floor, id)
    }
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `what is sent into a journal that nobody has heard of is sent again when it is heard`(
    guarantee: SubmitGuarantee
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, guarantee)
      try await floor.desk.listen(limit: 9)
      floor.venue.restart()
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .accepted)
      try await floor.desk.listen(limit: 9)
      floor.clock.advance(.seconds(1))
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .filled)
      #expect(submissions(floor) == 2)
    }
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `what works is noted when the venue keeps another journal, though nobody asks for its end`(
    guarantee: SubmitGuarantee
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, guarantee)
      let resting = try floor.request(
        "rests", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await floor.desk.place(resting).order)
      try await floor.settle()
      floor.venue.restart()
      floor.clock.advance(.minute)
      try await floor.desk.listen(limit: 9)
      _ = try await floor.desk.reconcile(batch: 9)
      let open = try await floor.desk.openDivergences(limit: 9)
      #expect(
        open.filter { $0.kind == .orderMissingThere }.map(\.detail) == [
          "order \(id) is 'working' here, and the venue does not know it"
        ])
    }
  }

  @Test func `a cancellation is asked for again when the venue took it and forgot it`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .neither)
      let resting = try floor.request(
        "rests", .buy, Quantity(10, .two), of: .eurUSD, .limit(Price(109_000, .five)))
      let id = try #require(try await floor.desk.place(resting).order)
      try await floor.settle()
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.desk.deliver(limit: 9)
      floor.venue.restart()
      floor.clock.advance(.minute)
      #expect(try await floor.order(id)?.order.state == .working)
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.desk.deliver(limit: 9)
      #expect(floor.line.said == ["submit", "cancel", "cancel"])
      #expect(
        try await floor.desk.openDivergences(limit: 9).map(\.detail) == [
          "order \(id) is 'working' here, and the venue does not know it"
        ])
    }
  }
}
