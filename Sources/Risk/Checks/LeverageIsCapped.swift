import FlowrexContract
import Ledger

/// Exposure is at most so many times the equity. (C-66)
enum LeverageIsCapped: PortfolioCheck {
  static let code = DenialCode.leverage

  static func objection(
    _ question: Question, _ portfolio: Portfolio
  ) throws(ArithmeticFault) -> Denial.Detail? {
    let limit = try portfolio.equity.times(question.caps.leverage)
    let found = portfolio.openAfter
    guard found > limit, found > portfolio.openBefore else { return nil }
    return .amounts(found: found, limit: limit)
  }
}

extension LeverageIsCapped {
  static func message(_ denial: Denial) -> String {
    let (found, limit) = denial.dollars
    return denial.unvalued("the leverage")
      ?? "open exposure would be \(found); the equity carries \(limit)"
  }
}
