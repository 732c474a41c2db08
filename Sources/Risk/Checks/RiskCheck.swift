package import FlowrexContract
package import Ledger

/// One reason to say no. Each has a file with its rule, and its words at the bottom.
package protocol RiskCheck: SendableMetatype {
  static var code: DenialCode { get }
  /// The sentence a client reads, with the number that was found and the one that is allowed.
  static func message(_ denial: Denial) -> String
}

/// A check that needs no value in dollars.
protocol GateCheck: RiskCheck {
  /// What speaks against the order, or `nil`.
  static func objection(_ question: Question) -> Denial.Detail?
}

/// A check of what the order is worth.
protocol ValueCheck: RiskCheck {
  static func objection(
    _ question: Question, _ value: Amount, _ account: RiskAccount
  ) throws(ArithmeticFault) -> Denial.Detail?
}

/// A check of what the account would become. Orders that only reduce are not asked.
protocol PortfolioCheck: RiskCheck {
  static func objection(
    _ question: Question, _ portfolio: Portfolio
  ) throws(ArithmeticFault) -> Denial.Detail?
}

/// A no, as numbers: its sentence is made when somebody reads it.
package struct Denial: Hashable, Sendable, Error {
  package enum Detail: Hashable, Sendable {
    /// The check's sentence says it all.
    case none
    case amounts(found: Amount, limit: Amount)
    case prices(found: Price, limit: Price)
    case lots(found: Quantity, limit: Quantity)
    case counts(found: Int, limit: Int)
    case spans(found: Span, limit: Span)
    case terms(OrderTermsFault)
    /// It cannot be computed, so it is refused.
    case unvalued(ValuationFault)
  }

  package let code: DenialCode
  package let instrument: Instrument
  package let detail: Detail
}

extension Denial: CustomStringConvertible {
  package var description: String { RiskEngine.check(of: code).message(self) }

  /// The two numbers of an objection about dollars.
  var dollars: (found: String, limit: String) {
    guard case .amounts(let found, let limit) = detail else { return ("unknown", "unknown") }
    return (found.text(in: .account), limit.text(in: .account))
  }

  /// The sentence of an objection without numbers, when a valuation failed.
  func unvalued(_ what: String) -> String? {
    guard case .unvalued(let fault) = detail else { return nil }
    return "\(what) cannot be computed: \(fault)"
  }
}
