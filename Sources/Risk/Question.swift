package import FlowrexContract
package import Ledger

/// What holds for every account: the caps and how old a price may be.
package struct RiskPolicy: Sendable {
  package let caps: Caps
  /// What may be ordered; the key `INSTRUMENTS`.
  package let traded: PerInstrument<Bool>
  /// An older quote is not traded on; the key `MARKET_DATA_MAX_AGE_SECONDS`.
  package let quoteLife: Span

  package init(caps: Caps, traded: Set<Instrument>, quoteLife: Span) {
    self.caps = caps
    self.traded = PerInstrument { traded.contains($0) }
    self.quoteLife = quoteLife
  }
}

/// Which look the engine takes at an order.
package enum Look: Hashable, Sendable {
  case placement
  /// A person approved it: prices have moved since, and everything is asked again but the rate,
  /// which the order was counted in when it was placed. (C-65)
  case approval
}

/// All that a check may ask about one order, gathered once.
///
/// It holds plain numbers and no reference into the account, so making it costs no counting of
/// references and no memory.
package struct Question: Sendable {
  let order: OrderTerms
  let look: Look
  let terms: InstrumentTerms
  let caps: Caps
  let now: Timestamp
  let isStopped: Bool
  let state: TradingState
  let isTraded: Bool
  let isOpen: Bool
  let quote: Quote?
  let quoteLife: Span
  /// Lots that an order on this side may have and only close.
  let closable: Quantity
  let rateIsFull: Bool
  let openOrders: Int

  init(
    _ order: OrderTerms, _ account: RiskAccount, _ market: Market, _ policy: RiskPolicy,
    _ control: TradingControl, _ now: Timestamp, _ look: Look
  ) {
    let instrument = order.instrument
    self.order = order
    self.look = look
    self.now = now
    terms = .of(instrument)
    caps = policy.caps
    isStopped = control.isStopped
    state = control.state.stricter(account.state)
    isTraded = policy.traded[instrument]
    isOpen = market.isOpen[instrument]
    quote = market.quotes[instrument]
    quoteLife = policy.quoteLife
    closable = account.standings[instrument].closable(by: order.side)
    rateIsFull = account.rate.isFull(policy.caps.ordersPerMinute, at: now)
    openOrders = account.reservations.count - account.lingering
  }

  /// Whether the order can only make a position smaller, whatever else is filled.
  var reduces: Bool { order.quantity <= closable }

  var isEmergency: Bool { order.purpose == .emergencyClose }
}

/// What the account would be if the order were filled, and is: in dollars.
package struct Portfolio: Sendable {
  /// Exposure in the order's instrument, open orders included.
  let symbolBefore: Amount
  let symbolAfter: Amount
  /// Exposure in all instruments, open orders included.
  let openBefore: Amount
  let openAfter: Amount
  let marginBefore: Amount
  let marginAfter: Amount
  let equity: Amount
  let dayStart: Amount
  let peak: Amount

  /// One walk over the instruments. A flat one without orders costs a comparison.
  init(
    _ order: OrderTerms, _ account: RiskAccount, _ market: Market, at now: Timestamp
  ) throws(ValuationFault) {
    var rest = Exposure.none
    var symbol = (before: Exposure.none, after: Exposure.none)
    var equity = account.cash
    for instrument in Instrument.allCases {
      let standing = account.standings[instrument]
      let terms = InstrumentTerms.of(instrument)
      let worst = try exact(standing.worst())
      if instrument == order.instrument {
        let next = try exact(standing.worst(with: order.side, order.quantity))
        symbol.before = try Exposure(of: worst, terms, market)
        symbol.after = try Exposure(of: next, terms, market)
      } else if !worst.isZero {
        rest = try rest.adding(Exposure(of: worst, terms, market))
      }
      if !standing.position.isFlat {
        let profit = try market.openProfit(of: standing.position, terms)
        equity = try exact(equity.adding(profit))
      }
    }
    let (before, after) = try (rest.adding(symbol.before), rest.adding(symbol.after))
    symbolBefore = symbol.before.value
    symbolAfter = symbol.after.value
    openBefore = before.value
    openAfter = after.value
    marginBefore = before.margin
    marginAfter = after.margin
    self.equity = equity
    dayStart = now.day > account.equityDay ? equity : account.dayStart
    peak = max(account.peak, equity)
  }
}

/// What open lots stand for, and the equity that must stand behind them, in dollars.
struct Exposure {
  let value: Amount
  let margin: Amount

  static let none = Exposure(value: .zero, margin: .zero)

  private init(value: Amount, margin: Amount) {
    self.value = value
    self.margin = margin
  }

  init(
    of quantity: Quantity, _ terms: InstrumentTerms, _ market: Market
  ) throws(ValuationFault) {
    let value = try market.exposure(of: quantity, terms)
    self.value = value
    margin = try exact(value.times(terms.margin, .up))
  }

  func adding(_ other: Self) throws(ValuationFault) -> Self {
    try Self(
      value: exact(value.adding(other.value)), margin: exact(margin.adding(other.margin)))
  }
}

/// A calculation whose fault is that of a valuation.
func exact<Value>(
  _ calculation: @autoclosure () throws(ArithmeticFault) -> Value
) throws(ValuationFault) -> Value {
  do { return try calculation() } catch { throw .arithmetic(error) }
}
