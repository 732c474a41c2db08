package import FlowrexContract
import FlowrexStore
package import Ledger
package import Risk

/// What is held of one instrument, and what it is worth now.
package struct HeldPosition: Hashable, Sendable {
  package let instrument: Instrument
  package let position: Position
  /// For display: what was paid on average for the open part.
  package let averagePrice: Price?
  /// In dollars, if it were closed now.
  package let profit: Result<Amount, ValuationFault>
}

/// What an account has and is worth at the prices of a moment. (S04-TRD-09, S03-ARCH-06)
package struct Portfolio: Hashable, Sendable {
  package let account: AccountID
  package let owner: PersonID
  package let at: Timestamp
  /// In dollars, with realised profits and without open ones.
  package let cash: Amount
  /// Without those that are flat, in the contract's order.
  package let positions: [HeldPosition]
  /// Nothing is valued at an old price; a market that is closed keeps its last one.
  package let valuation: Result<Valuation, ValuationFault>
}

/// How much of what it may an account uses, and what stops it. (S04-TRD-12, S03-ARCH-07)
package struct RiskView: Hashable, Sendable {
  package let account: AccountID
  package let at: Timestamp
  /// The whole desk's state and emergency stop.
  package let control: TradingControl
  /// What guards and people made of this account.
  package let state: TradingState
  package let usage: Result<[CapUsage], ValuationFault>
  package let equity: Result<Amount, ValuationFault>
  /// Equity when it was first looked at today, with later deposits and withdrawals. As it was
  /// noted: of an earlier day when nobody has looked yet.
  package let dayStart: Amount
  package let equityDay: TradingDay
  /// The highest equity that was seen, as it would be with the money of now.
  package let peak: Amount

  /// What counts for an order of this account: whichever lets fewer through.
  package var effectiveState: TradingState { control.state.stricter(state) }
}

extension Desk {
  /// Cash, positions and value now. (S04-TRD-09)
  ///
  /// - Throws: ``TradingFault/accountUnknown(_:)``.
  package func portfolio(of id: AccountID) async throws -> Portfolio {
    let record = try await account(id)
    let now = clock.now()
    let market = believed(at: now)
    let (cash, positions) = (record.stored.cash, record.stored.positions)
    let held = Instrument.allCases.filter { !positions[$0].isFlat }.map { instrument in
      let terms = InstrumentTerms.of(instrument)
      return HeldPosition(
        instrument: instrument, position: positions[instrument],
        averagePrice: (try? positions[instrument].averagePrice(terms, .halfEven)) ?? nil,
        profit: Self.valued { () throws(ValuationFault) in
          try market.openProfit(of: positions[instrument], terms)
        })
    }
    return Portfolio(
      account: id, owner: record.owner, at: now, cash: cash, positions: held,
      valuation: Self.valued { () throws(ValuationFault) in
        try Valuation(cash: cash, positions: positions, in: market)
      })
  }

  /// The trading state and what is used of each cap. (S04-TRD-12)
  ///
  /// - Throws: ``TradingFault/accountUnknown(_:)``, or ``TradingFault/account(_:)`` for rows that
  ///   contradict each other.
  package func risk(of id: AccountID) async throws -> RiskView {
    let (record, control) = try await store.transact { rows in
      try (rows.view(of: id), rows.viewOfControl())
    }
    guard let record else { throw TradingFault.accountUnknown(id) }
    let risk: RiskAccount
    do { risk = try RiskAccount(record.stored) } catch { throw TradingFault.account(error) }
    let now = clock.now()
    let market = believed(at: now)
    return RiskView(
      account: id, at: now, control: control, state: risk.state,
      usage: Self.valued { () throws(ValuationFault) in
        try risk.usage(in: market, policy.caps, at: now)
      },
      equity: Self.valued { () throws(ValuationFault) in
        try Valuation(cash: risk.cash, positions: risk.positions, in: market).equity
      },
      dayStart: risk.dayStart, equityDay: risk.equityDay, peak: risk.peak)
  }

  /// The caps as they are tightened. (S18-HS-10)
  package var caps: Caps { policy.caps }

  /// The market as guards see it.
  private func believed(at now: Timestamp) -> Market {
    market.market().believing(policy.quoteLife, at: now, trustsClosed: true)
  }

  private static func valued<Value>(
    _ body: () throws(ValuationFault) -> Value
  ) -> Result<Value, ValuationFault> {
    do { return .success(try body()) } catch { return .failure(error) }
  }
}
