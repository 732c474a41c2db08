import FlowrexContract
import FlowrexMarket
import FlowrexMetrics
import FlowrexSupport
import FlowrexTrading
import Ledger
import ServiceContract
import Synchronization
import TestSupport
import Testing

/// The market of a process: sources in their order, hours, what people are told, metrics.
@Suite struct MarketTests {
  /// Which want no confirmation.
  private static let rules = {
    var rules = QuoteRules()
    rules.confirmations = 1
    return rules
  }()

  private static func offered(
    _ bid: Int32, _ clock: HandClock, age milliseconds: Int32 = 0
  ) -> OfferedQuote {
    OfferedQuote(
      .eurUSD, bid: Price(bid, .five), ask: Price(bid + 10, .five),
      asOf: clock.now().adding(.milliseconds(-milliseconds)))
  }

  @Test(.covers("S04-TRD-01"))
  func `a fallback is believed while the source before it is silent, and no longer`() {
    let clock = HandClock()
    let market = LiveMarket([], clock: clock, rules: Self.rules, observer: Watcher())
    func bid() -> Price? { market.market().quotes[.eurUSD]?.bid }
    market.hear(Self.offered(110_000, clock), from: .simulated, 0)
    clock.advance(.milliseconds(100))
    market.hear(Self.offered(110_100, clock), from: .simulated, 1)
    #expect(bid() == Price(110_000, .five))
    clock.advance(.milliseconds(1_401))
    market.hear(Self.offered(110_200, clock), from: .simulated, 1)
    #expect(bid() == Price(110_200, .five))
    // A third does not overtake the second, the first does so at once.
    clock.advance(.milliseconds(1))
    market.hear(Self.offered(110_300, clock), from: .simulated, 2)
    #expect(bid() == Price(110_200, .five))
    market.hear(Self.offered(110_150, clock), from: .simulated, 0)
    #expect(bid() == Price(110_150, .five))
  }

  @Test(.covers("S04-TRD-03"))
  func `the status tells source, age, latency and whether a price is fresh`() throws {
    let clock = HandClock()
    let market = LiveMarket([], clock: clock, rules: Self.rules, observer: Watcher())
    clock.advance(.seconds(3))
    market.hear(Self.offered(110_000, clock, age: 40), from: .simulated)
    clock.advance(.milliseconds(1_460))
    func line(_ instrument: Instrument) throws -> MarketStatus.Line {
      try #require(market.status().lines.first { $0.instrument == instrument })
    }
    let euro = try line(.eurUSD)
    #expect(euro.age == .milliseconds(1_500) && euro.isFresh && euro.isOpen)
    #expect(euro.latency == .milliseconds(40) && euro.source == .simulated)
    // What never had a quote is as old as the process.
    let gold = try line(.xauUSD)
    #expect(gold.age == .milliseconds(4_460) && !gold.isFresh && gold.quote == nil)
    #expect(!market.status().isFresh)
    clock.advance(Span(microseconds: 1))
    #expect(try !line(.eurUSD).isFresh)
  }

  /// Two clocks, as the process has them: the time of people is set back.
  @Test(.covers("S04-TRD-03", "S04-TRD-02"), arguments: [-600, -10, -1] as [Int32])
  func `a price of before the clock was set back is no price`(step: Int32) throws {
    let (wall, steady) = (HandClock(), HandClock())
    let market = LiveMarket(
      [], clock: wall, steady: steady, rules: Self.rules, observer: Watcher())
    func pass(_ milliseconds: Int32) {
      wall.advance(.milliseconds(milliseconds))
      steady.advance(.milliseconds(milliseconds))
    }
    market.hear(Self.offered(110_000, wall), from: .simulated)
    pass(100)
    #expect(market.market().quotes[.eurUSD] != nil)
    wall.advance(.seconds(step))
    #expect(market.market().quotes[.eurUSD] == nil)
    let line = try #require(market.status().lines.first { $0.instrument == .eurUSD })
    #expect(!line.isFresh && line.age == .milliseconds(100))
    // The next one is not measured with what is forgotten.
    pass(250)
    market.hear(Self.offered(110_020, wall), from: .simulated)
    #expect(market.market().quotes[.eurUSD]?.bid == Price(110_020, .five))
    #expect(market.status().lines.first { $0.instrument == .eurUSD }?.isFresh == true)
  }

  /// The source died long ago, and the step takes its last quote back into its life.
  @Test(.covers("S04-TRD-03"))
  func `a step of the clock does not make an old price fresh`() {
    let (wall, steady) = (HandClock(), HandClock())
    let market = LiveMarket(
      [], clock: wall, steady: steady, rules: Self.rules, observer: Watcher())
    market.hear(Self.offered(110_000, wall), from: .simulated)
    wall.advance(.seconds(600))
    steady.advance(.seconds(600))
    #expect(market.market().quotes[.eurUSD] != nil)
    wall.advance(.seconds(-600))
    #expect(market.market().quotes[.eurUSD] == nil)
    #expect(!market.status().isFresh)
  }

