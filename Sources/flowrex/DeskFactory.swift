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
import FlowrexVenueLine
import FlowrexWorker
import Ledger
import Logging
import NIOPosix
import Risk
import ServiceContract

/// All that a decision about an order needs beside the store, made once in a process: market,
/// policy, venue. (S17-ENV-03)
struct TradingFloor: Sendable {
  let market: LiveMarket
  let policy: RiskPolicy
  /// In this process; `nil` when it is another one, or when this one does not talk to it.
  let venue: SimulatedVenue?
  let role: Role
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
    _ trading: TradingSettings, _ risk: RiskSettings, as role: Role,
    on loops: MultiThreadedEventLoopGroup, candle: Span = .minute, metrics: MetricRegistry,
    deliveries: MetricRegistry, tracer: ServiceTracer?, logger: Logger
  ) throws {
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
    let traits = VenueTraits.simulated(SubmitGuarantee(trading.guarantee))
    self.role = role
    switch (role, trading.venue) {
    case (.decides, _):
      venue = nil
      broker = UnreachedVenue(traits)
    case (.delivers, let address?):
      venue = nil
      broker = Self.watched(
        VenueLine(traits, at: address, on: loops), trading, tracer, deliveries, logger)
    case (.delivers, nil):
      let venue = SimulatedVenue(
        traits, market: market, clock: clock, epoch: clock.now().microseconds,
        seed: UInt64(bitPattern: Int64(trading.feedSeed)))
      self.venue = venue
      broker = Self.watched(venue, trading, tracer, deliveries, logger)
    }
    execution = trading.execution
    watch = DecisionMeter(metrics: metrics)
    var times = DeskTimes()
    times.approvalLife = trading.approvalLife.span
    times.keyLife = trading.idempotencyLife.span
    self.times = times
  }

  /// Each call traced and counted, behind a breaker. (S04-RES-01)
  private static func watched(
    _ broker: any Broker, _ trading: TradingSettings, _ tracer: ServiceTracer?,
    _ metrics: MetricRegistry, _ logger: Logger
  ) -> any Broker {
    let called: any Broker = tracer.map { TracedBroker(broker, $0) } ?? broker
    let meter = BreakerMeter(.broker, metrics)
    return BreakingBroker(
      MeteredBroker(called, metrics),
      BreakingBroker.Rules(
        failures: trading.breakerFailures, rest: trading.breakerOpen.span,
        attempts: trading.attempts),
      clock: SteadyClock(),
      witness: BreakingBroker.Witness(
        entered: { state in
          meter.entered(state)
          logger.warning(
            "the breaker before the venue moved", metadata: ["state": "\(state.rawValue)"])
        }, retried: { metrics.add(to: Flowrex.retries, .of(\.dependency, .broker)) }))
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
