import FlowrexContract
import Ledger

/// The venue's margin for everything open is there. (S04-TRD-07)
enum FundsSuffice: PortfolioCheck {
  static let code = DenialCode.fundsInsufficient

  static func objection(
    _ question: Question, _ portfolio: Portfolio
  ) throws(ArithmeticFault) -> Denial.Detail? {
    let (found, limit) = (portfolio.marginAfter, portfolio.equity)
    guard found > limit, found > portfolio.marginBefore else { return nil }
    return .amounts(found: found, limit: limit)
  }
}

extension FundsSuffice {
  static func message(_ denial: Denial) -> String {
    let (found, limit) = denial.dollars
    return denial.unvalued("the margin")
      ?? "a margin of \(found) would be needed; the equity is \(limit)"
  }
}
