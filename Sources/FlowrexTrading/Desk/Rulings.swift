package import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk

/// A person's ruling, with the reason, and the entry that the audit log gets in the same
/// transaction.
package struct Ruler: Sendable {
  package let person: PersonID
  package let reason: JournalText
  /// Makes the entry of what was done to what.
  package let entry: @Sendable (RulingKind, _ subject: String) -> AuditEntry

  package init(
    _ person: PersonID, because reason: JournalText,
    entry: @escaping @Sendable (RulingKind, _ subject: String) -> AuditEntry
  ) {
    self.person = person
    self.reason = reason
    self.entry = entry
  }
}

/// What people rule where the service has stopped by itself. Each ruling, its reason and its entry
/// in the audit log are one transaction. (S18-AUD-01, S18-AUD-02)
extension Desk {
  /// Accounts that guards or people have halted, in the order of their ids.
  package func haltedAccounts(_ page: PageRequest) async throws -> ListPage<HaltedRecord> {
    try await store.transact { try $0.haltedAccounts(page) }
  }

  /// The newest first.
  package func rulings(_ page: PageRequest) async throws -> ListPage<RulingRecord> {
    try await store.transact { try $0.rulings(page) }
  }

  /// Lets a halted account trade again. One that is active stays so, and nothing is written.
  /// (S03-ARCH-07, C-66)
  ///
  /// - Parameter measuringAnew: its fall is measured from what it is worth now: without that an
  ///   account below its highest value by too much could never trade again.
  /// - Returns: the state that it was in.
  /// - Throws: ``TradingFault/ownAccount(_:)`` for the ruler's own, which another person rules
  ///   about; ``TradingFault/stillHalted(_:)`` when a guard would halt it at once;
  ///   ``TradingFault/valuation(_:)`` when it cannot be valued now.
  package func resume(
    _ account: AccountID, measuringAnew: Bool, by ruler: Ruler
  ) async throws -> TradingState {
    let desk = self
    return try await store.transact { rows in
      var session = try AccountSession(account, rows, desk)
      let before = session.risk.state
      guard session.before.owner != ruler.person else { throw TradingFault.ownAccount(account) }
      guard before != .active else { return before }
      let market = desk.market.market()
      let breaches: [GuardBreach]
      do throws(ValuationFault) {
        breaches = try session.risk.resumed(
          in: market.believing(desk.policy.quoteLife, at: session.now, trustsClosed: true),
          desk.policy.caps, at: session.now, measuringAnew: measuringAnew)
      } catch {
        throw TradingFault.valuation(error)
      }
      guard breaches.isEmpty else { throw TradingFault.stillHalted(breaches) }
      try session.save()
      try desk.write(
        measuringAnew ? .accountMeasuredAnew : .accountResumed, of: account.description, ruler,
        rows)
      return before
    }
  }

  /// A person has looked at a difference, and it is none any more. One that is settled stays so,
  /// and nothing is written. (S03-ARCH-05)
  ///
  /// - Parameter asAbsent: of a difference about an order: the venue does not have it, and it ends
  ///   here (``settleAsAbsent(_:of:)``).
  /// - Returns: false when it was settled before.
  /// - Throws: ``TradingFault/divergenceUnknown(_:)`` for one that was never noted.
  package func settle(
    _ kind: DivergenceKind, of subject: String, asAbsent: Bool, by ruler: Ruler
  ) async throws -> Bool {
    let desk = self
    return try await store.transact { rows in
      guard try rows.openDivergence(kind, of: subject) != nil else {
        guard try rows.settled(kind, of: subject) != nil else {
          throw TradingFault.divergenceUnknown(subject)
        }
        return false
      }
      if asAbsent {
        guard let order = OrderID(text: subject), let owner = try rows.order(order)?.account else {
          throw TradingFault.divergenceUnknown(subject)
        }
        var session = try AccountSession(owner, rows, desk)
        _ = try desk.settleAsAbsent(order, &session)
        try session.save()
      }
      // Also where the order was over already.
      try rows.settle(kind, of: subject, at: desk.clock.now())
      try desk.write(
        asAbsent ? .orderSettledAbsent : .divergenceSettled, of: "\(kind.rawValue)/\(subject)",
        ruler, rows)
      return true
    }
  }

  private func write(
    _ kind: RulingKind, of subject: String, _ ruler: Ruler, _ rows: any StoreTransaction
  ) throws {
    try rows.insert(
      RulingRecord(
        RulingID(ids.next()), at: clock.now(), by: ruler.person, kind, of: subject,
        because: ruler.reason))
    // The last thing that a transaction does.
    try rows.append(ruler.entry(kind, subject))
  }
}
