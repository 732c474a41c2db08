package import FlowrexContract
package import Ledger

/// What is known of the market, as a value: a quote that arrives is believed or refused with a
/// reason. (S04-TRD-01, S04-TRD-02)
///
/// Several sources may tell it of one instrument. The first is believed; a later one only while
/// all before it are silent. What is known is forgotten when our clock is set back: how old it is
/// cannot be told any more.
package struct MarketBook: Sendable {
  /// What became of a quote.
  package enum Verdict: Hashable, Sendable {
    /// - Parameter latency: from the source's time stamp to the arrival; never below zero.
    case believed(latency: Span)
    case rejected(QuoteFault)
    /// Nothing is known to compare it with: it waits until others say the same.
    case unconfirmed
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
    package let arrived: Instant
  }

  /// A moment by two clocks.
  package struct Instant: Hashable, Sendable {
    /// The time of people, which may be set.
    package let wall: Timestamp
    /// A clock that never goes back and that nobody sets.
    package let steady: Timestamp

    package init(wall: Timestamp, steady: Timestamp) {
      (self.wall, self.steady) = (wall, steady)
    }

    /// A moment by one clock that nobody sets.
    package init(_ moment: Timestamp) { self.init(wall: moment, steady: moment) }

    /// Whether the time of people was set back since then, by more than clocks differ anyway.
    package func isSetBack(since then: Self) -> Bool {
      let lost = steady.since(then.steady).microseconds - wall.since(then.wall).microseconds
      return lost > Quote.longestLead.microseconds
    }
  }

  package private(set) var entries = PerInstrument<Entry?> { _ in nil }
  package private(set) var candles: CandleHistory
  /// The quotes for decisions, kept so that nothing is made when somebody asks.
  private var quotes = PerInstrument<Quote?> { _ in nil }
  /// Of each source by its rank, so that two that contradict each other do not hide a third.
  private var suspicions = PerInstrument<[Int: Suspicion]> { _ in [:] }
  private let rules: QuoteRules

  /// - Parameter candle: the length of the shortest candle, `CANDLE_INTERVAL_SECONDS`.
  package init(_ rules: QuoteRules, candle: Span = .minute) {
    self.rules = rules
    candles = CandleHistory(length: candle)
  }

  /// Takes what a source said. It is judged as it was said; then prices are put on the instrument's
  /// tick, the bid down and the ask up: what is computed with them stays exact.
  package mutating func receive(
    _ said: OfferedQuote, from source: MarketDataSource, rank: Int = 0, at moment: Instant
  ) -> Verdict {
    let (instrument, now) = (said.instrument, moment.wall)
    if let entry = entries[instrument], Self.isForgotten(entry, at: moment) {
      (entries[instrument], quotes[instrument]) = (nil, nil)
    }
    let entry = entries[instrument]
    if let entry, entry.rank < rank,
      moment.steady.since(entry.arrived.steady) <= rules.maxAge
    {
      return .spare
    }
    let last = entry?.quote
    if let fault = QuoteFilters.faultAsSaid(
      of: QuoteInQuestion(offered: said, last: last, now: now, rules: rules))
    {
      return .rejected(fault)
    }
    let offered = onTick(said)
    let question = QuoteInQuestion(offered: offered, last: last, now: now, rules: rules)
    if let fault = QuoteFilters.fault(of: question) {
      guard fault == .outlier,
        Suspicion.confirms(offered, after: &suspicions[instrument][rank], rules)
      else { return .rejected(fault) }
    } else if last == nil,
      !Suspicion.confirms(offered, after: &suspicions[instrument][rank], rules)
    {
      return .unconfirmed
    }
    guard let quote = Quote(bid: offered.bid, ask: offered.ask, asOf: offered.asOf) else {
      return .rejected(.crossed)
    }
    suspicions[instrument] = [:]
    let latency = max(now.since(offered.asOf), Span(microseconds: 0))
    entries[instrument] = Entry(
      quote: quote, rank: rank, source: source, latency: latency, arrived: moment)
    quotes[instrument] = quote
    candles.receive(instrument, quote)
    return .believed(latency: latency)
  }

  package mutating func receive(
    _ said: OfferedQuote, from source: MarketDataSource, rank: Int = 0, at now: Timestamp
  ) -> Verdict {
    receive(said, from: source, rank: rank, at: Instant(now))
  }

  /// What decisions are made in. A market that is closed keeps its last quote.
  package func market(_ hours: TradingHours, at moment: Instant) -> Market {
    var market = Market()
    market.quotes = quotes
    market.isOpen = PerInstrument { hours.areOpen(for: $0, at: moment.wall) }
    for instrument in Instrument.allCases where market.isOpen[instrument] {
      if let entry = entries[instrument], Self.isForgotten(entry, at: moment) {
        market.quotes[instrument] = nil
      }
    }
    return market
  }

  static func isForgotten(_ entry: Entry, at moment: Instant) -> Bool {
    moment.isSetBack(since: entry.arrived) || entry.quote.isAhead(of: moment.wall)
  }

  private func onTick(_ offered: OfferedQuote) -> OfferedQuote {
    let tick = InstrumentTerms.of(offered.instrument).tick
    var offered = offered
    offered.bid = (try? offered.bid.rounded(to: tick, .down)) ?? .zero
    offered.ask = (try? offered.ask.rounded(to: tick, .up)) ?? .zero
    return offered
  }
}
