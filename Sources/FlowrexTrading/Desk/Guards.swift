package import FlowrexContract
import FlowrexStore
package import Ledger
package import Risk

/// An account that a guard has halted, and why.
package struct HaltedAccount: Hashable, Sendable {
  package let account: AccountID
  package let breaches: [GuardBreach]
}

extension Desk {
  /// Looks at what every account has lost, whether or not anybody orders: who lost too much is
  /// halted, and its open orders are asked to end, since their fills would add to it.
  /// (S03-ARCH-07, C-66)
  ///
  /// - Returns: accounts that this look has halted.
  package func guardAccounts() async throws -> [HaltedAccount] {
    var halted: [HaltedAccount] = []
    try await forEachAccount { account in
      do {
        let (found, open) = try await look(at: account)
        if let found { halted.append(found) }
        // The halt stands; each order by itself, so that one which cannot be read keeps none.
        for order in open {
          do { _ = try await cancelTrade(order) } catch let error where Self.isOwn(error) {
            try await noteUnworkable(order, error)
          }
        }
      } catch let error where Self.isOwn(error) {
        let now = clock.now()
        guard Self.isLasting(error) else { return }
        try await store.transact { try $0.note(.unguarded(account, error, at: now)) }
      }
    }
    return halted
  }

  /// - Returns: the account, if this look has halted it, and what is open of one that lost too
  ///   much, whoever halted it: it adds to the loss.
  private func look(
    at account: AccountID
  ) async throws -> (HaltedAccount?, open: [OrderID]) {
    let desk = self
    return try await withAccount(account) { session in
      let before = session.risk.state
      let market = desk.market.market()
      let breaches: [GuardBreach]
      do throws(ValuationFault) {
        // An old price values nothing, least of all where the day starts. What is closed is worth
        // what it closed at: it hides no loss in the rest.
        breaches = try session.risk.guarded(
          in: market.believing(desk.policy.quoteLife, at: session.now, trustsClosed: true),
          desk.policy.caps, at: session.now)
      } catch {
        throw TradingFault.valuation(error)
      }
      try session.rows.settle(.workFails, of: account.description, at: session.now)
      guard !breaches.isEmpty else { return (nil, []) }
      let halted = before == .halted ? nil : HaltedAccount(account: account, breaches: breaches)
      return (halted, session.risk.openOrders)
    }
  }

  /// A person lets a halted account trade again, or halts it. A guard that still finds too large
  /// a loss halts it anew.
  package func set(_ state: TradingState, of account: AccountID) async throws {
    try await withAccount(account) { $0.risk.state = state }
  }
}
