package import FlowrexContract
package import Ledger

/// Everything of one account that decides whether an order may go.
///
/// It is a value: whoever holds it checks and reserves in one step (``admit(_:_:in:_:_:at:)``)
/// inside one transaction, or as one actor, so that no two orders see the same room.
/// (S18-HS-10, S04-TRD-06)
package struct RiskAccount: Hashable, Sendable {
  /// In dollars, with realised profits and without open ones.
  package internal(set) var cash = Amount.zero
  package internal(set) var standings = PerInstrument { _ in Standing() }
  package internal(set) var reservations: [OrderID: Reservation] = [:]
  /// How many of them are of orders that are over.
  package private(set) var lingering = 0
  /// What guards and people made of this account; the whole desk has a state too.
  package var state = TradingState.active
  package internal(set) var rate = RateWindow()

  /// Filled since midnight UTC of ``turnoverDay``, in dollars at the prices of the decisions.
  package internal(set) var turnover = Amount.zero
  package internal(set) var turnoverDay = TradingDay(number: 0)
  /// Of open orders, in dollars at the prices of the decisions.
  package internal(set) var turnoverReserved = Amount.zero

  /// Equity when it was first looked at on ``equityDay``, with later deposits and withdrawals.
  package internal(set) var dayStart = Amount.zero
  package internal(set) var equityDay = TradingDay(number: 0)
  /// The highest equity that was seen; with deposits and withdrawals it grows and shrinks, so that
  /// they leave the part of it that is lost as it was.
  package internal(set) var peak = Amount.zero

  package init() {}

  /// Deposits, or withdraws with an amount below zero: neither is a profit or a loss. What was lost
  /// since midnight stays the same in dollars, and what was lost since the highest value as a part
  /// of it: the highest value grows and shrinks with the money. (C-66)
  ///
  /// - Parameter equity: what the account is worth before, in dollars. With nothing open that is
  ///   its cash. `nil` when it cannot be known: then the amount is added to the highest value.
  package mutating func deposit(
    _ amount: Amount, worth equity: Amount? = nil
  ) throws(ArithmeticFault) {
    let isFlat = Instrument.allCases.allSatisfy { standings[$0].position.isFlat }
    let (cash, start, top) = try (
      self.cash.adding(amount), dayStart.adding(amount),
      highest(with: amount, worth: isFlat ? self.cash : equity)
    )
    (self.cash, dayStart, peak) = (cash, start, top)
  }

  /// The highest value as it is with so much more money, or less.
  func highest(with amount: Amount, worth equity: Amount?) throws(ArithmeticFault) -> Amount {
    guard let equity, equity.isPositive else { return max(try peak.adding(amount), .zero) }
    let left = try equity.adding(amount)
    // Rounded up: a loss is not made smaller.
    return left.isPositive ? try max(peak, equity).share(left, of: equity, .up) : .zero
  }

  /// Notes what the account is worth. The first look of a day is where its daily loss starts.
  package mutating func observe(equity: Amount, at now: Timestamp) {
    if now.day > equityDay {
      equityDay = now.day
      dayStart = equity
    }
    peak = max(peak, equity)
  }

  /// Positions alone, as the ledger has them.
  package var positions: PerInstrument<Position> { PerInstrument { standings[$0].position } }

  /// Turnover of the day that `now` is in, open orders included: they may be filled today.
  package func turnoverUsed(at now: Timestamp) throws(ArithmeticFault) -> Amount {
    now.day > turnoverDay ? turnoverReserved : try turnover.adding(turnoverReserved)
  }

  mutating func reserve(
    _ reservation: Reservation, counts: Bool, at now: Timestamp
  ) throws(RiskAccountFault) {
    guard reservations[reservation.order] == nil else { throw .reserved(reservation.order) }
    do {
      let reserved = try turnoverReserved.adding(reservation.value)
      try standings[reservation.instrument].open(reservation.side, reservation.quantity)
      turnoverReserved = reserved
    } catch {
      throw .arithmetic(error)
    }
    reservations[reservation.order] = reservation
    if reservation.lingersUntil != nil { lingering += 1 }
    if counts { rate.note(now) }
  }

  /// Gives back what an order still holds: it is over, and the venue said so. Twice is once.
  @discardableResult
  package mutating func release(_ order: OrderID) -> Reservation? {
    guard let reservation = reservations.removeValue(forKey: order) else { return nil }
    if reservation.lingersUntil != nil { lingering -= 1 }
    withdraw(reservation.quantity, reservation.value, of: reservation)
    return reservation
  }

  /// Keeps the room of an order that is over until trades of it can be told no more: whoever gives
  /// it back is ``release(_:)``. It is no open order any more.
  package mutating func linger(_ order: OrderID, until end: Timestamp) {
    guard let reservation = reservations[order], reservation.lingersUntil == nil else { return }
    reservations[order]?.lingersUntil = end
    lingering += 1
  }

  /// Orders that are not over, in the order of their ids.
  package var openOrders: [OrderID] {
    reservations.values.filter { $0.lingersUntil == nil }.map(\.order)
      .sorted { $0.bits < $1.bits }
  }

  /// Whether an order that holds its room can only make the position smaller, whatever else is
  /// filled. (S18-EMG-03)
  package func isReduction(_ order: OrderID, _ terms: OrderTerms) -> Bool {
    var without = self
    without.release(order)
    return terms.quantity <= without.standings[terms.instrument].closable(by: terms.side)
  }

  /// Takes a fill: the position changes, and the part of the reservation becomes turnover.
  ///
  /// - Parameter unreserved: dollars for a fill that has no reservation left, since the venue
  ///   ended the order before it told of this fill. The fill happened: it is booked, and whether
  ///   the caps still hold is for the guards to see.
  package mutating func receive(
    _ fill: Fill, unreserved value: Amount = .zero, at now: Timestamp
  ) throws(RiskAccountFault) {
    let reservation = reservations[fill.order]
    if let reservation, fill.quantity > reservation.quantity {
      throw .overfilled(fill.order, fill.quantity, reservation.quantity)
    }
    let part: Amount
    do {
      let terms = InstrumentTerms.of(fill.instrument)
      let outcome = try standings[fill.instrument].position.receiving(
        fill.signedQuantity, at: fill.price, terms)
      let profit = try fill.conversion.dollars(of: outcome.realised, .halfEven)
      let money = try cash.adding(profit).subtracting(fill.fee)
      part = try Self.part(of: reservation, fill.quantity) ?? value
      let traded = try (now.day > turnoverDay ? .zero : turnover).adding(part)
      standings[fill.instrument].position = outcome.position
      cash = money
      turnover = traded
      turnoverDay = max(turnoverDay, now.day)
    } catch {
      throw .arithmetic(error)
    }
    guard let reservation else { return }
    withdraw(fill.quantity, part, of: reservation)
    shrink(reservation, by: fill.quantity, part)
  }

  /// The value that goes with some of the lots; the last lots take all that is left.
  private static func part(
    of reservation: Reservation?, _ quantity: Quantity
  ) throws(ArithmeticFault) -> Amount? {
    guard let reservation else { return nil }
    guard quantity < reservation.quantity else { return reservation.value }
    return try reservation.value.share(quantity, of: reservation.quantity, .halfEven)
  }

  private mutating func shrink(_ reservation: Reservation, by quantity: Quantity, _ value: Amount) {
    guard quantity < reservation.quantity else {
      reservations.removeValue(forKey: reservation.order)
      if reservation.lingersUntil != nil { lingering -= 1 }
      return
    }
    reservations[reservation.order]?.quantity = reservation.quantity.lessened(by: quantity)
    reservations[reservation.order]?.value = reservation.value.lessened(by: value)
  }

  /// Takes lots and dollars out of the sums that they are part of.
  private mutating func withdraw(
    _ quantity: Quantity, _ value: Amount, of reservation: Reservation
  ) {
    let side = reservation.side
    let standing = standings[reservation.instrument]
    if side == .buy {
      standings[reservation.instrument].buys = standing.buys.lessened(by: quantity)
    } else {
      standings[reservation.instrument].sells = standing.sells.lessened(by: quantity)
    }
    turnoverReserved = turnoverReserved.lessened(by: value)
  }
}

extension Fixed {
  /// This without a part of it. Both are at least zero, so nothing can overflow; should a part
  /// ever be larger than its whole, nothing is left.
  fileprivate func lessened(by part: Self) -> Self {
    let rest = try? subtracting(part)
    return rest.map { max($0, .zero) } ?? .zero
  }
}

/// Why an account cannot take what it is told.
package enum RiskAccountFault: Error, Hashable, Sendable {
  case reserved(OrderID)
  case notReserved(OrderID)
  case overfilled(OrderID, Quantity, Quantity)
  case arithmetic(ArithmeticFault)
}

extension RiskAccountFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .reserved(let order): "order \(order) holds a reservation already"
    case .notReserved(let order): "order \(order) holds no reservation"
    case .overfilled(let order, let quantity, let left):
      "order \(order) has \(left) reserved and cannot take a fill of \(quantity)"
    case .arithmetic(let fault): fault.description
    }
  }
}
