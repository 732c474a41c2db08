import FlowrexContract
package import Ledger

/// One reason not to believe a quote. (S04-TRD-02)
protocol QuoteFilter: Sendable {
  /// What the contract calls it.
  static var fault: QuoteFault { get }
  static func objects(to question: QuoteInQuestion) -> Bool
}

/// A quote with what is known when it arrives.
struct QuoteInQuestion {
  let offered: OfferedQuote
  /// The last believed one of the instrument.
  let last: Quote?
  let now: Timestamp
  let rules: QuoteRules
}

/// How much is believed.
package struct QuoteRules: Hashable, Sendable {
  /// An older quote is stale when it arrives: the key `MARKET_DATA_MAX_AGE_SECONDS`.
  package var maxAge = Span.milliseconds(1_500)
  /// A source's clock may be ahead of ours by this. More, and every quote after it would be
  /// older than it and refused.
  package var maxLead = Quote.longestLead
  /// From one quote to the next: a hundred times what a major pair moves in a second.
  package var maxJump = Proportion(5, .three)
  /// From bid to ask, of the bid.
  package var maxSpread = Proportion(1, .two)
  /// A jump is believed when so many quotes in a row, each near the one before and later than it,
  /// say it: markets do jump, and a filter that never gives in would be blind from then on. The
  /// first price of an instrument, which nothing is known to compare with, wants as many.
  package var confirmations = 4

  package init() {}
}

/// All filters, in the order in which they are asked: the first that objects gives the reason.
enum QuoteFilters {
  static let all: [any QuoteFilter.Type] =
    asSaid + [
      QuoteIsFresh.self, QuoteIsNew.self, QuoteIsInOrder.self, PriceIsNearTheLast.self,
    ]

  /// Those that judge the digits as the source said them: on the tick a quote that is crossed by
  /// less than a tick would look like a market.
  private static let asSaid: [any QuoteFilter.Type] = [
    PricesAreAboveZero.self, SidesAreNotCrossed.self,
  ]

  static func fault(of question: QuoteInQuestion) -> QuoteFault? {
    all.first { $0.objects(to: question) }?.fault
  }

  static func faultAsSaid(of question: QuoteInQuestion) -> QuoteFault? {
    asSaid.first { $0.objects(to: question) }?.fault
  }
}
