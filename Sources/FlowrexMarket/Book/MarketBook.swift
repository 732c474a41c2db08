package import FlowrexContract
package import Ledger

/// What is known of the market, as a value: a quote that arrives is believed or refused with a
/// reason. (S04-TRD-01, S04-TRD-02)
///
/// Several sources may tell it of one instrument. The first is believed; a later one only while
/// all before it are silent.
package struct MarketBook: Sendable {
  /// What became of a quote.
  package enum Verdict: Hashable, Sendable {
    /// - Parameter latency: from the source's time stamp to the arrival; never below zero.
    case believed(latency: Span)
    case rejected(QuoteFault)
    /// A source that stands before this one speaks.
    case spare
  }

  /// The last believed quote.
  package struct Entry: Hashable, Sendable {
    package let quote: Quote
    /// The place of the source in the order of sources.
    package let rank: Int
    package let source: MarketDataSource
    package let latency: Span
    package let arrived: Timestamp
  }

  package private(set) var entries = PerInstrument<Entry?> { _ in nil }
  package private(set) var candles: CandleHistory
  /// The quotes for decisions, kept so that nothing is made when somebody asks.
  private var quotes = PerInstrument<Quote?> { _ in nil }
  private var suspicions = PerInstrument<Suspicion?> { _ in nil }
  private let rules: QuoteRules

  /// - Parameter candle: the length of the shortest candle, `CANDLE_INTERVAL_SECONDS`.
  package init(_ rules: QuoteRules, candle: Span = .minute) {
    self.rules = rules
    candles = CandleHistory(length: candle)
  }

  /// Takes what a source said. Prices are put on the instrument's tick, the bid down and the ask
  /// up: what is computed with them stays exact.
  package mutating func receive(
    _ offered: OfferedQuote, from source: MarketDataSource, rank: Int = 0, at now: Timestamp
  ) -> Verdict {
    let instrument = offered.instrument
    let entry = entries[instrument]
    if let entry, entry.rank < rank, now.since(entry.arrived) <= rules.maxAge { return .spare }
    let last = entry?.quote
    let offered = onTick(offered)
    let question = QuoteInQuestion(offered: offered, last: last, now: now, rules: rules)
    if let fault = QuoteFilters.fault(of: question) {
      guard fault == .outlier,
        Suspicion.confirms(offered, after: &suspicions[instrument], rules)
      else { return .rejected(fault) }
    }
    guard let quote = Quote(bid: offered.bid, ask: offered.ask, asOf: offered.asOf) else {
      return .rejected(.crossed)
    }
    suspicions[instrument] = nil
    let latency = max(now.since(offered.asOf), Span(microseconds: 0))
    entries[instrument] = Entry(
      quote: quote, rank: rank, source: source, latency: latency, arrived: now)
    quotes[instrument] = quote
    candles.receive(instrument, quote)
    return .believed(latency: latency)
  }

  /// What decisions are made in.
  package func market(_ hours: TradingHours, at now: Timestamp) -> Market {
    var market = Market()
    market.quotes = quotes
    market.isOpen = PerInstrument { hours.areOpen(for: $0, at: now) }
    return market
  }

  private func onTick(_ offered: OfferedQuote) -> OfferedQuote {
    let tick = InstrumentTerms.of(offered.instrument).tick
    var offered = offered
    offered.bid = (try? offered.bid.rounded(to: tick, .down)) ?? .zero
    offered.ask = (try? offered.ask.rounded(to: tick, .up)) ?? .zero
    return offered
  }
}
