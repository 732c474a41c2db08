import FlowrexContract
import Ledger

/// A price of nothing is a source without a price.
enum PricesAreAboveZero: QuoteFilter {
  static let fault = QuoteFault.zero

  static func objects(to question: QuoteInQuestion) -> Bool {
    !question.offered.bid.isPositive || !question.offered.ask.isPositive
  }
}
