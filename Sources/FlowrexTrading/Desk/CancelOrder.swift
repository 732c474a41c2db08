package import FlowrexStore
package import Ledger

extension Desk {
  /// Asks for an order's end. Before it was sent that ends it; at the venue a fill may come first.
  /// Asking twice is asking once, and what the venue took and never did is asked of it again.
  /// (S04-TRD-05)
  ///
  /// - Throws: ``TradingFault/closesInEmergency(_:)`` for an order that is no client's.
  package func cancel(_ order: OrderID, of account: AccountID) async throws -> OrderRecord {
    try await withAccount(account) { session in
      var record = try session.order(order)
      guard record.order.terms.purpose == .trade else {
        throw TradingFault.closesInEmergency(order)
      }
      try session.cancel(&record)
      return record
    }
  }
}

extension AccountSession {
  mutating func cancel(_ record: inout OrderRecord) throws {
    let order = record.order
    guard !order.state.isFinal else { return }
    guard !order.cancelRequested else {
      if try rows.message(order.id, .cancel) == nil { try send(.cancel, order.id) }
      return
    }
    try move(&record, .cancelRequested)
    if record.order.state.isFinal {
      try rows.remove(order.id, .submit)
      try endApproval(of: order.id)
    } else {
      try send(.cancel, order.id)
    }
  }

  /// Nobody has to decide about an order that is over.
  private func endApproval(of order: OrderID) throws {
    guard var record = try rows.approval(of: order), record.approval.isPending else { return }
    if record.approval.isDue(at: now) {
      try record.approval.expire(at: now)
    } else {
      try record.approval.reject(by: before.owner, at: now)
    }
    try rows.save(record)
  }
}
