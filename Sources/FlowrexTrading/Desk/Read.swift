package import FlowrexContract
import FlowrexStore
package import Ledger

extension Desk {
  /// Orders in these states, of all accounts.
  package func openOrders(in states: [OrderState]) async throws -> [OrderID] {
    try await store.transact { rows in
      try rows.orders(in: states, after: nil, limit: 1_000).map(\.order.id)
    }
  }
}
