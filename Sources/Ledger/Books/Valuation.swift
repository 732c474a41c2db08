import FlowrexContract

/// What an account is worth at the prices of a moment, in dollars. (S04-TRD-09, 11, 12)
package struct Valuation: Hashable, Sendable {
  package let cash: Amount
  /// Profit of open positions if they were closed now: longs at the bid, shorts at the ask.
  package let unrealised: Amount
  /// Cash and open profit.
  package let equity: Amount
  /// What open positions stand for, long plus short.
  package let exposure: Amount
  /// Equity that must stand behind them.
  package let marginUsed: Amount

  /// Equity that is not needed; below zero when more is needed than there is.
  package let marginFree: Amount

  package init(
    cash: Amount, positions: PerInstrument<Position>, in market: Market
  ) throws(ValuationFault) {
    var unrealised = Amount.zero
    var exposure = Amount.zero
    var margin = Amount.zero
    for instrument in Instrument.allCases where !positions[instrument].isFlat {
      let terms = InstrumentTerms.of(instrument)
      let position = positions[instrument]
      let open = try market.exposure(of: position.quantity, terms)
      let profit = try market.openProfit(of: position, terms)
      do {
        unrealised = try unrealised.adding(profit)
        exposure = try exposure.adding(open)
        margin = try margin.adding(open.times(terms.margin, .up))
      } catch {
        throw .arithmetic(error)
      }
    }
    self.cash = cash
    self.unrealised = unrealised
    self.exposure = exposure
    marginUsed = margin
    do {
      equity = try cash.adding(unrealised)
      marginFree = try equity.subtracting(margin)
    } catch {
      throw .arithmetic(error)
    }
  }
}

extension Market {
  /// Profit of an open position if it were closed now, in dollars: a long is sold at the bid, a
  /// short bought back at the ask.
  package func openProfit(
    of position: Position, _ terms: InstrumentTerms
  ) throws(ValuationFault) -> Amount {
    guard !position.isFlat else { return .zero }
    let quote = try quote(of: terms.instrument)
    let profit: Amount
    do {
      profit = try position.unrealised(
        at: position.quantity.isPositive ? quote.bid : quote.ask, terms)
    } catch {
      throw .arithmetic(error)
    }
    return try worth(of: profit, in: terms.quote)
  }
}
