package import FlowrexContract
package import Ledger

/// Somebody who watches what the feeds tell: metrics, logs.
package protocol MarketObserver: Sendable {
  /// A quote arrived, good or bad.
  func received(_ instrument: Instrument)
  func rejected(_ instrument: Instrument, _ fault: QuoteFault)
  func believed(_ instrument: Instrument, from source: MarketDataSource, after latency: Span)
  /// A source tells nothing more, and will be asked again.
  func lost(_ source: MarketDataSource, _ fault: FeedFault)
  /// The breaker before a source entered a state.
  func entered(_ state: BreakerState, _ source: MarketDataSource)
  /// How things are, about once a second.
  func stands(_ status: MarketStatus)
}

extension MarketObserver {
  package func entered(_ state: BreakerState, _ source: MarketDataSource) {}
}
