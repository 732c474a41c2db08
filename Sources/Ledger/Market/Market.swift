package import FlowrexContract

/// The best prices of an instrument at a moment. (S04-TRD-02)
package struct Quote: Hashable, Sendable {
  package let bid: Price
  package let ask: Price
  /// The source's own time stamp.
  package let asOf: Timestamp

  /// `nil` when a price is not above zero or the quote is crossed: no such quote is believed.
  package init?(bid: Price, ask: Price, asOf: Timestamp) {
    guard bid.isPositive, bid <= ask else { return nil }
    self.bid = bid
    self.ask = ask
    self.asOf = asOf
  }

  /// A source's clock may be ahead of ours by this. What lies further ahead was stamped before our
  /// clock was set back: nobody knows how old it is, so it is no quote.
  package static let longestLead = Span.milliseconds(500)

  /// Whether it may be decided by. (S04-TRD-03)
  package func isFresh(for life: Span, at now: Timestamp) -> Bool {
    now.since(asOf) <= life && !isAhead(of: now)
  }

  /// Whether its time stamp lies in a future that no source can know.
  package func isAhead(of now: Timestamp) -> Bool { asOf.since(now) > Self.longestLead }
}

/// The last believed quote of each instrument, and which markets are open.
package struct Market: Hashable, Sendable {
  package var quotes: PerInstrument<Quote?>
  package var isOpen: PerInstrument<Bool>
  private var belief: Belief?

  private struct Belief: Hashable {
    let life: Span
    let now: Timestamp
    let trustsClosed: Bool
  }

  /// The same market, in which an older quote is no quote to value anything with. (S04-TRD-03)
  ///
  /// - Parameter trustsClosed: a market that is closed keeps the quote that it closed with, however
  ///   old: nothing else can be known.
  package func believing(
    _ life: Span, at now: Timestamp, trustsClosed: Bool = false
  ) -> Self {
    var market = self
    market.belief = Belief(life: life, now: now, trustsClosed: trustsClosed)
    return market
  }

  /// The quote that values are made of.
  package func quote(of instrument: Instrument) throws(ValuationFault) -> Quote {
    guard let quote = quotes[instrument] else { throw .noQuote(instrument) }
    if let belief, !quote.isFresh(for: belief.life, at: belief.now),
      isOpen[instrument] || !belief.trustsClosed
    {
      throw .staleQuote(instrument, belief.now.since(quote.asOf), limit: belief.life)
    }
    return quote
  }

  package init(quotes: [(Instrument, Quote)] = [], open: Set<Instrument> = []) {
    self.quotes = PerInstrument { _ in nil }
    isOpen = PerInstrument { open.contains($0) }
    for (instrument, quote) in quotes { self.quotes[instrument] = quote }
  }

  /// How amounts in `currency` become dollars now.
  ///
  /// - Parameter favouring: whether the dearer or the cheaper side of the quote is taken.
  package func conversion(
    of currency: Currency, _ favouring: Favour
  ) throws(ValuationFault) -> Conversion {
    guard let (instrument, quoted) = currency.intoAccount else { return .none }
    let quote = try quote(of: instrument)
    return switch (quoted, favouring) {
    case (.asBase, .more): .times(quote.ask)
    case (.asBase, .fewer): .times(quote.bid)
    case (.asQuote, .more): .over(quote.bid)
    case (.asQuote, .fewer): .over(quote.ask)
    }
  }
}

/// Which of two prices values an amount: the one that gives more dollars, or fewer.
package enum Favour: Hashable, Sendable { case more, fewer }

/// Why something cannot be valued in dollars.
package enum ValuationFault: Error, Hashable, Sendable {
  case noQuote(Instrument)
  /// - Parameter limit: of its age, which is below zero when the quote lies ahead of our clock.
  case staleQuote(Instrument, Span, limit: Span)
  case arithmetic(ArithmeticFault)
}

extension ValuationFault: CustomStringConvertible {
  package var description: String {
    switch self {
    case .noQuote(let instrument): "\(instrument.rawValue) has no quote yet"
    case .staleQuote(let instrument, let age, _) where age.microseconds < 0:
      "the last quote of \(instrument.rawValue) lies ahead of our clock"
    case .staleQuote(let instrument, let age, let limit):
      "the last quote of \(instrument.rawValue) is \(age) old; \(limit) is the limit"
    case .arithmetic(let fault): fault.description
    }
  }
}

extension Market {
  /// What an open amount in a foreign currency is worth if it is changed now: gains at the price
  /// that gives fewer dollars, losses at the one that costs more, rounded against the account.
  package func worth(of amount: Amount, in currency: Currency) throws(ValuationFault) -> Amount {
    let conversion = try conversion(of: currency, amount.isNegative ? .more : .fewer)
    do { return try conversion.dollars(of: amount, .down) } catch { throw .arithmetic(error) }
  }

  /// The dollars that `quantity` lots stand for, whatever their sign: base units at the asking
  /// price, rounded up.
  package func exposure(
    of quantity: Quantity, _ terms: InstrumentTerms
  ) throws(ValuationFault) -> Amount {
    let conversion = try conversion(of: terms.base, .more)
    do {
      return try conversion.dollars(of: terms.units(of: quantity.magnitude), .up)
    } catch {
      throw .arithmetic(error)
    }
  }
}
