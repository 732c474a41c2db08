import FlowrexContract
import Ledger

/// While trading is halted nothing goes but what closes positions in an emergency. (S18-EMG-02)
enum HaltIsObeyed: GateCheck {
  static let code = DenialCode.tradingHalted

  static func objection(_ question: Question) -> Denial.Detail? {
    question.state == .halted && !question.isEmergency ? Denial.Detail.none : nil
  }
}

extension HaltIsObeyed {
  static func message(_ denial: Denial) -> String {
    "trading is halted: only an emergency close is accepted"
  }
}
