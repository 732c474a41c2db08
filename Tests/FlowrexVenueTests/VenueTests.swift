import FlowrexConformance
import FlowrexContract
import FlowrexSupport
import FlowrexTrading
import FlowrexVenue
import Ledger
import TestSupport
import Testing

/// The simulated venue wherever it is: what the suite asks of every broker, and what only this
/// one can be told to do. (S17-ENV-03)
struct VenueTests {
  private func submission(
    _ number: UInt128, _ bench: VenueBench, _ side: Side = .buy, _ pricing: Pricing = .market,
    life: OrderLife = .untilCancelled
  ) -> Submission {
    Submission(
      OrderID(number), of: AccountID(0xA),
      OrderTerms(side, Quantity(21, .two), of: .eurUSD, pricing, life: life),
      goodUntil: bench.clock.now().adding(.seconds(5)), epoch: 1)
  }

  private func kinds(_ bench: VenueBench) async throws -> [VenueEvent.Kind] {
    try await bench.broker.events(after: 0, of: 1, limit: 99).events.map { event in
      // Names and prices of fills are the venue's; how much was traded is what is asked here.
      guard case .filled(let fill) = event.kind else { return event.kind }
      return .filled(
        Fill(FillID(0), of: fill.order, fill.side, fill.quantity, of: .eurUSD, at: fill.price))
    }
  }

  private func fill(_ side: Side, _ quantity: Quantity, at price: Price) -> VenueEvent.Kind {
    .filled(Fill(FillID(0), of: OrderID(1), side, quantity, of: .eurUSD, at: price))
  }

  @Test(
    .covers("S17-ENV-03", "S04-TRD-05", "S04-RES-07"), arguments: VenuePlace.allCases,
    SubmitGuarantee.allCases)
  func `it keeps what every broker keeps`(
    place: VenuePlace, guarantee: SubmitGuarantee
  ) async throws {
    try await VenueBench.run(place, guarantee) { bench in
      try await BrokerSuite(
        bench.broker, clock: bench.clock, rest: .limit(Price(110_000, .five))
      ).check()
    }
  }

  @Test(arguments: VenuePlace.allCases)
  func `what it refused it refuses again, however late`(place: VenuePlace) async throws {
    let unwilling = VenueTemper(refusals: 1_000)
    try await VenueBench.run(place, .idempotent, temper: unwilling) { bench in
      let order = submission(1, bench)
      for _ in 1...2 {
        let receipt = try await bench.broker.submit(order)
        #expect(receipt == .refused("the venue is not willing"))
        bench.clock.advance(.minute)
      }
    }
  }

  @Test(arguments: VenuePlace.allCases)
  func `what it has it says again, however late`(place: VenuePlace) async throws {
    try await VenueBench.run(place, .idempotent) { bench in
      let order = submission(1, bench)
      let first = try await bench.broker.submit(order)
      bench.clock.advance(.minute)
      let second = try await bench.broker.submit(order)
      #expect(first == .acknowledged && second == .acknowledged)
      #expect(try bench.journal().last?.kind == .repeated(OrderID(1)))
    }
  }

  @Test(arguments: VenuePlace.allCases)
  func `an order is filled in parts, at the prices of their moments`(
    place: VenuePlace
  ) async throws {
    try await VenueBench.run(place, .idempotent, temper: VenueTemper(partials: 1_000)) { bench in
      _ = try await bench.broker.submit(submission(1, bench, .sell))
      bench.market.set(.eurUSD, bid: Price(110_003, .five), ask: Price(110_013, .five))
      try await bench.turn()
      try await bench.turn()
      #expect(
        try await kinds(bench) == [
          .acknowledged, fill(.sell, Quantity(11, .two), at: Price(11, .one)),
          fill(.sell, Quantity(10, .two), at: Price(110_003, .five)),
        ])
    }
  }

  @Test(arguments: VenuePlace.allCases)
  func `a limit rests until the market comes, and never gets a worse price`(
    place: VenuePlace
  ) async throws {
    try await VenueBench.run(place, .idempotent) { bench in
      _ = try await bench.broker.submit(submission(1, bench, .buy, .limit(Price(110_000, .five))))
      try await bench.turn()
      #expect(try await kinds(bench) == [.acknowledged])
      bench.market.set(.eurUSD, bid: Price(109_985, .five), ask: Price(109_995, .five))
      try await bench.turn()
      #expect(
        try await kinds(bench) == [
          .acknowledged, fill(.buy, Quantity(21, .two), at: Price(109_995, .five)),
        ])
    }
  }

  @Test(arguments: VenuePlace.allCases)
  func `a trade may be quicker than a cancellation, and is told after it`(
    place: VenuePlace
  ) async throws {
    try await VenueBench.run(place, .idempotent, temper: VenueTemper(lateFills: 1_000)) { bench in
      _ = try await bench.broker.submit(submission(1, bench, .buy, .limit(Price(110_000, .five))))
      bench.market.set(.eurUSD, bid: Price(109_985, .five), ask: Price(109_995, .five))
      #expect(try await bench.broker.cancel(OrderID(1)) == .taken)
      #expect(try await bench.broker.cancel(OrderID(1)) == .over(.cancelled))
      #expect(try await kinds(bench) == [.acknowledged, .cancelled])
      try await bench.turn()
      #expect(
        try await kinds(bench) == [
          .acknowledged, .cancelled, fill(.buy, Quantity(11, .two), at: Price(109_995, .five)),
        ])
    }
  }

  @Test func `in memory, a start anew is another journal`() async throws {
    let clock = HandClock()
    let market = HandMarket(clock)
    let venue = SimulatedVenue(.lookUpAble, market: market, clock: clock, seed: 3)
    let bench = VenueBench(
      broker: venue, clock: clock, market: market, turn: { venue.turn() },
      journal: { venue.journal })
    #expect(try await venue.submit(submission(1, bench)) == .acknowledged)
    venue.restart()
    #expect(venue.epoch == 2)
    #expect(try await venue.submit(submission(1, bench)) == .otherJournal)
    #expect(try await venue.events(after: 0, of: 2, limit: 9).events == [])
  }

  @Test(arguments: VenuePlace.allCases)
  func `its journal says what was asked and what was told`(place: VenuePlace) async throws {
    try await VenueBench.run(place, .idempotent) { bench in
      let first = submission(1, bench)
      _ = try await bench.broker.submit(first)
      _ = try await bench.broker.submit(first)
      _ = try await bench.broker.cancel(OrderID(2))
      let events = try await bench.broker.events(after: 0, of: 1, limit: 9).events
      let journal = try bench.journal()
      #expect(
        journal.map(\.kind)
          == [.taken(first)] + events.map { .told($0) }
          + [.repeated(OrderID(1)), .cancelAsked(OrderID(2))])
      #expect(journal.allSatisfy { $0.at == bench.clock.now() })
    }
  }
}
