package import FlowrexContract
package import Ledger

/// Something that a transaction did, as metrics count it. (S04-OBS-02)
package enum StoreNote: Hashable, Sendable {
  /// An order was written down, in the state that it begins with.
  case placed(OrderRecord)
  /// An order is in another state than it was read in.
  case moved(OrderRecord, from: OrderState)
  /// A trade was booked; the mode is its order's, if that was read.
  case filled(FillRecord, ExecutionMode?)
  case decided(ApprovalDecision)
  /// A difference that was not open before.
  case diverged(DivergenceKind)
  /// One that was open is none any more.
  case settled(DivergenceKind)
  /// Guards or a person made something else of an account.
  case changedState(AccountID, TradingState)
}

/// What one transaction does, noted while it does it.
package final class StoreNotes {
  package private(set) var all: [StoreNote] = []
  /// The orders that it knows, as it knows them.
  private var orders: [OrderID: OrderRecord] = [:]

  package init() {}

  func placed(_ record: OrderRecord) {
    orders[record.order.id] = record
    all.append(.placed(record))
  }

  func read(_ record: OrderRecord) { orders[record.order.id] = record }

  func saved(_ record: OrderRecord) {
    let before = orders.updateValue(record, forKey: record.order.id)?.order.state
    if let before, before != record.order.state { all.append(.moved(record, from: before)) }
  }

  func filled(_ record: FillRecord) {
    all.append(.filled(record, orders[record.fill.order]?.order.mode))
  }

  func decided(_ state: Approval.State) {
    if case .decided(let decision, _, _) = state { all.append(.decided(decision)) }
  }

  func diverged(_ kind: DivergenceKind) { all.append(.diverged(kind)) }

  func settled(_ kind: DivergenceKind) { all.append(.settled(kind)) }

  func changedState(_ account: AccountID, _ state: TradingState) {
    all.append(.changedState(account, state))
  }
}
