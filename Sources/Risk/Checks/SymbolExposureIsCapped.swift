import FlowrexContract
import Ledger

/// No instrument carries the whole portfolio: the position and its open orders. (S04-TRD-06)
enum SymbolExposureIsCapped: PortfolioCheck {
  static let code = DenialCode.symbolExposure

  static func objection(
    _ question: Question, _ portfolio: Portfolio
  ) throws(ArithmeticFault) -> Denial.Detail? {
    let (found, limit) = (portfolio.symbolAfter, question.caps.symbolExposure)
    guard found > limit, found > portfolio.symbolBefore else { return nil }
    return .amounts(found: found, limit: limit)
  }
}

extension SymbolExposureIsCapped {
  static func message(_ denial: Denial) -> String {
    let (found, limit) = denial.dollars
    let instrument = denial.instrument.rawValue
    return denial.unvalued("exposure in \(instrument)")
      ?? "exposure in \(instrument) would be \(found); \(limit) is the limit"
  }
}
