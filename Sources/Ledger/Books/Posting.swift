package import FlowrexContract

/// A place where money can be. Debits are above zero, credits below.
package enum LedgerAccount: Hashable, Sendable {
  /// The client's dollars.
  case cash
  /// Where deposits come from and withdrawals go.
  case outside
  case fees
  /// What open positions of an instrument cost, in its quote currency.
  case positions(Instrument)
  /// What trades owe to the venue or it to us, in the quote currency: always the opposite of the
  /// cost of open positions, since profits are settled at once.
  case venue
  /// Earned and lost, in the quote currency, as credits and debits.
  case profit
  /// Where foreign profits become dollars: one leg in each currency.
  case exchange
}

/// One line of a booking.
package struct Posting: Hashable, Sendable {
  package let account: LedgerAccount
  package let currency: Currency
  package let amount: Amount

  package init(_ account: LedgerAccount, _ currency: Currency, _ amount: Amount) {
    self.account = account
    self.currency = currency
    self.amount = amount
  }
}

/// The balances of all accounts. Every booking adds up to zero in each currency, so they do.
package struct Balances: Hashable, Sendable {
  package struct Place: Hashable, Sendable {
    package let account: LedgerAccount
    package let currency: Currency

    package init(_ account: LedgerAccount, _ currency: Currency) {
      self.account = account
      self.currency = currency
    }
  }

  private var amounts: [Place: Amount] = [:]

  package init() {}

  package subscript(account: LedgerAccount, currency: Currency) -> Amount {
    amounts[Place(account, currency)] ?? .zero
  }

  /// The sum of all balances in a currency: zero, or something is wrong.
  package func total(in currency: Currency) throws(ArithmeticFault) -> Amount {
    // Sums of whole numbers do not depend on their order.
    try amounts.sum { (entry) throws(ArithmeticFault) in
      entry.key.currency == currency ? entry.value : .zero
    }
  }

  /// Books all lines or none of them.
  mutating func book(_ postings: [Posting]) throws(BookFault) {
    var next: [(Place, Amount)] = []
    for currency in Currency.allCases {
      let sum = try BookFault.catching { () throws(ArithmeticFault) in
        try postings.sum { (posting) throws(ArithmeticFault) in
          posting.currency == currency ? posting.amount : .zero
        }
      }
      guard sum.isZero else { throw .unbalanced(currency, sum) }
    }
    for posting in postings {
      let place = Place(posting.account, posting.currency)
      let earlier = next.last { $0.0 == place }?.1 ?? amounts[place] ?? .zero
      let sum = try BookFault.catching { () throws(ArithmeticFault) in
        try earlier.adding(posting.amount)
      }
      next.append((place, sum))
    }
    for (place, amount) in next { amounts[place] = amount }
  }
}
