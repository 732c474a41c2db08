import FlowrexContract
import Ledger

/// Nobody answers in a closed market. (C-58)
enum MarketIsOpen: GateCheck {
  static let code = DenialCode.marketClosed

  static func objection(_ question: Question) -> Denial.Detail? {
    question.isOpen ? nil : Denial.Detail.none
  }
}

extension MarketIsOpen {
  static func message(_ denial: Denial) -> String {
    "the market of \(denial.instrument.rawValue) is closed"
  }
}
