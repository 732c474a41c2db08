package import FlowrexContract

/// What a venue says of an instrument. (S04-TRD-05)
package struct InstrumentTerms: Hashable, Sendable {
  package let instrument: Instrument
  package let base: Currency
  /// Prices and costs are in it.
  package let quote: Currency
  /// Every price is a multiple of it.
  package let tick: Price
  /// Every quantity is a multiple of it, in lots.
  package let lotStep: Quantity
  package let smallest: Quantity
  package let largest: Quantity
  /// Units of the base in one lot.
  package let contractSize: Int
  /// Equity that must stand behind an open value: `0.05` is a twentieth.
  package let margin: Proportion

  package init(
    _ instrument: Instrument, _ base: Currency, _ quote: Currency, tick: Price,
    contractSize: Int, margin: Proportion, lotStep: Quantity = Quantity(1, .two),
    smallest: Quantity = Quantity(1, .two), largest: Quantity = 100
  ) {
    self.instrument = instrument
    self.base = base
    self.quote = quote
    self.tick = tick
    self.lotStep = lotStep
    self.smallest = smallest
    self.largest = largest
    self.contractSize = contractSize
    self.margin = margin
  }

  /// `quantity` lots at `price`, in the quote currency and with the quantity's sign: exact, or
  /// an error. Price on the tick and quantity on the step make every product exact.
  package func value(
    of quantity: Quantity, at price: Price
  ) throws(ArithmeticFault) -> Amount {
    let product = Int128(price.units) * Int128(quantity.units)
    let (whole, overflow) = product.multipliedReportingOverflow(by: Int128(contractSize))
    guard !overflow else { throw .overflow }
    return try Amount(wide: divide(whole, by: Int128(Amount.one), .refused))
  }

  /// `quantity` lots in units of the base currency.
  package func units(of quantity: Quantity) throws(ArithmeticFault) -> Amount {
    try Amount(wide: Int128(quantity.units) * Int128(contractSize))
  }
}

extension InstrumentTerms {
  /// The terms of the simulated venue: usual lots and ticks, and the margins of European retail
  /// rules: a thirtieth for major pairs, a twentieth for other pairs and gold, a tenth for
  /// silver. (C-66: ours)
  package static func of(_ instrument: Instrument) -> Self { table[instrument.ordinal] }

  private static let table: [Self] = Instrument.allCases.map { instrument in
    switch instrument {
    case .eurUSD: pair(instrument, .eur, .usd, .five, major)
    case .gbpUSD: pair(instrument, .gbp, .usd, .five, major)
    case .usdJPY: pair(instrument, .usd, .jpy, .three, major)
    case .usdCHF: pair(instrument, .usd, .chf, .five, major)
    case .audUSD: pair(instrument, .aud, .usd, .five, minor)
    case .usdCAD: pair(instrument, .usd, .cad, .five, major)
    case .nzdUSD: pair(instrument, .nzd, .usd, .five, minor)
    case .eurGBP: pair(instrument, .eur, .gbp, .five, major)
    case .xauUSD:
      Self(instrument, .xau, .usd, tick: Price(1, .two), contractSize: 100, margin: minor)
    case .xagUSD:
      Self(
        instrument, .xag, .usd, tick: Price(1, .three), contractSize: 5_000,
        margin: Proportion(10, .two))
    }
  }

  private static let major = Proportion(333, .four)
  private static let minor = Proportion(5, .two)

  private static func pair(
    _ instrument: Instrument, _ base: Currency, _ quote: Currency, _ tick: Places,
    _ margin: Proportion
  ) -> Self {
    Self(
      instrument, base, quote, tick: Price(1, tick), contractSize: 100_000, margin: margin)
  }
}
