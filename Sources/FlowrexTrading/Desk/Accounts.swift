import FlowrexStore
package import Ledger
import Risk

extension Desk {
  /// Opens an account; saying it twice is saying it once.
  package func openAccount(_ id: AccountID, of owner: PersonID) async throws {
    do {
      try await open(id, of: owner)
    } catch StoreFault.duplicate {
      // Somebody has opened it at the same moment: now it is seen.
      try await open(id, of: owner)
    }
  }

  private func open(_ id: AccountID, of owner: PersonID) async throws {
    try await store.transact { rows in
      if let known = try rows.account(id) {
        guard known.owner == owner else { throw TradingFault.accountTaken(id) }
        return
      }
      try rows.insert(AccountRecord(id, of: owner, RiskAccount().stored))
    }
  }

  /// Books money that came in, or with an amount below zero that goes out. The same name is the
  /// same movement. What goes out must be there, and what is left must carry what is open.
  /// (S04-TRD-07)
  ///
  /// - Returns: false when it was booked before.
  package func move(
    _ amount: Amount, of account: AccountID, named id: UInt128
  ) async throws -> Bool {
    guard !amount.isZero else { throw TradingFault.amountIsZero }
    let (market, policy) = (market, policy)
    return try await withAccount(account) { session in
      let movement = CashMovement(id, of: account, amount, at: session.now)
      guard try session.rows.insert(movement) else {
        let booked = try session.rows.movement(named: id)
        guard booked?.account == account, booked?.amount == amount else {
          throw TradingFault.movementUsedForAnother
        }
        return false
      }
      guard amount.isNegative else {
        // At the last prices that there were, however old: nobody withholds a deposit for them.
        let equity = try? Valuation(
          cash: session.risk.cash, positions: session.risk.positions, in: market.market()
        ).equity
        do throws(ArithmeticFault) {
          try session.risk.deposit(amount, worth: equity)
        } catch {
          throw TradingFault.account(.arithmetic(error))
        }
        return true
      }
      do throws(WithdrawalFault) {
        try session.risk.withdraw(-amount, in: market.market(), policy, at: session.now)
      } catch {
        throw TradingFault.withdrawal(error)
      }
      return true
    }
  }
}
