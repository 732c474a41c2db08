package import FlowrexContract

/// What balances are kept in, and what is bought and sold.
package enum Currency: String, Hashable, Sendable, CaseIterable {
  case usd = "USD"
  case eur = "EUR"
  case gbp = "GBP"
  case jpy = "JPY"
  case chf = "CHF"
  case aud = "AUD"
  case cad = "CAD"
  case nzd = "NZD"
  /// An ounce of gold.
  case xau = "XAU"
  /// An ounce of silver.
  case xag = "XAG"

  /// What every account is kept in; caps are in it too. (C-66)
  package static var account: Self { .usd }

  /// Digits that people expect behind the point.
  package var minorDigits: Int {
    switch self {
    case .jpy: 0
    case .xau, .xag: 3
    case .usd, .eur, .gbp, .chf, .aud, .cad, .nzd: 2
    }
  }

  /// The instrument that changes this currency into dollars, and which way it is quoted; `nil`
  /// for the dollar itself.
  package var intoAccount: (instrument: Instrument, quoted: QuotedSide)? {
    switch self {
    case .usd: nil
    case .eur: (.eurUSD, .asBase)
    case .gbp: (.gbpUSD, .asBase)
    case .aud: (.audUSD, .asBase)
    case .nzd: (.nzdUSD, .asBase)
    case .xau: (.xauUSD, .asBase)
    case .xag: (.xagUSD, .asBase)
    case .jpy: (.usdJPY, .asQuote)
    case .chf: (.usdCHF, .asQuote)
    case .cad: (.usdCAD, .asQuote)
    }
  }
}

/// Where a currency stands in a pair with the dollar.
package enum QuotedSide: Hashable, Sendable { case asBase, asQuote }

/// How an amount becomes dollars. A journal keeps it with each fill, so that the past can be
/// recomputed without the prices of the past.
package enum Conversion: Hashable, Sendable {
  /// It is in dollars.
  case none
  /// Dollars for one: the amount is multiplied.
  case times(Price)
  /// So many for one dollar: the amount is divided.
  case over(Price)

  /// In dollars, rounded once.
  package func dollars(
    of amount: Amount, _ rounding: Rounding
  ) throws(ArithmeticFault) -> Amount {
    switch self {
    case .none: amount
    case .times(let price): try amount.times(price, rounding)
    case .over(let price): try amount.divided(by: price, rounding)
    }
  }

  /// Whether it is of this kind for amounts in `currency`, with a price above zero.
  package func fits(_ currency: Currency) -> Bool {
    switch (self, currency.intoAccount?.quoted) {
    case (.none, nil): true
    case (.times(let price), .asBase), (.over(let price), .asQuote): price.isPositive
    default: false
    }
  }
}