  @Test func `a market that is closed keeps its price when the clock is set back`() {
    let (wall, steady) = (HandClock(), HandClock())
    let market = LiveMarket(
      [], clock: wall, steady: steady, hours: .currencies, rules: Self.rules,
      observer: Watcher())
    market.hear(Self.offered(110_000, wall), from: .simulated)
    for clock in [wall, steady] { clock.advance(.seconds(3_600 * 60)) }
    wall.advance(.seconds(-60))
    #expect(!market.market().isOpen[.eurUSD])
    #expect(market.market().quotes[.eurUSD] != nil)
  }

  /// 15 November 2023, 12:00, is a Wednesday.
  @Test(
    .covers("C-58"),
    arguments: [
      (0, true, true), (9, true, false), (10, true, false), (11, true, true), (56, true, true),
      (57, false, false), (105, false, false), (106, true, false), (107, true, true),
    ])
  func `currencies rest at the weekend, metals between the days too`(
    hours: Int32, currency: Bool, metal: Bool
  ) {
    let clock = HandClock()
    let market = LiveMarket([], clock: clock, hours: .currencies, observer: Watcher())
    clock.advance(.seconds(3_600 * hours))
    #expect(market.market().isOpen[.eurUSD] == currency)
    #expect(market.market().isOpen[.xagUSD] == metal)
    #expect(market.status().isOpen == currency)
    #expect(TradingHours.always.areOpen(for: .xauUSD, at: clock.now()))
  }

  @Test(.covers("S04-TRD-02", "S04-TRD-03", "C-58"))
  func `the contract's metrics of the market start at zero and are driven`() {
    let metrics = MetricRegistry(.worker)
    let clock = HandClock()
    let market = LiveMarket(
      [], clock: clock, rules: Self.rules, observer: MarketMeter(metrics: metrics))
    #expect(metrics.text().contains("market_open 0\n"))
    #expect(metrics.text().contains(#"quotes_rejected_total{reason="crossed"} 0"#))
    market.hear(Self.offered(110_000, clock, age: 40), from: .simulated)
    market.hear(Self.offered(110_000, clock, age: 40), from: .simulated)
    clock.advance(.milliseconds(500))
    MarketMeter(metrics: metrics).stands(market.status())
    let lines = [
      #"quotes_received_total{symbol="EURUSD"} 2"#, #"quotes_received_total{symbol="XAUUSD"} 0"#,
      #"quotes_rejected_total{reason="duplicate"} 1"#, "market_open 1",
      #"market_data_age_seconds{symbol="EURUSD"} 0.54"#,
      #"market_data_latency_seconds_bucket{source="simulated",le="0.01"} 0"#,
      #"market_data_latency_seconds_bucket{source="simulated",le="0.05"} 1"#,
      #"market_data_latency_seconds_count{source="simulated"} 1"#,
      #"dependency_reachable{dependency="market_data"} 0"#,
    ]
    let text = metrics.text()
    for line in lines { #expect(text.contains(line + "\n"), "\(line)") }
  }

  @Test(.covers("S04-TRD-01", "S17-ENV-08"))
  func `a desk's market is alive: quotes come, are fresh, and a dead feed is asked again`()
    async throws
  {
    let clock = HandClock()
    let watcher = Watcher()
    let dying = DyingFeed(clock)
    let market = LiveMarket(
      [dying, SimulatedFeed(seed: 5, clock: clock)], clock: clock, observer: watcher)
    let source: any MarketSource = market
    let run = Task { await market.run() }
    while watcher.lost.count < 4 || source.market().quotes[.xagUSD] == nil {
      try await Task.sleep(for: .milliseconds(1))
    }
    run.cancel()
    await run.value
    #expect(dying.runs >= 4)
    #expect(
      watcher.lost.prefix(3) == [.unreachable("no line"), .broken("it ended"), .broken("cut")])
    #expect(market.candles(1, of: .eurUSD).count == 1)
  }
}

/// Remembers what it sees.
private final class Watcher: MarketObserver {
  private let faults = Mutex<[FeedFault]>([])
  var lost: [FeedFault] { faults.withLock { $0 } }

  func received(_ instrument: Instrument) {}
  func rejected(_ instrument: Instrument, _ fault: QuoteFault) {}
  func believed(_ instrument: Instrument, from source: MarketDataSource, after latency: Span) {}
  func lost(_ source: MarketDataSource, _ fault: FeedFault) {
    faults.withLock { $0.append(fault) }
  }
  func stands(_ status: MarketStatus) {}
}

/// Cannot be reached, ends, breaks after a quote, and again.
private final class DyingFeed: MarketFeed {
  let source = MarketDataSource.simulated
  let instruments = [Instrument.eurUSD]
  private let clock: any DeskClock
  private let count = Mutex(0)

  init(_ clock: any DeskClock) { self.clock = clock }

  var runs: Int { count.withLock { $0 } }

  func run(
    _ deliver: @escaping @Sendable (OfferedQuote) -> Void
  ) async throws(FeedFault) {
    let run = count.withLock { count in
      count += 1
      return count
    }
    switch run % 3 {
    case 1: throw .unreachable("no line")
    case 2: return
    default:
      deliver(
        OfferedQuote(
          .eurUSD, bid: Price(110, .two), ask: Price(111, .two), asOf: clock.now()))
      throw .broken("cut")
    }
  }
}
