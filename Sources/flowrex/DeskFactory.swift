import FlowrexConfiguration
import FlowrexContract
import FlowrexHost
import FlowrexMarket
import FlowrexMetrics
import FlowrexResilience
import FlowrexStore
import FlowrexTraces
import FlowrexTrading
import FlowrexVenue
import FlowrexWorker
import Ledger
import Logging
import Risk
import ServiceContract

/// All that a decision about an order needs beside the store, made once in a process: market,
/// policy, venue. (S17-ENV-03)
struct TradingFloor: Sendable {
  let market: LiveMarket
  let policy: RiskPolicy
  /// In this process; `nil` when it is another one, or when this one does not talk to it.
  let venue: SimulatedVenue?
  private let broker: any Broker
  private let execution: ExecutionMode
  private let times: DeskTimes
  private let watch: DecisionMeter

  /// What an account begins with where no money is real. (C-66: ours)
  static let paperMoney: Amount = 100_000

  /// Whether this process talks to the venue.
  enum Role { case decides, delivers }

  /// - Parameter metrics: of deliveries; those of the market are the process's own.
  init(
    _ trading: TradingSettings, _ risk: RiskSettings, as role: Role, candle: Span = .minute,
    metrics: MetricRegistry, deliveries: MetricRegistry, tracer: ServiceTracer?, logger: Logger
  ) throws {
    guard trading.venueURL == nil else {
      throw RefusedToServe(
        why: "\(Setting.venueURL.name) names a venue, and this build has only the one inside it")
    }
    let clock = WallClock()
    let quoteLife = trading.marketDataMaxAge.span
    var rules = QuoteRules()
    rules.maxAge = quoteLife
    policy = RiskPolicy(
      caps: risk.caps, traded: Set(trading.instruments), quoteLife: quoteLife)
    market = LiveMarket(
      [SimulatedFeed(seed: trading.feedSeed, clock: clock)], clock: clock,
      steady: SteadyClock(), rules: rules, candle: candle,
      breaker: CircuitBreaker(
        failures: trading.breakerFailures, rest: trading.breakerOpen.span.microseconds * 1_000),
      observer: MarketMeter(metrics: metrics) { source, fault in
        logger.warning(
          "a source of prices is silent", error: fault, metadata: ["source": "\(source.rawValue)"])
      })
    let traits = VenueTraits.simulated
    switch role {
    case .decides:
      venue = nil
      broker = UnreachedVenue(traits)
    case .delivers:
      let venue = SimulatedVenue(
        traits, market: market, clock: clock, epoch: clock.now().microseconds,
        seed: UInt64(bitPattern: Int64(trading.feedSeed)))
      self.venue = venue
      let called: any Broker = tracer.map { TracedBroker(venue, $0) } ?? venue
      let meter = BreakerMeter(.broker, deliveries)
      broker = BreakingBroker(
        MeteredBroker(called, deliveries),
        BreakingBroker.Rules(
          failures: trading.breakerFailures, rest: trading.breakerOpen.span,
          attempts: trading.attempts),
        clock: SteadyClock(),
        witness: BreakingBroker.Witness(
          entered: { state in
            meter.entered(state)
            logger.warning(
              "the breaker before the venue moved", metadata: ["state": "\(state.rawValue)"])
          }, retried: { deliveries.add(to: Flowrex.retries, .of(\.dependency, .broker)) }))
    }
    execution = trading.execution
    watch = DecisionMeter(metrics: metrics)
    var times = DeskTimes()
    times.approvalLife = trading.approvalLife.span
    times.keyLife = trading.idempotencyLife.span
    self.times = times
  }

  func desk(on store: any Store) throws -> Desk {
    try Desk(
      store: store, broker: broker, market: market, clock: WallClock(), ids: DrawnIDs(),
      policy: policy, mode: execution, times: times, watch: watch)
  }
}

/// How long risk takes to decide, where this program exports it. (S04-TRD-07)
struct DecisionMeter: DecisionWatch {
  let metrics: MetricRegistry

  func timing<Value, Fault: Error>(
    _ decision: () throws(Fault) -> Value
  ) throws(Fault) -> Value {
    guard metrics.has(Flowrex.riskDecision.family) else { return try decision() }
    let began = ContinuousClock.now
    defer { metrics.observe(Flowrex.riskDecision, .now - began) }
    return try decision()
  }
}
