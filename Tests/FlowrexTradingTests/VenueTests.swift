import FlowrexContract
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import TestSupport
import Testing

/// What every broker keeps, tried on the simulated venue of each kind. (S17-ENV-03)
struct VenueTests {
  private let clock = HandClock()
  private let market: HandMarket

  init() { market = HandMarket(clock) }

  private func venue(
    _ guarantee: SubmitGuarantee, temper: VenueTemper = .calm
  ) -> SimulatedVenue {
    SimulatedVenue(guarantee, market: market, clock: clock, seed: 3, temper: temper)
  }

  private func submission(
    _ number: UInt128, _ side: Side = .buy, _ pricing: Pricing = .market,
    life: OrderLife = .untilCancelled
  ) -> Submission {
    Submission(
      OrderID(number), of: AccountID(0xA),
      OrderTerms(side, Quantity(21, .two), of: .eurUSD, pricing, life: life),
      goodUntil: clock.now().adding(.seconds(5)), epoch: 1)
  }

  private func kinds(_ venue: SimulatedVenue) async throws -> [VenueEvent.Kind] {
    try await venue.events(after: 0, of: 1, limit: 99).events.map { event in
      // Names and prices of fills are the venue's; how much was traded is what is asked here.
      guard case .filled(let fill) = event.kind else { return event.kind }
      return .filled(
        Fill(FillID(0), of: fill.order, fill.side, fill.quantity, of: .eurUSD, at: fill.price))
    }
  }

  private func fill(_ side: Side, _ quantity: Quantity, at price: Price) -> VenueEvent.Kind {
    .filled(Fill(FillID(0), of: OrderID(1), side, quantity, of: .eurUSD, at: price))
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `what comes too late is refused and leaves no trace`(
    guarantee: SubmitGuarantee
  ) async throws {
    let venue = venue(guarantee)
    let late = submission(1)
    clock.advance(.milliseconds(5_001))
    #expect(try await venue.submit(late) == .tooLate)
    #expect(try await venue.cancel(OrderID(1)) == .unknown(epoch: 1))
    #expect(try await venue.events(after: 0, of: 1, limit: 9).events == [])
    #expect(try await venue.submit(submission(1)) == .acknowledged)
  }

  @Test func `an idempotent venue takes an order once and says the same again`() async throws {
    let willing = venue(.idempotent)
    #expect(try await willing.submit(submission(1)) == .acknowledged)
    let before = try await willing.events(after: 0, of: 1, limit: 9).events
    clock.advance(.minute)
    // However late: it has the order.
    #expect(try await willing.submit(submission(1)) == .acknowledged)
    #expect(try await willing.events(after: 0, of: 1, limit: 9).events == before)
    let unwilling = venue(.idempotent, temper: VenueTemper(refusals: 1_000))
    for _ in 1...2 {
      #expect(
        try await unwilling.submit(submission(1)) == .refused("the venue is not willing"))
    }
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `only who can be asked answers a look-up`(guarantee: SubmitGuarantee) async throws {
    let venue = venue(guarantee)
    _ = try await venue.submit(submission(1))
    guard guarantee == .lookUpAble else {
      await #expect(throws: BrokerFault.unsupported) { try await venue.lookUp(OrderID(1)) }
      return
    }
    let order = try #require(try await venue.lookUp(OrderID(1)).order)
    #expect(order.state == .filled)
    #expect(order.filled == Quantity(21, .two))
    #expect(order.fills.map(\.price) == [Price(110_010, .five)])
    #expect(try await venue.lookUp(OrderID(2)) == LookUp(of: 1, nil))
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `events are numbered without a gap, and an old question gets the old answer`(
    guarantee: SubmitGuarantee
  ) async throws {
    let venue = venue(guarantee)
    for number in 1...3 { _ = try await venue.submit(submission(UInt128(number))) }
    let all = try await venue.events(after: 0, of: 1, limit: 99).events
    #expect(all.map(\.sequence) == [1, 2, 3, 4, 5, 6])
    #expect(try await venue.events(after: 2, of: 1, limit: 3).events == Array(all[2..<5]))
    #expect(try await venue.events(after: 6, of: 1, limit: 3).events == [])
    _ = try await venue.submit(submission(4))
    #expect(try await venue.events(after: 0, of: 1, limit: 6).events == all)
  }

  @Test func `an order is filled in parts, at the prices of their moments`() async throws {
    let venue = venue(.idempotent, temper: VenueTemper(partials: 1_000))
    _ = try await venue.submit(submission(1, .sell))
    market.set(.eurUSD, bid: Price(110_003, .five), ask: Price(110_013, .five))
    venue.turn()
    venue.turn()
    #expect(
      try await kinds(venue) == [
        .acknowledged, fill(.sell, Quantity(11, .two), at: Price(11, .one)),
        fill(.sell, Quantity(10, .two), at: Price(110_003, .five)),
      ])
  }

  @Test func `a limit rests until the market comes, and never gets a worse price`() async throws {
    let venue = venue(.idempotent)
    _ = try await venue.submit(submission(1, .buy, .limit(Price(110_000, .five))))
    venue.turn()
    #expect(try await kinds(venue) == [.acknowledged])
    market.set(.eurUSD, bid: Price(109_985, .five), ask: Price(109_995, .five))
    venue.turn()
    #expect(
      try await kinds(venue) == [
        .acknowledged, fill(.buy, Quantity(21, .two), at: Price(109_995, .five)),
      ])
  }

