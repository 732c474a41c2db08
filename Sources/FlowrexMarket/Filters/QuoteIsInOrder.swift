import FlowrexContract
import Ledger

/// A quote older than the last one was overtaken; one from the future would overtake all others.
enum QuoteIsInOrder: QuoteFilter {
  static let fault = QuoteFault.outOfOrder

  static func objects(to question: QuoteInQuestion) -> Bool {
    let asOf = question.offered.asOf
    if asOf.since(question.now) > question.rules.maxLead { return true }
    return question.last.map { asOf < $0.asOf } ?? false
  }
}
