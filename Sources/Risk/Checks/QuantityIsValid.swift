import FlowrexContract
import Ledger

/// Lots come in the venue's steps, between its smallest and its largest. (S04-TRD-05)
enum QuantityIsValid: GateCheck {
  static let code = DenialCode.quantityInvalid

  static func objection(_ question: Question) -> Denial.Detail? {
    question.order.faults(against: question.terms).first { $0.isAboutQuantity }
      .map { .terms($0) }
  }
}

extension QuantityIsValid {
  static func message(_ denial: Denial) -> String {
    guard case .terms(let fault) = denial.detail else { return "the quantity is not valid" }
    return "\(denial.instrument.rawValue): \(fault)"
  }
}
