import FlowrexStore
package import Ledger
import Risk

extension Desk {
  package func openAccount(_ id: AccountID, of owner: PersonID) async throws {
    try await store.transact {
      try $0.insert(AccountRecord(id, of: owner, RiskAccount().stored))
    }
  }

  /// Books money that came in, or with an amount below zero that goes out. The same name is the
  /// same movement.
  ///
  /// - Returns: false when it was booked before.
  package func move(
    _ amount: Amount, of account: AccountID, named id: UInt128
  ) async throws -> Bool {
    guard !amount.isZero else { throw TradingFault.amountIsZero }
    return try await withAccount(account) { session in
      let movement = CashMovement(id, of: account, amount, at: session.now)
      guard try session.rows.insert(movement) else { return false }
      let cash = session.risk.cash
      guard amount.isPositive || -amount <= cash else {
        throw TradingFault.cashInsufficient(-amount, cash)
      }
      do throws(ArithmeticFault) { try session.risk.deposit(amount) } catch {
        throw TradingFault.account(.arithmetic(error))
      }
      return true
    }
  }
}
