import FlowrexContract
import Ledger

/// So many orders of one account are open at once, those that wait for a person included. (C-66)
enum OpenOrdersAreCapped: GateCheck {
  static let code = DenialCode.openOrders

  static func objection(_ question: Question) -> Denial.Detail? {
    let limit = question.caps.openOrders
    guard question.openOrders >= limit, !question.isEmergency else { return nil }
    return .counts(found: question.openOrders + 1, limit: limit)
  }
}

extension OpenOrdersAreCapped {
  static func message(_ denial: Denial) -> String {
    guard case .counts(let found, let limit) = denial.detail else { return "too many orders" }
    return "this would be open order \(found) of the account; \(limit) is the limit"
  }
}
