import FlowrexContract
import Ledger

/// All positions with their open orders. (S04-TRD-06)
enum OpenExposureIsCapped: PortfolioCheck {
  static let code = DenialCode.openExposure

  static func objection(
    _ question: Question, _ portfolio: Portfolio
  ) throws(ArithmeticFault) -> Denial.Detail? {
    let (found, limit) = (portfolio.openAfter, question.caps.openExposure)
    guard found > limit, found > portfolio.openBefore else { return nil }
    return .amounts(found: found, limit: limit)
  }
}

extension OpenExposureIsCapped {
  static func message(_ denial: Denial) -> String {
    let (found, limit) = denial.dollars
    return denial.unvalued("open exposure")
      ?? "open exposure would be \(found); \(limit) is the limit"
  }
}
