import FlowrexContract
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import Ledger
import Risk
import TestSupport
import Testing

/// The client's own id is the key: one key, one order, one answer. (S04-RES-07)
@Suite(.covers("S04-RES-07"))
struct KeyTests {
  @Test(arguments: Backend.allCases)
  func `the same key gets the same answer and places nothing`(backend: Backend) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      let first = try await floor.desk.place(floor.request("twice"))
      let second = try await floor.desk.place(floor.request("twice"))
      #expect(second.outcome == first.outcome)
      #expect(!first.isReplay)
      #expect(second.isReplay)
      #expect(try await store.transact { try $0.orders(of: Floor.account) }.count == 1)
      // Long after it was filled it is still the same answer.
      try await floor.settle()
      floor.clock.advance(.seconds(86_399))
      #expect(try await floor.desk.place(floor.request("twice")).outcome == first.outcome)
    }
  }

  @Test(arguments: Backend.allCases)
  func `the same key with other terms is an error`(backend: Backend) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      _ = try await floor.desk.place(floor.request("mine"))
      let others = try [
        floor.request("mine", .sell), floor.request("mine", .buy, Quantity(11, .two)),
        floor.request("mine", of: .gbpUSD), floor.request("mine", .limit(Price(11, .one))),
      ]
      for other in others {
        let fault = await #expect(throws: TradingFault.self) {
          try await floor.desk.place(other)
        }
        #expect(fault?.description == "the key 'mine' was used for another order")
      }
      #expect(try await store.transact { try $0.orders(of: Floor.account) }.count == 1)
    }
  }

  @Test func `the desk's mode is no part of what was asked`() async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let floor = try await Floor(store)
      let first = try await floor.desk.place(floor.request("mine"))
      // The process was started anew in another mode.
      let second = try await floor.desk.place(floor.request("mine", mode: .guide))
      #expect(second.outcome == first.outcome)
      #expect(second.isReplay)
    }
  }

  @Test(.covers("S04-TRD-05", "S18-HS-10"), arguments: Backend.allCases)
  func `a denial is an answer and is kept too`(backend: Backend) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      let request = try floor.request("large", .buy, 3)
      let first = try await floor.desk.place(request)
      #expect(first.denial == .orderTooLarge)
      #expect(
        first.outcome
          == .denied(
            .orderTooLarge,
            sentence: "the order is worth 330030.00 USD; 250000.00 USD is the limit"))
      let second = try await floor.desk.place(request)
      #expect(second.outcome == first.outcome)
      #expect(second.isReplay)
      #expect(try await store.transact { try $0.orders(of: Floor.account) } == [])
      #expect(try await floor.account()?.stored.reservations == [])
    }
  }

  @Test(arguments: Backend.allCases)
  func `a key whose life is over may be used again`(backend: Backend) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      let first = try await floor.desk.place(floor.request("daily")).order
      floor.clock.advance(.seconds(86_400))
      let second = try await floor.desk.place(floor.request("daily", .sell)).order
      #expect(first != second)
    }
  }

  @Test(arguments: Backend.allCases)
  func `of twins at the same moment one is placed and the others conflict or agree`(
    backend: Backend
  ) async throws {
    try await backend.withStore { store in
      let floor = try await Floor(store)
      // Two processes on one store: the second desk knows nothing of the first one's keys.
      let other = try Desk(
        store: store, broker: floor.line, market: floor.market, clock: floor.clock,
        ids: CountingIDs(after: 5_000), policy: Floor.policy)
      let request = try floor.request("twin")
      let answers = await withTaskGroup(of: Result<OrderID?, TradingFault>.self) { group in
        for number in 0..<24 {
          let desk = number % 2 == 0 ? floor.desk : other
          group.addTask {
            do {
              return .success(try await desk.place(request).order)
            } catch let fault as TradingFault {
              return .failure(fault)
            } catch {
              Issue.record(error)
              return .success(nil)
            }
          }
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
      var orders: Set<OrderID?> = []
      for answer in answers {
        switch answer {
        case .success(let order): orders.insert(order)
        case .failure(let fault):
          #expect(
            fault.description == "an order with the key 'twin' is being placed at this moment")
        }
      }
      #expect(orders.count == 1)
      let records = try await store.transact { try $0.orders(of: Floor.account) }
      #expect(records.map(\.order.id) == orders.compactMap { $0 })
    }
  }

  @Test func `a key is 1 to 64 plain characters`() {
    #expect(ClientKey("a-B_9.:") != nil)
    #expect(ClientKey(String(repeating: "x", count: 64)) != nil)
    for text in ["", String(repeating: "x", count: 65), "a b", "é", "a\n", "a'b", "a/b"] {
      #expect(ClientKey(text) == nil, "\(text)")
    }
  }
}

extension Floor {
  fileprivate func request(_ key: String, _ pricing: Pricing) throws -> OrderRequest {
    try request(key, .buy, Quantity(10, .two), of: .eurUSD, pricing)
  }
}
