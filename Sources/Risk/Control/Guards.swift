package import FlowrexContract
package import Ledger

/// What a guard found: a limit that the account itself has reached, without any order.
/// (S03-ARCH-07)
package struct GuardBreach: Hashable, Sendable {
  package let cap: RiskCapName
  /// In dollars.
  package let found: Amount
  package let limit: Amount
}

extension GuardBreach: CustomStringConvertible {
  package var description: String {
    let (found, limit) = (found.text(in: .account), limit.text(in: .account))
    return switch cap {
    case .drawdown:
      "the account is \(found) below its highest value; trading halts at \(limit)"
    default: "the loss since midnight UTC is \(found); trading halts at \(limit)"
    }
  }
}

extension RiskAccount {
  /// Notes the account's worth and halts it when it lost too much; only a person makes it active
  /// again. The daily loss and the drawdown are looked at even when nobody orders.
  ///
  /// - Returns: every limit that was reached.
  package mutating func guarded(
    in market: Market, _ caps: Caps, at now: Timestamp
  ) throws(ValuationFault) -> [GuardBreach] {
    let equity = try Valuation(cash: cash, positions: positions, in: market).equity
    observe(equity: equity, at: now)
    var breaches: [GuardBreach] = []
    do {
      let loss = try dayStart.subtracting(equity)
      if loss >= caps.dailyLoss, !loss.isZero {
        breaches.append(GuardBreach(cap: .dailyLoss, found: loss, limit: caps.dailyLoss))
      }
      let fall = try peak.subtracting(equity)
      let limit = try peak.times(caps.drawdown, .down)
      if fall >= limit, fall.isPositive {
        breaches.append(GuardBreach(cap: .drawdown, found: fall, limit: limit))
      }
    } catch {
      throw .arithmetic(error)
    }
    if !breaches.isEmpty { state = .halted }
    return breaches
  }

  /// A person lets it trade again, unless a guard would halt it at once.
  ///
  /// - Parameter measuringAnew: the fall is measured from what the account is worth now. The loss
  ///   of the day is not: it ends at midnight.
  /// - Returns: every limit that is still reached; it is halted then.
  package mutating func resumed(
    in market: Market, _ caps: Caps, at now: Timestamp, measuringAnew: Bool
  ) throws(ValuationFault) -> [GuardBreach] {
    if measuringAnew {
      peak = try Valuation(cash: cash, positions: positions, in: market).equity
    }
    state = .active
    return try guarded(in: market, caps, at: now)
  }
}
