import FlowrexConformance
import FlowrexContract
import FlowrexMarket
import FlowrexSupport
import Ledger
import Synchronization
import TestSupport
import Testing

/// The simulated feed: what the suite asks of every feed, and what only this one can promise.
@Suite struct SimulatedFeedTests {
  @Test(.covers("S17-ENV-08", "S04-TRD-01"))
  func `it keeps what every feed keeps`() async throws {
    let clock = HandClock()
    try await MarketFeedSuite.check(clock: clock) { SimulatedFeed(seed: 1, clock: clock) }
  }

  @Test(.covers("S17-ENV-08"))
  func `a seed makes the same prices, another one others`() {
    let clock = HandClock()
    let turns = 6_800_000_000..<6_800_000_100 as Range<Int64>
    func told(_ seed: Int) -> [OfferedQuote] {
      let feed = SimulatedFeed(seed: seed, clock: clock)
      return turns.flatMap { feed.quotes(of: $0) }
    }
    #expect(told(1) == told(1))
    #expect(told(1) != told(2))
    // Written down, so that no later version makes other prices of the same seed unnoticed.
    let first = told(1).prefix(3).map { "\($0.instrument.rawValue) \($0.bid) \($0.ask)" }
    #expect(first == Self.written)
  }

  private static let written = [
    "EURUSD 1.1041 1.10417", "GBPUSD 1.27015 1.27026", "USDJPY 149.87 149.877",
  ]

  @Test func `prices of a week stay near their anchors, move, and never jump`() throws {
    let feed = SimulatedFeed(seed: 1, clock: HandClock(), pace: .minute)
    let turns = 28_333_000..<28_343_080 as Range<Int64>
    var book = MarketBook(QuoteRules())
    var least: [Instrument: Price] = [:]
    var most: [Instrument: Price] = [:]
    for turn in turns {
      for quote in feed.quotes(of: turn) {
        let verdict = book.receive(quote, from: .simulated, at: quote.asOf)
        // The first three of each confirm the fourth.
        if turn < turns.lowerBound + 3, verdict == .unconfirmed { continue }
        guard case .believed = verdict else {
          Issue.record("\(quote): \(verdict)")
          return
        }
        least[quote.instrument] = min(least[quote.instrument] ?? quote.bid, quote.bid)
        most[quote.instrument] = max(most[quote.instrument] ?? quote.bid, quote.bid)
      }
    }
    for instrument in Instrument.allCases {
      let (low, high) = (try #require(least[instrument]), try #require(most[instrument]))
      let ratio = Double(high.units) / Double(low.units)
      #expect(ratio > 1.003 && ratio < 1.15, "\(instrument) \(low) … \(high)")
    }
  }

  @Test func `every quote stands on the tick, and both sides are a market`() {
    let feed = SimulatedFeed(seed: 42, clock: HandClock())
    for turn in 6_900_000_000..<6_900_000_500 as Range<Int64> {
      for quote in feed.quotes(of: turn) {
        let tick = InstrumentTerms.of(quote.instrument).tick
        #expect(quote.bid.isMultiple(of: tick) && quote.ask.isMultiple(of: tick))
        #expect(quote.bid.isPositive && quote.bid < quote.ask)
      }
    }
  }

  @Test func `euros against pounds are what the two dollars say`() throws {
    let feed = SimulatedFeed(seed: 7, clock: HandClock())
    for turn in 6_900_000_000..<6_900_000_200 as Range<Int64> {
      let quotes = feed.quotes(of: turn)
      func middle(_ instrument: Instrument) throws -> Double {
        let quote = try #require(quotes.first { $0.instrument == instrument })
        return Double(quote.bid.units + quote.ask.units) / 2e8
      }
      let cross = try middle(.eurUSD) / middle(.gbpUSD)
      #expect(abs(cross - (try middle(.eurGBP))) < 0.0001)
    }
  }

  @Test func `what was slept through is not told`() async throws {
    let clock = HandClock()
    let feed = SimulatedFeed(seed: 1, clock: clock, instruments: [.eurUSD])
    let run = Task {
      try await feed.run { quote in
        // The process stands still for ten seconds at each quote.
        clock.advance(.seconds(10))
        // It begins with the quotes of three turns before.
        #expect(clock.now().since(quote.asOf) <= Span(microseconds: 11_020_000))
      }
    }
    while clock.now() < HandClock.start.adding(.seconds(200)) { await Task.yield() }
    run.cancel()
    try await run.value
  }

  @Test(.covers("S04-TRD-02"))
  func `a clock that is set back by ten minutes is not waited for`() async throws {
    let clock = HandClock()
    let feed = SimulatedFeed(seed: 1, clock: clock, instruments: [.eurUSD])
    let told = Mutex<[Timestamp]>([])
    let run = Task {
      try await feed.run { quote in
        let count = told.withLock { told in
          told.append(quote.asOf)
          return told.count
        }
        if count == 10 { clock.advance(.seconds(-600)) }
      }
    }
    while told.withLock({ $0.count }) < 20 { await Task.yield() }
    run.cancel()
    try await run.value
    let after = told.withLock { Array($0[10..<20]) }
    #expect(after.allSatisfy { HandClock.start.since($0) > .seconds(580) }, "\(after)")
  }

  /// Of each fault the filters find what the temper makes, and nothing else.
  @Test(
    .covers("S04-TRD-02"),
    arguments: [
      (FeedTemper(stale: 100), QuoteFault.stale), (FeedTemper(crossed: 100), .crossed),
      (FeedTemper(zeros: 100), .zero), (FeedTemper(outliers: 100), .outlier),
      (FeedTemper(outOfOrder: 100), .outOfOrder), (FeedTemper(duplicates: 100), .duplicate),
    ])
  func `a rough feed says what the filters find`(temper: FeedTemper, fault: QuoteFault) {
    let feed = SimulatedFeed(seed: 3, clock: HandClock(), temper: temper)
    let calm = SimulatedFeed(seed: 3, clock: HandClock())
    var book = MarketBook(QuoteRules())
    var (found, all) = (0, 0)
    for turn in 6_900_000_000..<6_900_000_400 as Range<Int64> {
      let told = feed.quotes(of: turn)
      let moment = calm.quotes(of: turn)[0].asOf
      for quote in told {
        all += 1
        switch book.receive(quote, from: .simulated, at: moment) {
        case .rejected(let reason):
          #expect(reason == fault)
          found += 1
        case .believed, .unconfirmed, .spare: break
        }
      }
    }
    // A tenth of four thousand, more or less.
    #expect((300...500).contains(found), "\(found) of \(all)")
  }
}