  @Test func `what cannot be filled at once expires, if that was asked`() async throws {
    let venue = venue(.idempotent)
    _ = try await venue.submit(
      submission(1, .buy, .limit(Price(110_000, .five)), life: .immediate))
    #expect(try await kinds(venue) == [.acknowledged, .expired])
    #expect(try await venue.cancel(OrderID(1)) == .over(.expired))
  }

  @Test func `a trade may be quicker than a cancellation, and is told after it`() async throws {
    let venue = venue(.idempotent, temper: VenueTemper(lateFills: 1_000))
    _ = try await venue.submit(submission(1, .buy, .limit(Price(110_000, .five))))
    market.set(.eurUSD, bid: Price(109_985, .five), ask: Price(109_995, .five))
    #expect(try await venue.cancel(OrderID(1)) == .taken)
    #expect(try await venue.cancel(OrderID(1)) == .over(.cancelled))
    #expect(try await kinds(venue) == [.acknowledged, .cancelled])
    venue.turn()
    #expect(
      try await kinds(venue) == [
        .acknowledged, .cancelled, fill(.buy, Quantity(11, .two), at: Price(109_995, .five)),
      ])
  }

  @Test(arguments: SubmitGuarantee.allCases)
  func `what is meant for another journal is not taken`(guarantee: SubmitGuarantee) async throws {
    let venue = venue(guarantee)
    #expect(try await venue.submit(submission(1)) == .acknowledged)
    venue.restart()
    #expect(venue.epoch == 2)
    #expect(try await venue.submit(submission(1)) == .otherJournal)
    #expect(try await venue.cancel(OrderID(1)) == .unknown(epoch: 2))
    #expect(try await venue.events(after: 0, of: 2, limit: 9).events == [])
  }

  @Test func `its journal says what was asked and what was told`() async throws {
    let venue = venue(.idempotent)
    let first = submission(1)
    _ = try await venue.submit(first)
    _ = try await venue.submit(first)
    _ = try await venue.cancel(OrderID(2))
    let events = try await venue.events(after: 0, of: 1, limit: 9).events
    #expect(
      venue.journal.map(\.kind)
        == [.taken(first)] + events.map { .told($0) }
        + [.repeated(OrderID(1)), .cancelAsked(OrderID(2))])
    #expect(venue.journal.allSatisfy { $0.at == clock.now() })
  }
}
