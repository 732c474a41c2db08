import FlowrexContract
import Ledger
import Risk

/// An account by its orders, fills and movements alone, at the moment when an order was accepted.
/// It asks neither the desk nor the risk engine what it thinks.
struct AccountView {
  private let fresh: Order?
  private let orders: [Order]
  private let fills: [Fill]
  private let movements: [Amount]
  private let lowestAsk: [Instrument: Price]
  /// What the venue has traded of orders that are over here, and has not told or nobody has heard.
  private let unheard: [OrderID: Quantity]
  /// What was filled of orders before the day of the fresh one.
  private let yesterdays: [OrderID: Quantity]

  init(
    _ fresh: Order?, _ orders: [Order], _ fills: [Fill], _ movements: [Amount],
    lowestAsk: [Instrument: Price], unheard: [OrderID: Quantity] = [:],
    yesterdays: [OrderID: Quantity] = [:]
  ) {
    self.unheard = unheard
    self.yesterdays = yesterdays
    self.fresh = fresh
    self.orders = orders
    self.fills = fills
    self.movements = movements
    self.lowestAsk = lowestAsk
  }

  /// Every cap that the account exceeds with the fresh order.
  func excesses(_ caps: Caps, in market: Market) throws -> [String] {
    guard let fresh else { return [] }
    var sentences = try counts(caps, fresh)
    let value = try cheapest(fresh.terms.quantity, fresh.terms.instrument)
    if value > caps.orderValue { sentences.append("an order is worth \(value) dollars") }
    let turnover = try turnover()
    if turnover > caps.dailyTurnover {
      sentences.append("\(turnover) dollars may be turned over in a day")
    }
    // What can only close is let through whatever the account became.
    guard try !isClosing(fresh) else { return sentences }
    let (before, after) = try (
      exposure(without: fresh.id, in: market), exposure(without: nil, in: market)
    )
    let instrument = fresh.terms.instrument
    let (one, was) = (after.of[instrument] ?? .zero, before.of[instrument] ?? .zero)
    if one > caps.symbolExposure, one > was {
      sentences.append("\(instrument.rawValue) can become worth \(one) dollars")
    }
    if after.sum > caps.openExposure, after.sum > before.sum {
      sentences.append("all can become worth \(after.sum) dollars")
    }
    let equity = try equity(in: market)
    let carried = try equity.times(caps.leverage)
    if after.sum > carried, after.sum > before.sum {
      sentences.append("\(after.sum) dollars are carried by an equity of \(equity)")
    }
    let loss = try loss(in: market)
    if loss >= caps.dailyLoss {
      sentences.append("an order adds risk when \(loss) dollars are lost")
    }
    return sentences
  }

  /// What speaks against adding risk to an account that nothing went into or out of since it was
  /// made: it was once worth what came in, or more.
  func fall(_ caps: Caps, in market: Market) throws -> String? {
    if let fresh, try isClosing(fresh) { return nil }
    let highest = try sum(of: movements)
    let loss = try loss(in: market)
    // A guard has looked at less than a moment ago; with no order at hand it is given more.
    let limit = try highest.times(caps.drawdown, .up).times(fresh == nil ? 2 : 1)
    return loss >= limit && loss.isPositive
      ? "an account trades that is \(loss) dollars below its highest value" : nil
  }

  /// In dollars, since its beginning; below zero for a profit.
  func loss(in market: Market) throws -> Amount {
    try sum(of: movements).subtracting(equity(in: market))
  }

  /// What speaks against money that went out.
  func overdrawn(_ caps: Caps, in market: Market) throws -> String? {
    let open = try exposure(without: nil, in: market).sum
    let equity = try equity(in: market)
    guard try open > equity.times(caps.leverage) else { return nil }
    return "money went out, and \(open) dollars are carried by an equity of \(equity)"
  }

