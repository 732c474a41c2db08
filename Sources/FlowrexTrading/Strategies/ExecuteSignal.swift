import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk

extension Desk {
  /// Makes the order of an approved signal, once: the signal's end, the order, its room under the
  /// caps and what has to be said to the venue are committed together. Who executes it again gets
  /// the same order. (C-65, S04-RES-07, S18-HS-10)
  ///
  /// The order goes in the signal's mode. In ``ExecutionMode/guide`` a person has agreed to it
  /// already, and is not asked twice: their consent is the order's approval.
  ///
  /// - Returns: the signal; `denied` when risk said no, with the sentence.
  /// - Throws: ``StrategyFault``, ``TradingFault`` or ``StoreFault``.
  package func execute(
    _ id: SignalID, of account: AccountID, by person: PersonID
  ) async throws -> Stored<SignalRecord> {
    let order = OrderID(ids.next())
    let desk = self
    return try await store.transact { rows in
      let seen = try rows.signal(id, of: person)
      guard seen.signal.outcome == nil else { return Stored(seen, isReplay: true) }
      let control = try rows.control(.shared)
      var session = try AccountSession(account, rows, desk)
      guard session.before.owner == person else { throw TradingFault.accountUnknown(account) }
      let strategy = try rows.strategy(seen.signal.strategy, .shared)
      guard var record = try rows.heldSignal(id) else { throw StrategyFault.signalUnknown(id) }
      // Somebody may have executed it while we waited.
      guard record.signal.outcome == nil else { return Stored(record, isReplay: true) }
      guard strategy?.strategy.isActive == true else {
        throw StrategyFault.strategyIsOff(seen.signal.strategy)
      }
      let outcome = try desk.outcome(of: record, as: order, &session, control)
      try record.end(outcome, at: session.now)
      try rows.save(record)
      try session.save()
      return Stored(record, isReplay: false)
    }
  }

  private func outcome(
    of record: SignalRecord, as order: OrderID, _ session: inout AccountSession,
    _ control: TradingControl
  ) throws -> Signal.Outcome {
    let signal = record.signal
    do { try signal.requireExecutable(at: session.now) } catch { throw StrategyFault.signal(error) }
    let request = OrderRequest(
      try terms(of: signal, session), of: session.id, by: record.owner,
      key: ClientKey(signal: signal.id), mode: signal.mode)
    switch try decide(request, as: order, &session, control) {
    case .denied(let code, let sentence):
      return .denied(code, sentence: sentence, at: session.now)
    case .accepted:
      guard signal.mode == .guide, let person = signal.consent?.person else { break }
      if let denial = try approve(order, by: person, &session, control).denial {
        return .denied(denial.code, sentence: denial.sentence, at: session.now)
      }
    }
    return .executed(order, at: session.now)
  }

  /// The order that a signal asks for. An exit goes against what is held now and never further
  /// than flat.
  private func terms(of signal: Signal, _ session: AccountSession) throws -> OrderTerms {
    let terms = signal.terms
    func order(_ side: Side, _ quantity: Quantity) -> OrderTerms {
      OrderTerms(side, quantity, of: terms.instrument, terms.pricing)
    }
    switch (terms.type, terms.quantity) {
    case (.enterLong, let quantity?): return order(.buy, quantity)
    case (.enterShort, let quantity?): return order(.sell, quantity)
    case (.exit, let quantity):
      let standing = session.risk.standings[terms.instrument]
      let side: Side = standing.position.quantity.isPositive ? .sell : .buy
      let most = standing.closable(by: side)
      guard most.isPositive else {
        throw StrategyFault.nothingToExit(signal.id, terms.instrument)
      }
      return order(side, min(quantity ?? most, most))
    case (.enterLong, nil), (.enterShort, nil), (.hold, _):
      throw StrategyFault.signal(.asksForNothing(signal.id))
    }
  }
}

extension SignalRecord {
  fileprivate mutating func end(_ outcome: Signal.Outcome, at now: Timestamp) throws {
    do { try signal.end(outcome, at: now) } catch { throw StrategyFault.signal(error) }
  }
}
