package import FlowrexContract
import FlowrexStore
package import Ledger

extension Desk {
  /// Orders in these states, of all accounts.
  package func openOrders(
    in states: [OrderState]
  ) async throws -> [(id: OrderID, account: AccountID)] {
    try await store.transact { rows in
      try rows.orders(in: states, after: nil, limit: 1_000).map { ($0.order.id, $0.account) }
    }
  }
}
