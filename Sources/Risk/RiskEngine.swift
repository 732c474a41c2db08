package import FlowrexContract
package import Ledger

/// Says yes or no to an order. (S18-HS-10, S04-TRD-06, 07)
///
/// It is one function of values: the same order, account, market, policy, control and moment
/// always get the same answer. The first objection in a fixed order is the answer: the desk's
/// state, then the market, the order's own numbers, the account's limits.
package enum RiskEngine {
  static let gates: [any GateCheck.Type] = [
    KillSwitchIsObeyed.self, HaltIsObeyed.self, InstrumentIsTraded.self, QuantityIsValid.self,
    OnlyReductionsWhileReducing.self, MarketIsOpen.self, PriceIsFresh.self, PriceIsInBand.self,
    OrderRateIsCapped.self, OpenOrdersAreCapped.self,
  ]
  static let values: [any ValueCheck.Type] = [OrderValueIsCapped.self, DailyTurnoverIsCapped.self]
  static let portfolios: [any PortfolioCheck.Type] = [
    DailyLossIsCapped.self, DrawdownIsCapped.self, SymbolExposureIsCapped.self,
    OpenExposureIsCapped.self, FundsSuffice.self, LeverageIsCapped.self,
  ]

  /// Every check, in the order in which they are asked.
  package static var checks: [any RiskCheck.Type] { gates + values + portfolios }

  /// The check that a code stands for.
  package static func check(of code: DenialCode) -> any RiskCheck.Type {
    switch code {
    case .killSwitch: KillSwitchIsObeyed.self
    case .tradingHalted: HaltIsObeyed.self
    case .reducingOnly: OnlyReductionsWhileReducing.self
    case .marketClosed: MarketIsOpen.self
    case .priceStale: PriceIsFresh.self
    case .priceOutsideBand: PriceIsInBand.self
    case .instrumentNotTraded: InstrumentIsTraded.self
    case .quantityInvalid: QuantityIsValid.self
    case .orderTooLarge: OrderValueIsCapped.self
    case .symbolExposure: SymbolExposureIsCapped.self
    case .openExposure: OpenExposureIsCapped.self
    case .dailyTurnover: DailyTurnoverIsCapped.self
    case .dailyLoss: DailyLossIsCapped.self
    case .drawdown: DrawdownIsCapped.self
    case .leverage: LeverageIsCapped.self
    case .orderRate: OrderRateIsCapped.self
    case .openOrders: OpenOrdersAreCapped.self
    case .fundsInsufficient: FundsSuffice.self
    }
  }

  package static func decide(
    _ id: OrderID, _ order: OrderTerms, for account: RiskAccount, in market: Market,
    _ policy: RiskPolicy, _ control: TradingControl, at now: Timestamp, _ look: Look = .placement
  ) -> Decision {
    let question = Question(order, account, market, policy, control, now, look)
    // An old price values nothing: neither the order nor what is held of other instruments. What
    // closes in an emergency goes at any price.
    let market = question.isEmergency ? market : market.believing(policy.quoteLife, at: now)
    for check in gates {
      if let detail = check.objection(question) {
        return .deny(Denial(code: check.code, instrument: order.instrument, detail: detail))
      }
    }
    let value: Amount
    switch question.value(in: market) {
    case .success(let amount): value = amount
    case .failure(let denial): return .deny(denial)
    }
    if let denial = judge(question, value, account) { return .deny(denial) }
    if !question.reduces, let denial = judge(question, account, market) { return .deny(denial) }
    return .accept(
      Reservation(
        order: id, instrument: order.instrument, side: order.side, quantity: order.quantity,
        value: value))
  }

  private static func judge(
    _ question: Question, _ value: Amount, _ account: RiskAccount
  ) -> Denial? {
    for check in values {
      let detail: Denial.Detail?
      do {
        detail = try check.objection(question, value, account)
      } catch {
        detail = .unvalued(.arithmetic(error))
      }
      if let detail {
        return Denial(code: check.code, instrument: question.order.instrument, detail: detail)
      }
    }
    return nil
  }

  private static func judge(
    _ question: Question, _ account: RiskAccount, _ market: Market
  ) -> Denial? {
    let portfolio: Portfolio
    do {
      portfolio = try Portfolio(question.order, account, market, at: question.now)
    } catch {
      return .unvalued(error, of: question.order, OpenExposureIsCapped.code)
    }
    for check in portfolios {
      let detail: Denial.Detail?
      do {
        detail = try check.objection(question, portfolio)
      } catch {
        detail = .unvalued(.arithmetic(error))
      }
      if let detail {
        return Denial(code: check.code, instrument: question.order.instrument, detail: detail)
      }
    }
    return nil
  }
}

extension Question {
  /// What the order is worth in dollars: its base units at the asking price, or at its limit if
  /// that is higher. An emergency close without a price is worth nothing: it only reduces.
  func value(in market: Market) -> Result<Amount, Denial> {
    do {
      var value = try market.exposure(of: order.quantity, terms)
      if case .limit(let price) = order.pricing, terms.quote == .account {
        value = max(value, try exact(terms.value(of: order.quantity, at: price)))
      }
      return .success(value)
    } catch {
      if isEmergency, case .noQuote = error { return .success(.zero) }
      return .failure(.unvalued(error, of: order, OrderValueIsCapped.code))
    }
  }
}

extension Denial {
  /// A value that cannot be computed: for lack of a price, or under the code of what needs it.
  fileprivate static func unvalued(
    _ fault: ValuationFault, of order: OrderTerms, _ code: DenialCode
  ) -> Self {
    switch fault {
    case .noQuote(let instrument), .staleQuote(let instrument, _, _):
      Denial(code: PriceIsFresh.code, instrument: instrument, detail: .unvalued(fault))
    case .arithmetic:
      Denial(code: code, instrument: order.instrument, detail: .unvalued(fault))
    }
  }
}

extension RiskAccount {
  /// Checks an order and reserves its room, in one step that nothing can come between.
  package mutating func admit(
    _ id: OrderID, _ order: OrderTerms, in market: Market, _ policy: RiskPolicy,
    _ control: TradingControl, at now: Timestamp
  ) throws(RiskAccountFault) -> Decision {
    guard reservations[id] == nil else { throw .reserved(id) }
    startDay(in: market.believing(policy.quoteLife, at: now), at: now)
    let decision = RiskEngine.decide(id, order, for: self, in: market, policy, control, at: now)
    if case .accept(let reservation) = decision {
      try reserve(reservation, counts: true, at: now)
    }
    return decision
  }

  /// The second look at an order that a person has approved: its room is given back, and taken
  /// again if risk still allows it. A denied order holds nothing afterwards. (C-65)
  package mutating func readmit(
    _ id: OrderID, _ order: OrderTerms, in market: Market, _ policy: RiskPolicy,
    _ control: TradingControl, at now: Timestamp
  ) throws(RiskAccountFault) -> Decision {
    guard release(id) != nil else { throw .notReserved(id) }
    startDay(in: market.believing(policy.quoteLife, at: now), at: now)
    let decision = RiskEngine.decide(
      id, order, for: self, in: market, policy, control, at: now, .approval)
    if case .accept(let reservation) = decision {
      try reserve(reservation, counts: false, at: now)
    }
    return decision
  }

  /// The first order of a day is a look at the account too, should it come before the guard's.
  private mutating func startDay(in market: Market, at now: Timestamp) {
    guard now.day > equityDay,
      let value = try? Valuation(cash: cash, positions: positions, in: market)
    else { return }
    observe(equity: value.equity, at: now)
  }
}
