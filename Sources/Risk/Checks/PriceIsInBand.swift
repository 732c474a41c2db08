import FlowrexContract
import Ledger

/// A limit price far from the last quote is a typing error, on either side. (S04-TRD-05, C-66)
enum PriceIsInBand: GateCheck {
  static let code = DenialCode.priceOutsideBand

  static func objection(_ question: Question) -> Denial.Detail? {
    guard case .limit(let price) = question.order.pricing, let quote = question.quote else {
      return nil
    }
    if let fault = question.order.faults(against: question.terms).first(where: {
      !$0.isAboutQuantity
    }) {
      return .terms(fault)
    }
    let reference = question.order.side == .buy ? quote.ask : quote.bid
    do {
      let distance = try price.subtracting(reference).magnitude
      let limit = try reference.times(question.caps.priceDeviation, .down)
      return distance > limit ? .prices(found: distance, limit: limit) : nil
    } catch {
      return .unvalued(.arithmetic(error))
    }
  }
}

extension PriceIsInBand {
  static func message(_ denial: Denial) -> String {
    switch denial.detail {
    case .terms(let fault): "\(denial.instrument.rawValue): \(fault)"
    case .prices(let found, let limit):
      "the limit price is \(found) away from the last quote of \(denial.instrument.rawValue); "
        + "\(limit) is the limit"
    default: denial.unvalued("the distance from the last quote") ?? "the limit price is too far"
    }
  }
}
