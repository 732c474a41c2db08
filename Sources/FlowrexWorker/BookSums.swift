import FlowrexContract
import Ledger
import Risk
import ServiceContract

/// What all accounts come to at the prices of a moment.
struct BookSums {
  private(set) var equity = Amount.zero
  private(set) var cash = Amount.zero
  private(set) var unrealised = Amount.zero
  /// Of what was closed since midnight UTC, before fees.
  private(set) var realised = Amount.zero
  private(set) var exposure = PerInstrument { _ in Amount.zero }
  private(set) var positions = PerInstrument { _ in 0 }
  /// The deepest fall of an account from its highest value.
  private(set) var drawdown = Proportion.zero
  private(set) var usage: [RiskCapName: Proportion] = [:]

  /// - Parameter profit: what the account realised today.
  mutating func add(
    _ account: RiskAccount, realised profit: Amount, _ market: Market, _ caps: Caps,
    at now: Timestamp
  ) throws {
    let value = try Valuation(cash: account.cash, positions: account.positions, in: market)
    equity = try equity.adding(value.equity)
    cash = try cash.adding(value.cash)
    unrealised = try unrealised.adding(value.unrealised)
    realised = try realised.adding(profit)
    for instrument in Instrument.allCases where !account.positions[instrument].isFlat {
      positions[instrument] += 1
      exposure[instrument] = try exposure[instrument].adding(
        market.exposure(of: account.positions[instrument].quantity, .of(instrument)))
    }
    let top = max(account.peak, value.equity)
    if top.isPositive {
      drawdown = try max(
        drawdown, Proportion(1).share(top.subtracting(value.equity), of: top, .up))
    }
    for used in try account.usage(in: market, caps, at: now) {
      usage[used.cap] = max(usage[used.cap] ?? .zero, used.part)
    }
  }
}

extension Fixed where Kind == AmountKind {
  /// In whole cents, as metrics have it, rounded down.
  var money: Money {
    let (cents, rest) = units.quotientAndRemainder(dividingBy: Self.one / 100)
    return .cents(rest < 0 ? cents - 1 : cents)
  }
}

extension Fixed where Kind == ProportionKind {
  var ratio: Ratio { Ratio(ExactDecimal(units, scale: Self.places)) }
}
