package import FlowrexContract
package import Ledger
package import ServiceContract

/// What a configuration says of caps; `nil` says nothing.
package struct CapSettings: Hashable, Sendable {
  package var orderValue: Amount?
  package var symbolExposure: Amount?
  package var openExposure: Amount?
  package var dailyTurnover: Amount?
  package var dailyLoss: Amount?
  package var drawdown: Proportion?
  package var priceDeviation: Proportion?
  package var leverage: Int?
  package var ordersPerMinute: Int?
  package var openOrders: Int?

  package init() {}

  /// From the values of the contract's keys.
  package init(
    orderValue: Money, symbolExposure: Money, openExposure: Money, dailyTurnover: Money,
    dailyLoss: Money, drawdown: Ratio, priceDeviation: Ratio, leverage: Int,
    ordersPerMinute: Int, openOrders: Int
  ) {
    self.orderValue = Amount(cap: orderValue)
    self.symbolExposure = Amount(cap: symbolExposure)
    self.openExposure = Amount(cap: openExposure)
    self.dailyTurnover = Amount(cap: dailyTurnover)
    self.dailyLoss = Amount(cap: dailyLoss)
    self.drawdown = Proportion(setting: drawdown.number)
    self.priceDeviation = Proportion(setting: priceDeviation.number)
    self.leverage = leverage
    self.ordersPerMinute = ordersPerMinute
    self.openOrders = openOrders
  }
}

/// A configuration that would loosen a cap: nothing of it is taken.
package struct LooserCaps: Error, Hashable, Sendable {
  package let refusals: [CapRefusal]
}

/// One value that was refused, and the cap that it does not tighten.
package struct CapRefusal: Hashable, Sendable {
  package let cap: RiskCapName
  package let key: String
  package let value: String
  package let limit: String
  package let isNegative: Bool
}

extension CapRefusal: CustomStringConvertible {
  package var description: String {
    if isNegative {
      return "\(key) is \(value), and a cap is never below zero; "
        + "the hard cap '\(cap.rawValue)' is \(limit)"
    }
    return "\(key) is \(value), looser than the hard cap '\(cap.rawValue)' of \(limit); "
      + "a configuration can only tighten it"
  }
}

extension LooserCaps: CustomStringConvertible {
  package var description: String { refusals.map(\.description).joined(separator: "\n") }
}
