package import FlowrexContract
package import Ledger

/// A risk account as rows of a store have it: lists in a fixed order and plain numbers.
package struct StoredAccount: Hashable, Sendable {
  package var cash: Amount
  package var positions: PerInstrument<Position>
  /// In the order of their ids.
  package var reservations: [Reservation]
  package var state: TradingState
  /// When the last orders were accepted, the oldest first.
  package var accepted: [Timestamp]
  package var turnover: Amount
  package var turnoverDay: TradingDay
  package var dayStart: Amount
  package var equityDay: TradingDay
  package var peak: Amount

  package init(
    cash: Amount, positions: PerInstrument<Position>, reservations: [Reservation],
    state: TradingState, accepted: [Timestamp], turnover: Amount, turnoverDay: TradingDay,
    dayStart: Amount, equityDay: TradingDay, peak: Amount
  ) {
    self.cash = cash
    self.positions = positions
    self.reservations = reservations
    self.state = state
    self.accepted = accepted
    self.turnover = turnover
    self.turnoverDay = turnoverDay
    self.dayStart = dayStart
    self.equityDay = equityDay
    self.peak = peak
  }
}

extension RiskAccount {
  package var stored: StoredAccount {
    StoredAccount(
      cash: cash, positions: positions,
      reservations: reservations.values.sorted { $0.order.bits < $1.order.bits }, state: state,
      accepted: rate.accepted, turnover: turnover, turnoverDay: turnoverDay, dayStart: dayStart,
      equityDay: equityDay, peak: peak)
  }

  /// The account that was stored. Sums are made anew from the reservations, so that they cannot
  /// differ from them.
  package init(_ stored: StoredAccount) throws(RiskAccountFault) {
    self.init()
    cash = stored.cash
    for instrument in Instrument.allCases {
      standings[instrument].position = stored.positions[instrument]
    }
    for moment in stored.accepted { rate.note(moment) }
    for reservation in stored.reservations {
      try reserve(reservation, counts: false, at: Timestamp(microseconds: 0))
    }
    state = stored.state
    turnover = stored.turnover
    turnoverDay = stored.turnoverDay
    dayStart = stored.dayStart
    equityDay = stored.equityDay
    peak = stored.peak
  }
}

extension Reservation {
  /// As it was stored.
  package init(
    stored order: OrderID, _ side: Side, _ quantity: Quantity, of instrument: Instrument,
    worth value: Amount, lingersUntil: Timestamp? = nil
  ) {
    self.init(
      order: order, instrument: instrument, side: side, quantity: quantity, value: value,
      lingersUntil: lingersUntil)
  }
}
