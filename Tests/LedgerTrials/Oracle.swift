import FlowrexContract
import Ledger

/// The books a second time, in fractions and by the rules of the page, sharing no arithmetic with
/// the ledger: numbers come in as their text.
struct Oracle {
  struct Holding {
    var lots = Fraction(0)
    var cost = Fraction(0)
    /// Everything that was ever paid, and every profit, in the quote currency.
    var paid = Fraction(0)
    var earned = Fraction(0)
  }

  private(set) var holdings = [Holding](
    repeating: Holding(), count: Instrument.allCases.count)
  private(set) var cash = Fraction(0)
  private(set) var fees = Fraction(0)
  private(set) var realised = Fraction(0)
  private(set) var deposits = Fraction(0)

  mutating func deposit(_ amount: Amount) {
    cash = cash + Fraction(amount.description)
    deposits = deposits + Fraction(amount.description)
  }

  mutating func withdraw(_ amount: Amount) {
    cash = cash - Fraction(amount.description)
    deposits = deposits - Fraction(amount.description)
  }

  /// Average cost: what is closed takes its share of the cost, rounded to the nearest even
  /// hundred-millionth; the rest keeps the rest.
  mutating func fill(_ fill: Fill) {
    let place = Instrument.allCases.firstIndex(of: fill.instrument) ?? 0
    var holding = holdings[place]
    let size = Fraction(InstrumentTerms.of(fill.instrument).contractSize)
    let price = Fraction(fill.price.description) * size
    var change = Fraction(fill.quantity.description)
    if fill.side == .sell { change = -change }
    holding.paid = (holding.paid + change * price).decimal(.nearestEven)

    var profit = Fraction(0)
    let opposes = !holding.lots.isZero && holding.lots.isNegative != change.isNegative
    if opposes {
      let closed = change.magnitude < holding.lots.magnitude ? change : -holding.lots
      let part = -closed / holding.lots
      let released = (holding.cost * part).decimal(.nearestEven)
      profit = (-(closed * price) - released).decimal(.nearestEven)
      holding.cost = (holding.cost - released).decimal(.nearestEven)
      holding.lots = (holding.lots + closed).decimal(.nearestEven)
      change = change - closed
    }
    holding.lots = (holding.lots + change).decimal(.nearestEven)
    holding.cost = (holding.cost + change * price).decimal(.nearestEven)
    holding.earned = (holding.earned + profit).decimal(.nearestEven)
    holdings[place] = holding

    let dollars = Self.dollars(profit, fill.conversion).decimal(.nearestEven)
    let fee = Fraction(fill.fee.description)
    realised = (realised + dollars).decimal(.nearestEven)
    fees = (fees + fee).decimal(.nearestEven)
    cash = (cash + dollars - fee).decimal(.nearestEven)
  }

  private static func dollars(_ amount: Fraction, _ conversion: Conversion) -> Fraction {
    switch conversion {
    case .none: amount
    case .times(let price): amount * Fraction(price.description)
    case .over(let price): amount / Fraction(price.description)
    }
  }

  struct Worth {
    var equity = Fraction(0)
    var exposure = Fraction(0)
    var margin = Fraction(0)
  }

  /// Longs at the bid, shorts at the ask; gains become dollars at the worse side, losses too.
  func worth(_ quotes: [Instrument: (bid: Price, ask: Price)]) -> Worth {
    var worth = Worth(equity: cash)
    for (instrument, holding) in zip(Instrument.allCases, holdings) where !holding.lots.isZero {
      guard let quote = quotes[instrument] else { continue }
      let terms = InstrumentTerms.of(instrument)
      let units = holding.lots * Fraction(terms.contractSize)
      let price = holding.lots.isNegative ? quote.ask : quote.bid
      let profit = units * Fraction(price.description) - holding.cost
      let rate = Self.rate(terms.quote, quotes, dear: profit.isNegative)
      worth.equity = worth.equity + (profit * rate).decimal(.down)
      let value = (units.magnitude * Self.rate(terms.base, quotes, dear: true)).decimal(.up)
      worth.exposure = worth.exposure + value
      worth.margin = worth.margin + (value * Fraction(terms.margin.description)).decimal(.up)
    }
    return worth
  }

  /// Dollars for one of a currency, read from the pair that has both in its name.
  private static func rate(
    _ currency: Currency, _ quotes: [Instrument: (bid: Price, ask: Price)], dear: Bool
  ) -> Fraction {
    if currency == .usd { return Fraction(1) }
    for (instrument, quote) in quotes {
      if instrument.rawValue == currency.rawValue + "USD" {
        return Fraction((dear ? quote.ask : quote.bid).description)
      }
      if instrument.rawValue == "USD" + currency.rawValue {
        return Fraction(1) / Fraction((dear ? quote.bid : quote.ask).description)
      }
    }
    return Fraction(0)
  }
}
