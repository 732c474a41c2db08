import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// Reconciliation decides what an answer that was lost has left open. (S03-ARCH-05, S04-TRD-10)
struct ReconcileTests {
  @Test(arguments: Backend.allCases)
  func `it finds a fill that no event told of, and writes down what it did`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      floor.line.suffer(.answerLost)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .unknown)
      let run = try await floor.desk.reconcile(batch: 1)
      #expect(run.checked == 1)
      #expect(run.settled == 1)
      #expect(run.open == 0)
      #expect(try await floor.order(id)?.order.state == .filled)
      #expect(try await store.transact { try $0.runs(PageRequest(limit: 9)) } == ListPage([run]))
      let calm = try await floor.desk.reconcile(batch: 1)
      #expect(calm.checked == 0)
    }
  }

  @Test func `an order that was proved absent is sent again, though its message was lost`()
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .lookUpAble)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      floor.line.suffer(.questionLost)
      try await floor.desk.deliver(limit: 9)
      try await store.transact { try $0.remove(id, .submit) }
      #expect(try await floor.desk.reconcile(batch: 9).settled == 0)
      floor.clock.advance(.seconds(7))
      #expect(try await floor.desk.reconcile(batch: 9).settled == 1)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .filled)
    }
  }

  @Test func `a cancellation of what the venue never had ends the order`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, .idempotent)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      floor.line.suffer(.questionLost)
      try await floor.desk.deliver(limit: 9)
      _ = try await floor.desk.cancel(id, of: Floor.account)
      try await floor.desk.deliver(limit: 9)
      #expect(try await floor.order(id)?.order.state == .unknown)
      for _ in 1...4 {
        floor.clock.advance(.seconds(3))
        try await floor.settle()
      }
      #expect(try await floor.order(id)?.order.state == .cancelled)
      #expect(!floor.line.said.dropFirst().contains("submit"))
      #expect(try await floor.account()?.stored.reservations == [])
      #expect(
        try await store.transact { try $0.dueMessages(at: floor.clock.now(), limit: 9) } == [])
    }
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `an accepted order whose message is missing gets one`(guarantee: SubmitGuarantee)
    async throws
  {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store, guarantee)
      let id = try #require(try await floor.desk.place(floor.request("one")).order)
      try await store.transact { try $0.remove(id, .submit) }
      let run = try await floor.desk.reconcile(batch: 9)
      #expect(run.checked == 1)
      #expect(run.settled == 1)
      try await floor.settle()
      #expect(try await floor.order(id)?.order.state == .filled)
    }
  }
}
