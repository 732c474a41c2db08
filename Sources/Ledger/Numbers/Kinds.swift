package enum PriceKind: FixedKind { package static var noun: String { "price" } }
package enum QuantityKind: FixedKind { package static var noun: String { "quantity" } }
package enum AmountKind: FixedKind { package static var noun: String { "amount" } }
package enum ProportionKind: FixedKind { package static var noun: String { "proportion" } }

/// Units of the quote currency for one unit of the base: `1.10005`.
package typealias Price = Fixed<PriceKind>

/// Lots of an instrument, each ``InstrumentTerms/contractSize`` units of the base. Of a position
/// it has a sign: below zero is short.
package typealias Quantity = Fixed<QuantityKind>

/// An amount of money in a currency that the context names.
package typealias Amount = Fixed<AmountKind>

/// A part of a whole: `0.02` is two hundredths.
package typealias Proportion = Fixed<ProportionKind>

extension Fixed where Kind == AmountKind {
  /// With the currency's usual digits, or more when there are more: `250000.00 USD`.
  package func text(in currency: Currency) -> String {
    text(behindPoint: currency.minorDigits) + " " + currency.rawValue
  }
}
