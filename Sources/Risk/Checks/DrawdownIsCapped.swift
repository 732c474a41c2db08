import FlowrexContract
import Ledger

/// Who fell so far below the highest value adds no risk; the guard halts the account.
/// (S03-ARCH-07)
enum DrawdownIsCapped: PortfolioCheck {
  static let code = DenialCode.drawdown

  static func objection(
    _ question: Question, _ portfolio: Portfolio
  ) throws(ArithmeticFault) -> Denial.Detail? {
    let limit = try portfolio.peak.times(question.caps.drawdown, .down)
    let found = try portfolio.peak.subtracting(portfolio.equity)
    guard found >= limit, found.isPositive else { return nil }
    return .amounts(found: found, limit: limit)
  }
}

extension DrawdownIsCapped {
  static func message(_ denial: Denial) -> String {
    let (found, limit) = denial.dollars
    return denial.unvalued("the drawdown")
      ?? "the account is \(found) below its highest value; "
      + "at \(limit) only reductions are accepted"
  }
}
