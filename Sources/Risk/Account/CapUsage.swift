package import FlowrexContract
package import Ledger

/// How much of a cap an account uses: 1 is all of it. (S04-TRD-12)
package struct CapUsage: Hashable, Sendable {
  package let cap: RiskCapName
  package let part: Proportion
}

extension RiskAccount {
  /// The caps that an account uses, open orders included, in the contract's order. Caps of a
  /// single order are used by nobody and are left out.
  package func usage(
    in market: Market, _ caps: Caps, at now: Timestamp
  ) throws(ValuationFault) -> [CapUsage] {
    var largest = Amount.zero
    var open = Amount.zero
    for instrument in Instrument.allCases {
      let worst = try exact(standings[instrument].worst())
      guard !worst.isZero else { continue }
      let exposure = try market.exposure(of: worst, .of(instrument))
      largest = max(largest, exposure)
      open = try exact(open.adding(exposure))
    }
    let equity = try Valuation(cash: cash, positions: positions, in: market).equity
    let start = now.day > equityDay ? equity : dayStart
    let top = max(peak, equity)
    var result: [CapUsage] = []
    func note(_ cap: RiskCapName, _ used: Amount, _ limit: Amount) throws(ValuationFault) {
      result.append(CapUsage(cap: cap, part: try Self.part(used, of: limit)))
    }
    try note(.symbolExposure, largest, caps.symbolExposure)
    try note(.openExposure, open, caps.openExposure)
    try note(.dailyTurnover, exact(turnoverUsed(at: now)), caps.dailyTurnover)
    try note(.dailyLoss, exact(start.subtracting(equity)), caps.dailyLoss)
    try note(.drawdown, exact(top.subtracting(equity)), exact(top.times(caps.drawdown, .down)))
    try note(.leverage, open, exact(equity.times(caps.leverage)))
    try note(.ordersPerMinute, Self.count(rate.count(at: now)), Self.count(caps.ordersPerMinute))
    try note(.openOrders, Self.count(reservations.count - lingering), Self.count(caps.openOrders))
    return result
  }

  /// Rounded up. A loss below zero uses nothing, and where nothing is allowed anything is all.
  private static func part(_ used: Amount, of limit: Amount) throws(ValuationFault) -> Proportion {
    guard used.isPositive else { return .zero }
    guard limit.isPositive else { return 1 }
    return try exact(Proportion(1).share(used, of: limit, .up))
  }

  private static func count(_ count: Int) throws(ValuationFault) -> Amount {
    try exact(Amount.smallestStep.times(count))
  }
}
