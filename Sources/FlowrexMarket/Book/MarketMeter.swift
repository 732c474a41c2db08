package import FlowrexContract
package import FlowrexMetrics
package import Ledger
import ServiceContract

/// The contract's metrics of the market. (S04-TRD-02, S04-TRD-03, C-58)
package struct MarketMeter: MarketObserver {
  private let metrics: MetricRegistry
  private let breaker: BreakerMeter
  /// What happens besides when a source is lost: a line in the log.
  private let isLost: @Sendable (MarketDataSource, FeedFault) -> Void

  package init(
    metrics: MetricRegistry,
    isLost: @escaping @Sendable (MarketDataSource, FeedFault) -> Void = { _, _ in }
  ) {
    self.metrics = metrics
    breaker = BreakerMeter(.marketData, metrics)
    self.isLost = isLost
  }

  package func received(_ instrument: Instrument) {
    metrics.add(to: Flowrex.quotesReceived, .of(\.symbol, instrument))
  }

  package func rejected(_ instrument: Instrument, _ fault: QuoteFault) {
    metrics.add(to: Flowrex.quotesRejected, .of(\.reason, fault))
  }

  package func believed(
    _ instrument: Instrument, from source: MarketDataSource, after latency: Span
  ) {
    metrics.observe(
      Flowrex.marketDataLatency, .microseconds(latency.microseconds), .of(\.source, source))
  }

  package func lost(_ source: MarketDataSource, _ fault: FeedFault) {
    metrics.add(to: Flowrex.retries, .of(\.dependency, .marketData))
    isLost(source, fault)
  }

  package func entered(_ state: BreakerState, _ source: MarketDataSource) {
    breaker.entered(state)
  }

  package func stands(_ status: MarketStatus) {
    metrics.set(Flowrex.marketOpen, to: status.isOpen ? 1 : 0)
    for line in status.lines {
      metrics.set(
        Flowrex.marketDataAge, to: .microseconds(line.age.microseconds),
        .of(\.symbol, line.instrument))
    }
    metrics.set(
      Flowrex.dependencyReachable, to: status.isFresh ? 1 : 0, .of(\.dependency, .marketData))
  }
}
