import FlowrexContract
import Ledger

/// The same quote again is no news, and no sign of life.
enum QuoteIsNew: QuoteFilter {
  static let fault = QuoteFault.duplicate

  static func objects(to question: QuoteInQuestion) -> Bool {
    guard let last = question.last else { return false }
    let offered = question.offered
    return (offered.bid, offered.ask, offered.asOf) == (last.bid, last.ask, last.asOf)
  }
}
