import FlowrexContract
package import FlowrexStore
package import Ledger

/// Whole lists, the oldest first, for who judges everything. They are read page by page, as the
/// service reads them.
extension StoreTransaction {
  package func orders(of account: AccountID) throws -> [OrderRecord] {
    try whole { try orders(of: account, OrderFilter(), $0) }
  }

  package func fills(of account: AccountID) throws -> [FillRecord] {
    try whole { try fills(of: account, nil, $0) }
  }

  package func movements(of account: AccountID) throws -> [CashMovement] {
    try whole { try movements(of: account, $0) }
  }

  package func dailyResults(of account: AccountID) throws -> [DailyResult] {
    try dailyResults(of: account, before: nil, limit: 10_000)
  }

  private func whole<Item>(
    _ page: (PageRequest) throws -> ListPage<Item>
  ) throws -> [Item] {
    var items: [Item] = []
    var place: ListPlace?
    repeat {
      let part = try page(PageRequest(after: place, limit: 50))
      if let first = part.unreadable.first {
        throw StoreFault.unreadable(column: "a page", value: first)
      }
      items += part.items
      place = part.next
    } while place != nil
    return items.reversed()
  }
}
