import FlowrexContract
import Ledger

/// What the configuration does not list is not ordered. What is held may be closed. (C-66)
enum InstrumentIsTraded: GateCheck {
  static let code = DenialCode.instrumentNotTraded

  static func objection(_ question: Question) -> Denial.Detail? {
    question.isTraded || question.reduces ? nil : Denial.Detail.none
  }
}

extension InstrumentIsTraded {
  static func message(_ denial: Denial) -> String {
    "\(denial.instrument.rawValue) is not traded here: only what is held may be closed"
  }
}
