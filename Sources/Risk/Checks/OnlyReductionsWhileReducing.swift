import FlowrexContract
import Ledger

/// While trading is reducing, and in an emergency close always, an order must be one that can
/// only make a position smaller, whatever else is filled. (S18-EMG-03)
enum OnlyReductionsWhileReducing: GateCheck {
  static let code = DenialCode.reducingOnly

  static func objection(_ question: Question) -> Denial.Detail? {
    guard question.isEmergency || question.state == .reducing, !question.reduces else {
      return nil
    }
    return .lots(found: question.order.quantity, limit: question.closable)
  }
}

extension OnlyReductionsWhileReducing {
  static func message(_ denial: Denial) -> String {
    guard case .lots(let found, let limit) = denial.detail else {
      return "the order may only reduce a position"
    }
    return "the order may only reduce a position: it asks for \(found) lots of "
      + "\(denial.instrument.rawValue), and \(limit) are left to close"
  }
}
