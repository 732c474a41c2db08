import FlowrexContract
import Ledger

/// No order is larger than the market fills at the quoted price. (S04-TRD-06)
enum OrderValueIsCapped: ValueCheck {
  static let code = DenialCode.orderTooLarge

  static func objection(
    _ question: Question, _ value: Amount, _ account: RiskAccount
  ) throws(ArithmeticFault) -> Denial.Detail? {
    let limit = question.caps.orderValue
    return value > limit ? .amounts(found: value, limit: limit) : nil
  }
}

extension OrderValueIsCapped {
  static func message(_ denial: Denial) -> String {
    let (found, limit) = denial.dollars
    return denial.unvalued("the value of the order")
      ?? "the order is worth \(found); \(limit) is the limit"
  }
}
