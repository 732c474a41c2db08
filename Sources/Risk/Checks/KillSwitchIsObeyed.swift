import FlowrexContract
import Ledger

/// While the emergency stop is on nothing goes but what closes positions. (S18-EMG-02, 03)
enum KillSwitchIsObeyed: GateCheck {
  static let code = DenialCode.killSwitch

  static func objection(_ question: Question) -> Denial.Detail? {
    question.isStopped && !question.isEmergency ? Denial.Detail.none : nil
  }
}

extension KillSwitchIsObeyed {
  static func message(_ denial: Denial) -> String {
    "the emergency stop is on: only an emergency close is accepted"
  }
}
