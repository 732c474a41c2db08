package import FlowrexTrading
import HTTPTypes
import Ledger
import Risk

extension Problem {
  /// What a fault of the order path is to a client; `nil` for what is our own fault. Another
  /// person's order is no other than one that does not exist. (S04-ERR-03)
  package init?(_ fault: TradingFault) {
    switch fault {
    case .accountUnknown, .accountTaken, .orderUnknown, .approvalUnknown,
      .divergenceUnknown:
      self.init(.notFound)
    case .keyUsedForAnother: self.init(.keyUsedForAnother, field: "client_order_id")
    case .keyInFlight: self.init(.keyInFlight, headers: [.retryAfter: "1"])
    case .stillOnItsWay: self.init(.orderOnItsWay, headers: [.retryAfter: "5"])
    case .approval(.alreadyDecided): self.init(.approvalDecided)
    case .approval(.expired): self.init(.approvalExpired)
    case .control(.samePerson), .ownAccount: self.init(.secondPersonNeeded)
    case .stillHalted: self.init(.guardStillHalts, detail: fault.description)
    case .control(.notStopped): self.init(.notStopped)
    case .control: self.init(.tradingStopped)
    case .order(.illegal): self.init(.orderStateDiffers)
    case .valuation(.noQuote), .valuation(.staleQuote):
      self.init(.priceUnavailable, headers: [.retryAfter: "1"])
    default: return nil
    }
  }
}
