import FlowrexContract
package import Ledger

/// Why money does not go out.
package enum WithdrawalFault: Error, Hashable, Sendable {
  case cash(Amount, Amount)
  case leverage(Amount, found: Amount, limit: Amount)
  case margin(Amount, found: Amount, limit: Amount)
  case drawdown(Amount, found: Amount, limit: Amount)
  case unvalued(Amount, ValuationFault)
}

extension RiskAccount {
  /// Takes money out, which must be there. What is left must carry what is open, orders included,
  /// as it would have to for a new order: leverage, margin, and the fall from the highest value.
  /// With nothing open all of it may go. (S04-TRD-07, C-66)
  package mutating func withdraw(
    _ amount: Amount, in market: Market, _ policy: RiskPolicy, at now: Timestamp
  ) throws(WithdrawalFault) {
    guard amount <= cash else { throw .cash(amount, cash) }
    let objection: WithdrawalFault?
    var next = self
    do throws(ValuationFault) {
      let market = market.believing(policy.quoteLife, at: now)
      let equity = try Valuation(cash: cash, positions: positions, in: market).equity
      objection = try self.objection(to: amount, worth: equity, in: market, policy.caps)
      do throws(ArithmeticFault) { try next.deposit(-amount, worth: equity) } catch {
        throw .arithmetic(error)
      }
    } catch {
      throw .unvalued(amount, error)
    }
    if let objection { throw objection }
    self = next
  }

  private func objection(
    to amount: Amount, worth equity: Amount, in market: Market, _ caps: Caps
  ) throws(ValuationFault) -> WithdrawalFault? {
    var open = Exposure.none
    for instrument in Instrument.allCases {
      let worst = try exact(standings[instrument].worst())
      if !worst.isZero { open = try open.adding(Exposure(of: worst, .of(instrument), market)) }
    }
    guard !open.value.isZero else { return nil }
    let left = try exact(equity.subtracting(amount))
    let carried = try exact(left.times(caps.leverage))
    if open.value > carried { return .leverage(amount, found: open.value, limit: carried) }
    if open.margin > left { return .margin(amount, found: open.margin, limit: left) }
    let top = try exact(highest(with: -amount, worth: equity))
    let fall = try exact(top.subtracting(left))
    let limit = try exact(top.times(caps.drawdown, .down))
    return fall >= limit && fall.isPositive ? .drawdown(amount, found: fall, limit: limit) : nil
  }
}

extension WithdrawalFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .cash(let amount, let cash):
      "\(amount.text(in: .account)) cannot be withdrawn: there are \(cash.text(in: .account))"
    case .leverage(let amount, let found, let limit):
      "\(amount.text(in: .account)) cannot be withdrawn: open exposure is "
        + "\(found.text(in: .account)); the equity left carries \(limit.text(in: .account))"
    case .margin(let amount, let found, let limit):
      "\(amount.text(in: .account)) cannot be withdrawn: a margin of "
        + "\(found.text(in: .account)) is needed; the equity left is \(limit.text(in: .account))"
    case .drawdown(let amount, let found, let limit):
      "\(amount.text(in: .account)) cannot be withdrawn: the account is "
        + "\(found.text(in: .account)) below its highest value; trading would halt at "
        + limit.text(in: .account)
    case .unvalued(let amount, let fault):
      "\(amount.text(in: .account)) cannot be withdrawn: what is open has no value: \(fault)"
    }
  }
}
