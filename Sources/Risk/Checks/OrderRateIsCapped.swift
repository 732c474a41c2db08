import FlowrexContract
import Ledger

/// In no minute, wherever it starts, are more orders accepted. (C-66)
enum OrderRateIsCapped: GateCheck {
  static let code = DenialCode.orderRate

  static func objection(_ question: Question) -> Denial.Detail? {
    guard question.rateIsFull, question.look == .placement, !question.isEmergency else {
      return nil
    }
    let limit = question.caps.ordersPerMinute
    return .counts(found: limit + 1, limit: limit)
  }
}

extension OrderRateIsCapped {
  static func message(_ denial: Denial) -> String {
    guard case .counts(let found, let limit) = denial.detail else { return "too many orders" }
    return "this would be order \(found) within \(RateWindow.length); \(limit) is the limit"
  }
}
