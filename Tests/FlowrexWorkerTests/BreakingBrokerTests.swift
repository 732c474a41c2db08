import FlowrexContract
import FlowrexMetrics
import FlowrexResilience
import FlowrexStore
import FlowrexSupport
import FlowrexTrading
import FlowrexWorker
import Ledger
import Synchronization
import TestSupport
import Testing

/// A breaker before the venue, and what is tried again at once. (S04-RES-01 … 06)
struct BreakingBrokerTests {
  /// What a breaker told.
  private final class Told: Sendable {
    private let words = Mutex<[String]>([])
    var all: [String] { words.withLock { $0 } }
    func add(_ word: String) { words.withLock { $0.append(word) } }

    var witness: BreakingBroker.Witness {
      BreakingBroker.Witness(entered: { self.add($0.rawValue) }, retried: { self.add("retried") })
    }
  }

  private func withBroker(
    attempts: Int, _ guarantee: SubmitGuarantee = .lookUpAble,
    _ body: (Floor, Desk, Told) async throws -> Void
  ) async throws {
    try await Backend.sqliteInMemory.withStore { store in
      let (floor, told) = (try await Floor(store, guarantee), Told())
      let broker = BreakingBroker(
        floor.line, BreakingBroker.Rules(failures: 3, rest: .seconds(30), attempts: attempts),
        clock: floor.clock, witness: told.witness)
      try await body(floor, try floor.desk(on: broker), told)
    }
  }

  private func place(_ key: String, _ floor: Floor) async throws -> OrderID {
    try #require(try await floor.desk.place(floor.request(key)).order)
  }

  private func state(of id: OrderID, _ floor: Floor) async throws -> OrderState? {
    try await floor.order(id)?.order.state
  }

  @Test(.covers("S04-RES-01", "S04-RES-02", "S04-RES-03"))
  func `a venue that is away is left in peace, and no order is refused for that`() async throws {
    try await withBroker(attempts: 1) { floor, desk, told in
      // Which journal the venue keeps is known.
      _ = try await desk.listen(limit: 9)
      floor.line.suffer(.notSent, .notSent, .notSent)
      var orders: [OrderID] = []
      for number in 1...3 {
        orders.append(try await place("k\(number)", floor))
        _ = try await desk.deliver(.submit, limit: 9)
      }
      #expect(floor.line.said.count == 3 && told.all == ["open"])
      orders.append(try await place("k4", floor))
      _ = try await desk.deliver(.submit, limit: 9)
      // The line works by now, and nobody asks it.
      _ = try await desk.listen(limit: 9)
      #expect(floor.line.said.count == 3)
      for id in orders {
        #expect(try await state(of: id, floor) == .accepted)
        #expect(try await floor.store.transact { try $0.message(id, .submit) } != nil)
      }
      floor.clock.advance(.seconds(30))
      for _ in 1...20 {
        _ = try await desk.deliver(.submit, limit: 1)
        floor.clock.advance(.seconds(1))
      }
      _ = try await desk.listen(limit: 50)
      for id in orders { #expect(try await state(of: id, floor) == .filled) }
      #expect(told.all == ["open", "half_open", "closed"])
      #expect(floor.line.said.count == 7)
    }
  }

  @Test(.covers("S04-RES-05", "S04-RES-06"))
  func `what was not sent is sent again at once, and what may have been taken is not`()
    async throws
  {
    try await withBroker(attempts: 3) { floor, desk, told in
      _ = try await desk.listen(limit: 9)
      let first = try await place("k1", floor)
      floor.line.suffer(.notSent, .notSent)
      _ = try await desk.deliver(.submit, limit: 9)
      #expect(floor.line.said == ["submit", "submit", "submit"])
      #expect(told.all == ["retried", "retried"])
      #expect(try await state(of: first, floor) == .working)
      let second = try await place("k2", floor)
      floor.line.suffer(.answerLost)
      _ = try await desk.deliver(.submit, limit: 9)
      #expect(floor.line.said.count == 4)
      #expect(try await state(of: second, floor) == .unknown)
      // A question may be asked as often as one likes.
      floor.clock.advance(.minute)
      floor.line.suffer(.questionLost)
      _ = try await desk.deliver(.submit, limit: 9)
      #expect(floor.line.said.suffix(2) == ["look up", "look up"])
      #expect(try await state(of: second, floor) != .unknown)
    }
  }

  @Test(.covers("S04-RES-06"))
  func `it is tried so often and not more, and no later than it is waited for`() async throws {
    try await withBroker(attempts: 3) { floor, desk, told in
      _ = try await desk.listen(limit: 9)
      let id = try await place("k1", floor)
      floor.line.suffer(.notSent, .notSent, .notSent)
      _ = try await desk.deliver(.submit, limit: 9)
      #expect(floor.line.said.count == 3 && told.all == ["retried", "retried", "open"])
      #expect(try await state(of: id, floor) == .accepted)
    }
    let (floor, told) = (try await Backend.sqliteInMemory.withStore { try await Floor($0) }, Told())
    var rules = BreakingBroker.Rules(failures: 100, rest: .seconds(30), attempts: 10)
    rules.firstPause = .milliseconds(200)
    let broker = BreakingBroker(floor.line, rules, clock: floor.clock, witness: told.witness)
    #expect(
      broker.patience.microseconds == floor.line.patience.microseconds
        + rules.retryWithin.microseconds)
    for _ in 1...10 { floor.line.suffer(.notSent) }
    await #expect(throws: BrokerFault.self) { try await broker.cancel(OrderID(1)) }
    // After 200 ms and no more: the pause after that would end after the half second.
    #expect(told.all == ["retried"] && floor.line.said.count == 2)
  }

  @Test(.covers("S04-RES-01"))
  func `what the venue does not offer, and what it refuses, is no failure of the line`()
    async throws
  {
    let (floor, told) = (
      try await Backend.sqliteInMemory.withStore { try await Floor($0, .idempotent) }, Told()
    )
    let broker = BreakingBroker(
      floor.line, BreakingBroker.Rules(failures: 1, rest: .seconds(30), attempts: 3),
      clock: floor.clock, witness: told.witness)
    await #expect(throws: BrokerFault.unsupported) { try await broker.lookUp(OrderID(1)) }
    // There is no such order.
    _ = try await broker.cancel(OrderID(1))
    #expect(told.all == [])
  }

  @Test(.covers("S04-OBS-04"))
  func `its state is told from the start, and each change is counted`() {
    let metrics = MetricRegistry(.worker)
    let meter = BreakerMeter(.broker, metrics)
    func value(_ series: String) -> String? {
      metrics.text().split(separator: "\n").first { $0.hasPrefix(series + " ") }
        .map { String($0.dropFirst(series.count + 1)) }
    }
    #expect(value(#"circuit_breaker_state{breaker="broker",state="closed"}"#) == "1")
    meter.entered(.open)
    #expect(value(#"circuit_breaker_state{breaker="broker",state="closed"}"#) == "0")
    #expect(value(#"circuit_breaker_state{breaker="broker",state="open"}"#) == "1")
    #expect(value(#"circuit_breaker_transitions_total{breaker="broker",state="open"}"#) == "1")
  }
}
