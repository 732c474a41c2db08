import FlowrexContract
import Ledger

/// A price far from the last one is a slip until others confirm it; a quote whose sides are far
/// apart stays one.
enum PriceIsNearTheLast: QuoteFilter {
  static let fault = QuoteFault.outlier

  static func objects(to question: QuoteInQuestion) -> Bool {
    let (offered, rules) = (question.offered, question.rules)
    if isWide(offered, rules) { return true }
    guard let last = question.last else { return false }
    return !isNear(offered.middle, last.middle, rules)
  }

  static func isWide(_ offered: OfferedQuote, _ rules: QuoteRules) -> Bool {
    Int128(offered.ask.units) - Int128(offered.bid.units)
      > share(rules.maxSpread, of: Int128(offered.bid.units))
  }

  static func isNear(_ one: Int128, _ other: Int128, _ rules: QuoteRules) -> Bool {
    (one - other).magnitude <= share(rules.maxJump, of: other).magnitude
  }

  private static func share(_ part: Proportion, of whole: Int128) -> Int128 {
    whole * Int128(part.units) / Int128(Proportion.one)
  }
}

/// Quotes of one source that were held for slips, one after another and near each other.
struct Suspicion: Hashable, Sendable {
  private var middle: Int128
  private var asOf: Timestamp
  private var count = 1

  init(_ offered: OfferedQuote) { (middle, asOf) = (offered.middle, offered.asOf) }

  /// Whether `offered`, which is far from the last believed price or is the first one, was said
  /// often enough now. The same quote again says nothing.
  static func confirms(
    _ offered: OfferedQuote, after suspicion: inout Suspicion?, _ rules: QuoteRules
  ) -> Bool {
    guard !PriceIsNearTheLast.isWide(offered, rules) else { return false }
    guard var known = suspicion,
      PriceIsNearTheLast.isNear(offered.middle, known.middle, rules)
    else {
      suspicion = Suspicion(offered)
      return rules.confirmations <= 1
    }
    guard offered.asOf > known.asOf else { return false }
    (known.middle, known.asOf) = (offered.middle, offered.asOf)
    known.count += 1
    suspicion = known
    return known.count >= rules.confirmations
  }
}

extension OfferedQuote {
  /// Twice the middle, so that nothing is rounded.
  var middle: Int128 { Int128(bid.units) + Int128(ask.units) }
}

extension Quote {
  /// Twice the middle.
  var middle: Int128 { Int128(bid.units) + Int128(ask.units) }
}