  private func counts(_ caps: Caps, _ fresh: Order) throws -> [String] {
    var sentences: [String] = []
    let open = orders.filter { !$0.state.isFinal && $0.terms.purpose == .trade }
    if open.count > caps.openOrders { sentences.append("there are \(open.count) open orders") }
    let placed = fresh.placedAt
    let minute = orders.filter {
      $0.terms.purpose == .trade && $0.placedAt <= placed && placed.since($0.placedAt) < .minute
    }
    if minute.count > caps.ordersPerMinute {
      sentences.append("\(minute.count) orders were accepted within a minute")
    }
    return sentences
  }

  /// Whether the order has no more than is held on the other side and not about to be closed.
  private func isClosing(_ fresh: Order) throws -> Bool {
    let (instrument, side) = (fresh.terms.instrument, fresh.terms.side)
    var held = side.opposite.signed(try position(of: instrument))
    for other in orders where other.id != fresh.id {
      guard other.terms.instrument == instrument, other.terms.side == side else { continue }
      held = try held.subtracting(open(other))
    }
    return fresh.terms.quantity <= held
  }

  /// What may still be booked of it.
  private func open(_ order: Order) throws -> Quantity {
    try order.open.adding(unheard[order.id] ?? .zero)
  }

  private func position(of instrument: Instrument) throws -> Quantity {
    var position = Quantity.zero
    for fill in fills where fill.instrument == instrument {
      position = try position.adding(fill.signedQuantity)
    }
    return position
  }

  private func exposure(
    without left: OrderID?, in market: Market
  ) throws -> (of: [Instrument: Amount], sum: Amount) {
    var result: (of: [Instrument: Amount], sum: Amount) = ([:], .zero)
    for instrument in Instrument.allCases {
      let position = try position(of: instrument)
      var (most, least) = (position, position)
      for order in orders where order.terms.instrument == instrument && order.id != left {
        if order.terms.side == .buy {
          most = try most.adding(open(order))
        } else {
          least = try least.subtracting(open(order))
        }
      }
      let worst = max(most.magnitude, least.magnitude)
      guard !worst.isZero else { continue }
      let terms = InstrumentTerms.of(instrument)
      let units = try terms.units(of: worst)
      let ask = market.quotes[instrument]?.ask
      let value = try terms.base == .usd ? units : units.times(ask ?? .zero, .down)
      result.of[instrument] = value
      result.sum = try result.sum.adding(value)
    }
    return result
  }

  /// In dollars, at the lowest price of the run: what was inside a cap at a dearer one is inside.
  private func cheapest(_ quantity: Quantity, _ instrument: Instrument) throws -> Amount {
    let terms = InstrumentTerms.of(instrument)
    let units = try terms.units(of: quantity)
    guard terms.base != .usd else { return units }
    return try units.times(lowestAsk[instrument] ?? .zero, .down)
  }

  private func turnover() throws -> Amount {
    var sum = Amount.zero
    for order in orders where order.terms.purpose == .trade {
      let today = try order.filled.subtracting(yesterdays[order.id] ?? .zero)
      let quantity = try today.adding(open(order))
      sum = try sum.adding(cheapest(quantity, order.terms.instrument))
    }
    return sum
  }

  private func sum(of amounts: [Amount]) throws -> Amount {
    var sum = Amount.zero
    for amount in amounts { sum = try sum.adding(amount) }
    return sum
  }

  /// By the ledger's own books.
  private func equity(in market: Market) throws -> Amount {
    var cash = try sum(of: movements)
    var positions = PerInstrument { _ in Position.flat }
    for fill in fills {
      let terms = InstrumentTerms.of(fill.instrument)
      let outcome = try positions[fill.instrument].receiving(
        fill.signedQuantity, at: fill.price, terms)
      positions[fill.instrument] = outcome.position
      let profit = try fill.conversion.dollars(of: outcome.realised, .halfEven)
      cash = try cash.adding(profit).subtracting(fill.fee)
    }
    return try Valuation(cash: cash, positions: positions, in: market).equity
  }
}
