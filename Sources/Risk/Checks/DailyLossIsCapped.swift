import FlowrexContract
import Ledger

/// Who lost so much today adds no risk before midnight UTC; the guard halts the account. (C-66)
enum DailyLossIsCapped: PortfolioCheck {
  static let code = DenialCode.dailyLoss

  static func objection(
    _ question: Question, _ portfolio: Portfolio
  ) throws(ArithmeticFault) -> Denial.Detail? {
    let limit = question.caps.dailyLoss
    let found = try portfolio.dayStart.subtracting(portfolio.equity)
    guard found >= limit, found.isPositive else { return nil }
    return .amounts(found: found, limit: limit)
  }
}

extension DailyLossIsCapped {
  static func message(_ denial: Denial) -> String {
    let (found, limit) = denial.dollars
    return denial.unvalued("the loss since midnight UTC")
      ?? "the loss since midnight UTC is \(found); at \(limit) only reductions are accepted"
  }
}
