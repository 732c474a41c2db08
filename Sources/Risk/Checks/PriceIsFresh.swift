import FlowrexContract
import Ledger

/// An old price is no price to trade on. An emergency close goes without: it only reduces.
/// (S04-TRD-03, C-63)
enum PriceIsFresh: GateCheck {
  static let code = DenialCode.priceStale

  static func objection(_ question: Question) -> Denial.Detail? {
    guard !question.isEmergency else { return nil }
    guard let quote = question.quote else {
      return .unvalued(.noQuote(question.order.instrument))
    }
    guard !quote.isFresh(for: question.quoteLife, at: question.now) else { return nil }
    return .spans(found: question.now.since(quote.asOf), limit: question.quoteLife)
  }
}

extension PriceIsFresh {
  static func message(_ denial: Denial) -> String {
    switch denial.detail {
    case .unvalued(let fault): "no price to trade on: \(fault)"
    case .spans(let found, _) where found.microseconds < 0:
      "the last quote of \(denial.instrument.rawValue) lies ahead of our clock"
    case .spans(let found, let limit):
      "the last quote of \(denial.instrument.rawValue) is \(found) old; \(limit) is the limit"
    default: "the last quote of \(denial.instrument.rawValue) is too old"
    }
  }
}
