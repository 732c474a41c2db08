import FlowrexContract
import Ledger

/// What was bought and sold today and what may still be, at the prices of the decisions. (C-66)
enum DailyTurnoverIsCapped: ValueCheck {
  static let code = DenialCode.dailyTurnover

  static func objection(
    _ question: Question, _ value: Amount, _ account: RiskAccount
  ) throws(ArithmeticFault) -> Denial.Detail? {
    guard !question.isEmergency else { return nil }
    let limit = question.caps.dailyTurnover
    let found = try account.turnoverUsed(at: question.now).adding(value)
    return found > limit ? .amounts(found: found, limit: limit) : nil
  }
}

extension DailyTurnoverIsCapped {
  static func message(_ denial: Denial) -> String {
    let (found, limit) = denial.dollars
    return denial.unvalued("the turnover")
      ?? "turnover since midnight UTC would be \(found); \(limit) is the limit"
  }
}
