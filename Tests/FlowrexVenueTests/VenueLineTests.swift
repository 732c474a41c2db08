import FlowrexConfiguration
import FlowrexContract
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import FlowrexVenueLine
import Ledger
import NIOPosix
import TestSupport
import Testing

/// What becomes of calls whose answers do not come: never a refusal. (S04-RES-07)
struct VenueLineTests {
  private let clock = HandClock()
  private let market: HandMarket

  init() { market = HandMarket(clock) }

  private func submission(_ number: UInt128) -> Submission {
    Submission(
      OrderID(number), of: AccountID(0xA),
      OrderTerms(.buy, Quantity(21, .two), of: .eurUSD, .market),
      goodUntil: clock.now().adding(.seconds(5)), epoch: 1)
  }

  private func venue(_ guarantee: SubmitGuarantee = .lookUpAble) -> SimulatedVenue {
    SimulatedVenue(guarantee, market: market, clock: clock, seed: 3)
  }

  private func line(to port: Int) -> VenueLine {
    VenueLine(
      .simulated(.lookUpAble), at: InsideAddress(host: "127.0.0.1", port: port), on: .singleton)
  }

  @Test(.covers("S04-RES-07", "S04-RES-09"))
  func `without a connection nothing was sent`() async throws {
    let port = try BoundPort.free(1)[0]
    let fault = BrokerFault.notSent("there is no connection to it")
    await #expect(throws: fault) { try await line(to: port).submit(submission(1)) }
    await #expect(throws: fault) { try await line(to: port).cancel(OrderID(1)) }
    await #expect(throws: fault) { try await line(to: port).lookUp(OrderID(1)) }
    await #expect(throws: fault) {
      try await line(to: port).events(after: 0, of: 0, limit: 1)
    }
  }

  @Test(.covers("S04-RES-09"))
  func `a venue that takes a connection and says nothing is waited for no longer than patience`()
    async throws
  {
    let silent = try SilentServer()
    defer { silent.close() }
    await #expect(throws: BrokerFault.unanswered("no whole answer came")) {
      try await line(to: silent.port).submit(submission(1))
    }
  }

  @Test(.covers("S04-RES-07"))
  func `a lost answer is unknown, whether the order is there or not`() async throws {
    let venue = venue()
    try await LineBench.run(venue, temper: LineTemper(lost: 1_000)) { bench in
      let line = bench.broker(.simulated(.lookUpAble))
      for number in UInt128(1)...40 {
        await #expect(throws: BrokerFault.unanswered("no whole answer came")) {
          try await line.submit(submission(number))
        }
      }
    }
    let taken = venue.journal.count { if case .taken = $0.kind { true } else { false } }
    #expect((5...35).contains(taken))
  }

  @Test func `the same seed loses the same calls`() async throws {
    var lost: [[UInt128]] = []
    for _ in 1...2 {
      try await LineBench.run(venue(), temper: LineTemper(lost: 400), seed: 9) { bench in
        let line = bench.broker(.simulated(.lookUpAble))
        var here: [UInt128] = []
        for number in UInt128(1)...30 {
          do throws(BrokerFault) { _ = try await line.submit(submission(number)) } catch {
            here.append(number)
          }
        }
        lost.append(here)
      }
    }
    #expect(lost[0] == lost[1])
    #expect((4...26).contains(lost[0].count))
  }

  @Test func `a slow venue is waited for`() async throws {
    let temper = LineTemper(latency: .milliseconds(60))
    try await LineBench.run(venue(), temper: temper) { bench in
      let line = bench.broker(.simulated(.lookUpAble))
      for number in UInt128(1)...5 {
        let receipt = try await line.submit(submission(number))
        #expect(receipt == .acknowledged)
      }
    }
  }

  @Test(.covers("S04-RES-07"))
  func `who was told another guarantee sends nothing`() async throws {
    let venue = venue(.idempotent)
    try await LineBench.run(venue) { bench in
      await #expect(
        throws: BrokerFault.notSent("it promises something else than 'look_up_able'")
      ) {
        try await bench.broker(.simulated(.lookUpAble)).submit(submission(1))
      }
    }
    #expect(venue.journal == [])
  }

  /// A venue that fails after it was asked.
  private struct Failing: Broker {
    let name = "failing"
    let guarantee = SubmitGuarantee.lookUpAble
    let clockTolerance = Span.seconds(1)
    let patience = Span.seconds(4)
    let lateFills = Span.seconds(2)

    func submit(_ submission: Submission) async throws(BrokerFault) -> SubmitReceipt {
      throw .unanswered("the disk is full")
    }
    func cancel(_ order: OrderID) async throws(BrokerFault) -> CancelReceipt {
      throw .unanswered("the disk is full")
    }
    func lookUp(_ order: OrderID) async throws(BrokerFault) -> LookUp {
      throw .unanswered("the disk is full")
    }
    func events(
      after sequence: Int64, of epoch: Int64, limit: Int
    ) async throws(BrokerFault) -> VenueNews { throw .unanswered("the disk is full") }
  }

  @Test(.covers("S04-RES-07"))
  func `a venue that fails has not refused`() async throws {
    try await LineBench.run(Failing()) { bench in
      let line = bench.broker(.simulated(.lookUpAble))
      let fault = BrokerFault.unanswered("it answered 500")
      await #expect(throws: fault) { try await line.submit(submission(1)) }
      await #expect(throws: fault) { try await line.cancel(OrderID(1)) }
      await #expect(throws: fault) { try await line.lookUp(OrderID(1)) }
      await #expect(throws: fault) { try await line.events(after: 0, of: 0, limit: 1) }
    }
  }

  @Test(
    arguments: [
      ("POST", "/venue/v1/orders", "", 400), ("POST", "/venue/v1/orders", "{", 400),
      ("POST", "/venue/v1/orders", #"{"guarantee":"look_up_able","order":{}}"#, 400),
      ("POST", "/venue/v1/orders/7/cancel", "", 400), ("GET", "/venue/v1/orders/x", "", 400),
      ("GET", "/venue/v1/events?after=0&epoch=1", "", 400),
      ("GET", "/venue/v1/events?after=0&epoch=1&limit=0", "", 400),
      ("GET", "/venue/v1/events?after=0&epoch=1&limit=10001", "", 400),
      ("GET", "/venue/v1/events?after=-&epoch=1&limit=1", "", 400),
      ("POST", "/venue/v1/orders", String(repeating: " ", count: 20_000), 500),
      ("GET", "/venue/v1/orders", "", 404), ("GET", "/metrics", "", 404),
    ])
  func `what is no question leaves no trace`(
    method: String, path: String, body: String, status: Int
  ) async throws {
    let venue = venue()
    try await LineBench.run(venue) { bench in
      let answer = try #require(
        await RawClient.ask(method, path, port: bench.port, body: body))
      #expect(answer.status == status, "\(answer)")
    }
    #expect(venue.journal == [])
  }
}
