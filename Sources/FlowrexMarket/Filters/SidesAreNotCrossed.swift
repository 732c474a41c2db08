import FlowrexContract
import Ledger

/// Nobody buys dearer than somebody else sells.
enum SidesAreNotCrossed: QuoteFilter {
  static let fault = QuoteFault.crossed

  static func objects(to question: QuoteInQuestion) -> Bool {
    question.offered.bid > question.offered.ask
  }
}
