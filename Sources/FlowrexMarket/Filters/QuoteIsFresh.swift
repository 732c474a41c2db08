import FlowrexContract
import Ledger

/// A quote that was long on its way tells of a market that is gone. (S04-TRD-03, C-63)
enum QuoteIsFresh: QuoteFilter {
  static let fault = QuoteFault.stale

  static func objects(to question: QuoteInQuestion) -> Bool {
    question.now.since(question.offered.asOf) > question.rules.maxAge
  }
}
