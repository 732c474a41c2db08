import FlowrexContract
package import FlowrexStore
package import Ledger
import Risk
package import Testing

/// Folds everything that the store says of an account, with the ledger's own book as the judge,
/// and expects what risk has: position = sum of fills, cash = what came in and was earned.
package func expectBooksAgree(
  _ store: any Store, _ account: AccountID, location: SourceLocation = #_sourceLocation
) async throws {
  let (orders, fills, movements, results, record) = try await store.transact { rows in
    try (
      rows.orders(of: account), rows.fills(of: account), rows.movements(of: account),
      rows.dailyResults(of: account), rows.account(account)
    )
  }
  var book = AccountBook()
  for movement in movements {
    try book.receive(
      movement.amount.isPositive
        ? .deposited(movement.amount) : .withdrawn(-movement.amount))
  }
  for record in orders {
    let order = record.order
    try book.receive(
      .placed(Order(order.id, order.terms, mode: .autonomous, placedAt: order.placedAt)))
    try book.receive(.moved(order.id, .submitted))
  }
  for fill in fills { try book.receive(.filled(fill.fill)) }
  let stored = try #require(record, sourceLocation: location).stored
  for instrument in Instrument.allCases {
    #expect(
      book.positions[instrument].quantity == stored.positions[instrument].quantity,
      sourceLocation: location)
  }
  for record in orders {
    #expect(book.orders[record.order.id]?.filled == record.order.filled, sourceLocation: location)
  }
  for currency in Currency.allCases {
    #expect(try book.balances.total(in: currency) == .zero, sourceLocation: location)
  }
  // Fills that were booked at one moment may be folded in another order than they came: the cost
  // of a part may then be rounded otherwise, by less than one unit a fill.
  var earned = try movements.sum { $0.amount }
  for result in results { earned = try earned.adding(result.realised).subtracting(result.fees) }
  #expect(earned == stored.cash, sourceLocation: location)
  #expect(results.map(\.fills).reduce(0, +) == fills.count, sourceLocation: location)
  let difference = try book.cash.subtracting(stored.cash).magnitude.units
  #expect(difference <= Int64(fills.count), sourceLocation: location)
}
