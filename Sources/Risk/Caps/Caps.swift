import FlowrexContract
package import Ledger
import ServiceContract

/// The limits that hold, in exact numbers: the contract's own, or tighter ones.
/// (S18-HS-10, S17-INT-03, C-66)
///
/// There is no public way to make looser ones: ``hard`` is the contract's table, and
/// ``tightened(by:)`` only goes down.
package struct Caps: Hashable, Sendable {
  /// Of one order, in dollars.
  package private(set) var orderValue: Amount
  /// In one instrument, in dollars.
  package private(set) var symbolExposure: Amount
  /// In all instruments, in dollars.
  package private(set) var openExposure: Amount
  /// Bought and sold since midnight UTC, in dollars.
  package private(set) var dailyTurnover: Amount
  /// Since midnight UTC, in dollars.
  package private(set) var dailyLoss: Amount
  /// Part of the highest value of the account.
  package private(set) var drawdown: Proportion
  /// Part of the last quote.
  package private(set) var priceDeviation: Proportion
  /// Exposure over equity.
  package private(set) var leverage: Int
  package private(set) var ordersPerMinute: Int
  package private(set) var openOrders: Int

  /// What no configuration can raise.
  package static let hard = Caps(
    orderValue: Amount(cap: RiskCaps.orderValue),
    symbolExposure: Amount(cap: RiskCaps.symbolExposure),
    openExposure: Amount(cap: RiskCaps.openExposure),
    dailyTurnover: Amount(cap: RiskCaps.dailyTurnover),
    dailyLoss: Amount(cap: RiskCaps.dailyLoss),
    drawdown: Proportion(cap: RiskCaps.drawdown.number),
    priceDeviation: Proportion(cap: RiskCaps.priceDeviation.number),
    leverage: RiskCaps.leverage,
    ordersPerMinute: RiskCaps.ordersPerMinute,
    openOrders: RiskCaps.openOrders)

  private init(
    orderValue: Amount, symbolExposure: Amount, openExposure: Amount, dailyTurnover: Amount,
    dailyLoss: Amount, drawdown: Proportion, priceDeviation: Proportion, leverage: Int,
    ordersPerMinute: Int, openOrders: Int
  ) {
    self.orderValue = orderValue
    self.symbolExposure = symbolExposure
    self.openExposure = openExposure
    self.dailyTurnover = dailyTurnover
    self.dailyLoss = dailyLoss
    self.drawdown = drawdown
    self.priceDeviation = priceDeviation
    self.leverage = leverage
    self.ordersPerMinute = ordersPerMinute
    self.openOrders = openOrders
  }

  /// These caps with the values of a configuration, or everything that is wrong with them.
  package func tightened(by settings: CapSettings) throws(LooserCaps) -> Caps {
    var result = self
    var refused: [CapRefusal] = []
    func take<Value>(
      _ setting: Value?, _ name: RiskCapName, _ key: String, _ cap: WritableKeyPath<Caps, Value>,
      _ text: (Value) -> String
    ) where Value: Comparable & CapValue {
      guard let setting else { return }
      let limit = self[keyPath: cap]
      if setting < Value.zero || setting > limit {
        refused.append(
          CapRefusal(
            cap: name, key: key, value: text(setting), limit: text(limit),
            isNegative: setting < Value.zero))
      } else {
        result[keyPath: cap] = setting
      }
    }
    func dollars(_ amount: Amount) -> String { amount.text(in: .account) }

    take(settings.orderValue, .orderValue, Setting.maxOrderValue.name, \.orderValue, dollars)
    take(
      settings.symbolExposure, .symbolExposure, Setting.maxSymbolExposure.name, \.symbolExposure,
      dollars)
    take(
      settings.openExposure, .openExposure, Setting.maxOpenExposure.name, \.openExposure, dollars)
    take(
      settings.dailyTurnover, .dailyTurnover, Setting.maxDailyTurnover.name, \.dailyTurnover,
      dollars)
    take(settings.dailyLoss, .dailyLoss, Setting.maxDailyLoss.name, \.dailyLoss, dollars)
    take(settings.drawdown, .drawdown, Setting.maxDrawdown.name, \.drawdown, \.description)
    take(
      settings.priceDeviation, .priceDeviation, Setting.maxPriceDeviation.name, \.priceDeviation,
      \.description)
    take(settings.leverage, .leverage, Setting.maxLeverage.name, \.leverage, \.description)
    take(
      settings.ordersPerMinute, .ordersPerMinute, Setting.maxOrdersPerMinute.name,
      \.ordersPerMinute, \.description)
    take(settings.openOrders, .openOrders, Setting.maxOpenOrders.name, \.openOrders, \.description)
    guard refused.isEmpty else { throw LooserCaps(refusals: refused) }
    return result
  }
}

/// What a cap can be counted in.
private protocol CapValue { static var zero: Self { get } }
extension Int: CapValue {}
extension Fixed: CapValue {}

extension Fixed where Kind == AmountKind {
  /// The contract's dollars. One beyond the largest amount is the largest amount: a cap may
  /// become tighter by being counted, and never looser.
  init(cap money: Money) {
    let cent = Int64(Amount.one / 100)
    let (units, overflow) = money.cents.multipliedReportingOverflow(by: cent)
    let exact = overflow ? nil : try? Amount(units: units)
    self = exact ?? (money.cents < 0 ? -.largest : .largest)
  }
}

extension Fixed where Kind == ProportionKind {
  /// The contract's decimal, cut down to eight digits.
  init(cap number: ExactDecimal) { self.init(number, roundingUp: false) }

  /// A configuration's decimal, with a ninth digit counted up: it must not slip under a cap that
  /// it is above of.
  init(setting number: ExactDecimal) { self.init(number, roundingUp: true) }

  private init(_ number: ExactDecimal, roundingUp: Bool) {
    var units = Int128(number.mantissa)
    for _ in 0..<max(0, Proportion.places - number.scale) { units *= 10 }
    // After nineteen places nothing of a mantissa is left in front of the point.
    let places = min(30, max(0, number.scale - Proportion.places))
    let divisor = (0..<places).reduce(Int128(1)) { power, _ in power * 10 }
    let rounded = try? divide(units, by: divisor, roundingUp ? .up : .down)
    let exact = rounded.flatMap(Int64.init(exactly:)).flatMap { try? Proportion(units: $0) }
    self = exact ?? (units < 0 ? -.largest : .largest)
  }
}
